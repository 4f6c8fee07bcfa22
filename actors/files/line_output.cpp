#include "actors/files/line_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace reckoner::files {
namespace {

constexpr char kPackQuickly[] = "wb3";  // a third faster than zlib's usual level, hardly larger

std::string reason(int error) {
  return std::generic_category().message(error);
}

// Where a symbolic link leads: a rename onto the link would replace the link itself.
std::string behind_links(const std::string& path) {
  std::error_code none;
  const auto target = std::filesystem::canonical(path, none);
  return none ? path : target.string();
}

bool is_written_in_place(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode);
}

}  // namespace

struct LineOutput::File {
  std::string path;       // as it was asked for, for messages
  std::string target;     // the name it takes at the end; empty: written in place
  std::string temporary;  // the name it has until then
  int descriptor = -1;
  gzFile packer = nullptr;  // has a descriptor of its own for the same file
  std::string failure;      // why it failed first

  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (packer != nullptr) gzclose(packer);
    if (descriptor > STDERR_FILENO) ::close(descriptor);
    if (!temporary.empty()) unlink(temporary.c_str());
  }

  Status open();
  void fail(const std::string& why) {
    if (failure.empty()) failure = why;
  }
  void put(std::string_view bytes);
  void put_plain(std::string_view bytes);
  void put_packed(std::string_view bytes);
  void finish();
  Error error() const { return {"io_error", "cannot write " + path + ": " + failure}; }
};

Status LineOutput::File::open() {
  if (path == "-") {
    descriptor = STDOUT_FILENO;
    return Done{};
  }
  std::string name = path;
  if (!is_written_in_place(path)) {
    target = behind_links(path);
    name = target + ".part-" + std::to_string(getpid());
  }
  descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    fail(reason(errno));
    return error();
  }
  if (!target.empty()) temporary = name;
  if (!path.ends_with(".gz")) return Done{};
  if (const int other = dup(descriptor); other >= 0) packer = gzdopen(other, kPackQuickly);
  if (packer != nullptr) return Done{};
  fail("no room to compress it");
  return error();
}

void LineOutput::File::put(std::string_view bytes) {
  if (!failure.empty()) return;
  packer == nullptr ? put_plain(bytes) : put_packed(bytes);
}

void LineOutput::File::put_plain(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(reason(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void LineOutput::File::put_packed(std::string_view bytes) {
  constexpr std::size_t kAtOnce = std::size_t(1) << 30;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kAtOnce);
    errno = 0;
    if (gzwrite(packer, bytes.data(), static_cast<unsigned>(size)) <= 0)
      return fail(errno != 0 ? reason(errno) : "it cannot be compressed");
    bytes.remove_prefix(size);
  }
}

// Brings everything to the disk and gives the file its name.
void LineOutput::File::finish() {
  if (packer != nullptr) {
    errno = 0;
    if (gzclose(packer) != Z_OK) fail(errno != 0 ? reason(errno) : "it cannot be compressed");
    packer = nullptr;
  }
  if (!target.empty() && failure.empty() && fsync(descriptor) != 0) fail(reason(errno));
  if (descriptor > STDERR_FILENO && ::close(descriptor) != 0) fail(reason(errno));
  descriptor = -1;
  if (target.empty() || !failure.empty()) return;
  if (std::rename(temporary.c_str(), target.c_str()) != 0) return fail(reason(errno));
  temporary.clear();
}

Result<LineOutput> LineOutput::open(const std::string& path) {
  auto file = std::make_unique<File>();
  file->path = path;
  if (Status opened = file->open(); !opened) return opened.error();
  return LineOutput(std::move(file));
}

LineOutput::LineOutput(std::unique_ptr<File> file) : file_(std::move(file)) {
  buffer_.reserve(kBufferBytes + kBufferBytes / 8);
}
LineOutput::LineOutput(LineOutput&&) noexcept = default;
LineOutput& LineOutput::operator=(LineOutput&&) noexcept = default;
LineOutput::~LineOutput() = default;

void LineOutput::flush() {
  file_->put(buffer_);
  buffer_.clear();
}

Status LineOutput::close() {
  RECKONER_CHECK(file_ != nullptr, "an output is closed once");
  flush();
  file_->finish();
  const std::unique_ptr<File> file = std::move(file_);  // removes the temporary after a failure
  if (!file->failure.empty()) return file->error();
  return Done{};
}

}  // namespace reckoner::files
