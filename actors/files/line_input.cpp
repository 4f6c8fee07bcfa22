#include "actors/files/line_input.hpp"

#include <utility>

namespace reckoner::files {
namespace {

constexpr std::size_t kBufferBytes = std::size_t(1) << 20;

}  // namespace

Result<LineInput> LineInput::open(const std::string& path) {
  auto source = ByteSource::open(path);
  if (!source) return source.error();
  return LineInput(std::move(source).value());
}

LineInput::LineInput(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), buffer_(kBufferBytes) {}

Status LineInput::status() const {
  if (source_->failure().empty()) return Done{};
  return Error{"io_error", source_->failure()};
}

bool LineInput::next_after_reading(std::string_view& line) {
  searched_ = end_;
  while (fill()) {
    if (std::memchr(buffer_.data() + searched_, '\n', end_ - searched_) != nullptr)
      return next(line);
    searched_ = end_;
  }
  if (begin_ == end_ || !source_->failure().empty()) return false;
  line = {buffer_.data() + begin_, end_ - begin_};
  begin_ = end_;
  return true;
}

// Reads more behind what is there, which moves to the front.
bool LineInput::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    searched_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  const std::size_t got = source_->read(buffer_.data() + end_, buffer_.size() - end_);
  end_ += got;
  return got > 0;
}

}  // namespace reckoner::files
