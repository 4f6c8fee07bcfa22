#include "actors/commands/store_files.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

namespace reckoner::commands {
namespace {

namespace fs = std::filesystem;

fs::path whole(const std::string& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
}

}  // namespace

// The path is that of the URL, for StoreInfo::place is for people and may be cut off.
bool is_file_of_store(const std::string& path, const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme)) return false;
  const fs::path asked = whole(path == "-" ? "/dev/stdout" : path);
  const std::string store = whole(url.substr(kScheme.size())).string();
  for (const char* ending : {"", "-wal", "-shm", "-journal", "-lock", "-keys", "-keys-wal",
                             "-keys-shm", "-keys-journal"}) {
    const fs::path file = store + ending;
    std::error_code neither_is_there;
    if (asked == file || fs::equivalent(asked, file, neither_is_there)) return true;
  }
  return false;
}

}  // namespace reckoner::commands
