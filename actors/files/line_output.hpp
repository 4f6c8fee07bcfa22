// Writes lines to a file, to standard output ("-"), or compressed where the name ends in ".gz".
//
// A file is written under a temporary name beside it ("F.part-PID") and takes its own name at
// `close`, once all of it is on disk: what stands under the wanted name is never half written. What
// is no regular file (a pipe, a device) is written in place. Without a successful `close` nothing
// stays behind.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::files {

class LineOutput {
 public:
  static Result<LineOutput> open(const std::string& path);

  LineOutput(LineOutput&&) noexcept;
  LineOutput& operator=(LineOutput&&) noexcept;
  ~LineOutput();

  // Adds the line break. A failure is kept for `close`; after one, nothing more is written.
  void write(std::string_view line) {
    buffer_.append(line);
    write_bytes("\n");
  }
  // As they are: for what is not made of lines.
  void write_bytes(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() >= kBufferBytes) flush();
  }

  // Finishes the file. The error (`io_error`) names the file and the system's reason. Once.
  Status close();

 private:
  static constexpr std::size_t kBufferBytes = std::size_t(256) * 1024;
  struct File;

  explicit LineOutput(std::unique_ptr<File> file);
  void flush();

  std::unique_ptr<File> file_;
  std::string buffer_;
};

}  // namespace reckoner::files
