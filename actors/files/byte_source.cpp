#include "actors/files/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace reckoner::files {
namespace {

constexpr std::size_t kInputBytes = std::size_t(256) * 1024;
constexpr int kGzipOnly = 15 + 16;  // zlib: the largest window, and a gzip header around it

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

ByteSource::ByteSource(std::string path) : path_(std::move(path)) {}

ByteSource::~ByteSource() {
  if (form_ == Form::packed) inflateEnd(&unpacker_);
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path) {
  auto source = std::make_unique<ByteSource>(path);
  if (Status started = source->start(); !started) return started.error();
  return source;
}

Status ByteSource::start() {
  const auto cannot = [this](int error) {
    return Error{"io_error", "cannot read " + path_ + ": " + reason(error)};
  };
  const bool standard = path_ == "-";
  descriptor_ = standard ? STDIN_FILENO : ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat found {};
  if (descriptor_ < 0 || fstat(descriptor_, &found) != 0) return cannot(errno);
  if (S_ISDIR(found.st_mode)) return cannot(EISDIR);
  if (S_ISREG(found.st_mode)) {
    const off_t before = lseek(descriptor_, 0, SEEK_CUR);  // of standard input, maybe not 0
    bytes_total_ = static_cast<std::uint64_t>(std::max<off_t>(found.st_size - before, 0));
  }
  if (standard) path_ = "standard input";
  input_ = std::make_unique<unsigned char[]>(kInputBytes);
  unpacker_.next_in = input_.get();
  return Done{};
}

std::size_t ByteSource::fail(const std::string& why) {
  failure_ = path_ + ": " + why;
  return 0;
}

std::size_t ByteSource::read_file(void* to, std::size_t room) {
  while (true) {
    const ssize_t got = ::read(descriptor_, to, room);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(reason(errno));
    bytes_read_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
}

std::size_t ByteSource::read(char* to, std::size_t room) {
  if (!failure_.empty() || room == 0) return 0;
  if (form_ == Form::unknown && !find_form()) return 0;
  if (form_ == Form::packed) return unpack(to, room);
  return unpacker_.avail_in > 0 ? take_waiting(to, room) : read_file(to, room);
}

// Reads the first bytes and tells by them; false after a failure.
bool ByteSource::find_form() {
  while (unpacker_.avail_in < 2) {
    const std::size_t got = read_file(input_.get() + unpacker_.avail_in, kInputBytes / 2);
    if (!failure_.empty()) return false;
    if (got == 0) break;
    unpacker_.avail_in += static_cast<unsigned>(got);
  }
  const bool packed = unpacker_.avail_in >= 2 && input_[0] == 0x1F && input_[1] == 0x8B;
  if (!packed) {
    form_ = Form::plain;
    if (!path_.ends_with(".gz")) return true;
    fail("its name ends in .gz, but it is no gzip file");
    return false;
  }
  if (inflateInit2(&unpacker_, kGzipOnly) != Z_OK) {
    fail("no room to unpack it");
    return false;
  }
  form_ = Form::packed;
  return true;
}

std::size_t ByteSource::take_waiting(char* to, std::size_t room) {
  const std::size_t size = std::min<std::size_t>(room, unpacker_.avail_in);
  std::memcpy(to, unpacker_.next_in, size);
  unpacker_.next_in += size;
  unpacker_.avail_in -= static_cast<unsigned>(size);
  return size;
}

// Sees to it that packed bytes are waiting; false at the end of the file and after a failure.
bool ByteSource::next_packed() {
  if (unpacker_.avail_in > 0) return true;
  unpacker_.next_in = input_.get();
  unpacker_.avail_in = static_cast<unsigned>(read_file(input_.get(), kInputBytes));
  return unpacker_.avail_in > 0;
}

// A gzip file may hold several parts, one behind the other, and zeros behind the last one.
bool ByteSource::begin_next_part() {
  while (next_packed()) {
    while (unpacker_.avail_in > 0 && *unpacker_.next_in == 0) {
      ++unpacker_.next_in;
      --unpacker_.avail_in;
    }
    if (unpacker_.avail_in == 0) continue;
    part_ended_ = false;
    return inflateReset(&unpacker_) == Z_OK;
  }
  return false;
}

std::size_t ByteSource::unpack(char* to, std::size_t room) {
  const auto asked = static_cast<unsigned>(std::min<std::size_t>(room, std::size_t(1) << 30));
  unpacker_.next_out = reinterpret_cast<unsigned char*>(to);
  unpacker_.avail_out = asked;
  while (unpacker_.avail_out == asked) {
    if (part_ended_ && !begin_next_part()) return 0;
    if (!next_packed())
      return failure_.empty() ? fail("it is cut off: its gzip data ends too early") : 0;
    const int state = inflate(&unpacker_, Z_NO_FLUSH);
    if (state == Z_STREAM_END) {
      part_ended_ = true;
    } else if (state != Z_OK) {
      const char* why = unpacker_.msg != nullptr ? unpacker_.msg : "its gzip data cannot be read";
      return fail("it is damaged: " + std::string(why));
    }
  }
  return asked - unpacker_.avail_out;
}

}  // namespace reckoner::files
