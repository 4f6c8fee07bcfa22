#include "actors/config/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace reckoner::config {
namespace {

constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

Error unreadable(int reason) {
  if (reason == ENOENT) return {"unreadable", "which is not there"};
  return {"unreadable", "which cannot be read: " + std::string(std::strerror(reason))};
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return unreadable(errno);
  std::string text;
  char buffer[64 * 1024];
  ssize_t got;
  int reason = 0;
  while ((got = read(file, buffer, sizeof buffer)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) reason = errno;
    if (got < 0 || text.size() > kMostBytes) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  close(file);
  if (reason != 0) return unreadable(reason);
  if (text.size() > kMostBytes) return Error{"unreadable", "which has more than 16 MiB"};
  return text;
}

bool is_readable_by_all(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

}  // namespace reckoner::config
