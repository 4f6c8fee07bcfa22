// Reads lines, however long, from a file or from standard input ("-"); what is gzip is unpacked. A
// file that is cut off or damaged is a failure, never a silent end: after `next` has said that
// there are no more lines, look at `status`.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/files/byte_source.hpp"
#include "engine/basics/result.hpp"

namespace reckoner::files {

class LineInput {
 public:
  static Result<LineInput> open(const std::string& path);

  // The next line, without its line break ('\n'; a '\r' before it stays), valid until the next
  // call. False at the end, and after a failure; a last line that a failure has cut off is not
  // handed out.
  bool next(std::string_view& line) {
    const char* from = buffer_.data() + searched_;
    if (const void* found = std::memchr(from, '\n', end_ - searched_)) {
      const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      line = {buffer_.data() + begin_, stop - begin_};
      begin_ = searched_ = stop + 1;
      return true;
    }
    return next_after_reading(line);
  }

  // Bytes of the file read so far and in all, compressed ones where it is compressed; 0 in all
  // where that is not known.
  std::uint64_t bytes_read() const { return source_->bytes_read(); }
  std::uint64_t bytes_total() const { return source_->bytes_total(); }

  // `io_error` after a failure to read: names the file and says why.
  Status status() const;

 private:
  explicit LineInput(std::unique_ptr<ByteSource> source);
  bool next_after_reading(std::string_view& line);
  bool fill();

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;     // of the line to come
  std::size_t searched_ = 0;  // no line break lies between `begin_` and here
  std::size_t end_ = 0;       // of what was read
};

}  // namespace reckoner::files
