#include "actors/files/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace reckoner::files {

Result<MappedFile> MappedFile::open(const std::string& path) {
  const auto failed = [&path] { return Error{"unreadable", path + ": " + std::strerror(errno)}; };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed();
  struct stat about {};
  const bool known = ::fstat(file, &about) == 0;
  const auto size = static_cast<std::size_t>(about.st_size);
  void* start = nullptr;
  if (known && size > 0) start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  Result<MappedFile> out = known && start != MAP_FAILED
                               ? Result(MappedFile(static_cast<const char*>(start), size))
                               : Result<MappedFile>(failed());
  ::close(file);
  return out;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(const_cast<char*>(start_), size_);
}

}  // namespace reckoner::files
