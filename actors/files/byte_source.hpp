// The bytes of a file or of standard input ("-"), unpacked where they are gzip (told by their first
// two bytes, whatever the name). zlib's own file functions pass over garbage behind gzip data, and
// so over a second part whose first bytes are damaged; this one reports it.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <string>

#include "engine/basics/result.hpp"

namespace reckoner::files {

class ByteSource {
 public:
  // A file whose name ends in ".gz" and that holds no gzip data fails at the first read.
  static Result<std::unique_ptr<ByteSource>> open(const std::string& path);

  explicit ByteSource(std::string path);
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource();

  // Up to `room` bytes; 0 at the end and after a failure (then `failure` says why).
  std::size_t read(char* to, std::size_t room);

  // Empty: none. Begins with the file's name.
  const std::string& failure() const { return failure_; }
  // Of the file, so packed bytes where it is packed.
  std::uint64_t bytes_read() const { return bytes_read_ - unpacker_.avail_in; }
  std::uint64_t bytes_total() const { return bytes_total_; }  // 0: not known

 private:
  enum class Form : std::uint8_t { unknown, plain, packed };

  Status start();
  std::size_t fail(const std::string& why);
  std::size_t read_file(void* to, std::size_t room);
  bool find_form();
  bool next_packed();
  bool begin_next_part();
  std::size_t unpack(char* to, std::size_t room);
  std::size_t take_waiting(char* to, std::size_t room);

  std::string path_;
  int descriptor_ = -1;
  Form form_ = Form::unknown;
  bool part_ended_ = false;  // of packed data: the last part read has come to its end
  z_stream unpacker_{};      // its input is what was read from the file and not handed out yet
  std::unique_ptr<unsigned char[]> input_;
  std::uint64_t bytes_read_ = 0, bytes_total_ = 0;
  std::string failure_;
};

}  // namespace reckoner::files
