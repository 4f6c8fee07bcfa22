#include "plugins/sqlite/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <filesystem>

#include "storage/sdk/plugin.hpp"

namespace reckoner::storage::sqlite {
namespace {

namespace fs = std::filesystem;

sdk::Failure refused(std::string code, std::string detail) {
  return {RECKONER_FATAL, std::move(code), std::move(detail)};
}

bool may(const std::string& path, int what) {
  return faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0;
}

void check_file_system(const std::string& folder, const std::string& path) {
  struct statfs found {};
  if (statfs(folder.c_str(), &found) != 0) return;
  const std::string_view name = network_file_system(static_cast<std::uint32_t>(found.f_type));
  if (!name.empty())
    throw refused("network_file_system", path + " lies on a network file system (" +
                                             std::string(name) +
                                             "), where SQLite's locks do not hold; choose a folder "
                                             "on a local disk, or a store of Postgres");
}

void check_writable(const std::string& folder, const std::string& path, bool exists) {
  if (exists && !may(path, R_OK | W_OK))
    throw refused("read_only", "the file " + path +
                                   " may not be written by this user; give the "
                                   "command as the user that owns the store");
  if (!may(folder, W_OK | X_OK))
    throw refused("read_only", "the folder " + folder +
                                   " may not be written by this user, and SQLite keeps files "
                                   "beside " +
                                   path + "; give the command as the user that owns the store");
}

// Links are followed to where no file is yet, too: SQLite would make it there. (Not by making it
// first: to close a file drops the locks that this process has on it.)
fs::path whole_path(const fs::path& path) {
  constexpr int kMostLinks = 40;
  std::error_code failed;
  fs::path whole = fs::weakly_canonical(fs::absolute(path, failed), failed);
  for (int i = 0; i < kMostLinks && fs::is_symlink(whole, failed); ++i)
    whole = fs::weakly_canonical(whole.parent_path() / fs::read_symlink(whole, failed), failed);
  return whole;
}

}  // namespace

std::string path_of_url(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme) || url.size() == kScheme.size() ||
      url.find('\0') != std::string_view::npos)
    throw refused("bad_url", "the storage URL '" + std::string(url) +
                                 "' is not of the form sqlite:PATH, as in "
                                 "sqlite:/var/lib/reckoner/store.db");
  const fs::path path = std::string(url.substr(kScheme.size()));
  const fs::path whole = whole_path(path);
  return whole.empty() ? path.string() : whole.string();
}

std::string_view network_file_system(std::uint64_t f_type) {
  struct Known {
    std::uint64_t f_type;
    std::string_view name;
  };
  static constexpr Known kKnown[] = {
      {0x6969, "NFS"},
      {0x517B, "SMB"},
      {0xFF534D42, "CIFS"},
      {0xFE534D42, "SMB2"},
      {0x5346414F, "AFS"},
      {0x6B414653, "AFS"},
      {0x00C36400, "Ceph"},
      {0x01021997, "9P"},
      {0x65735546, "FUSE"},
      {0x73757245, "Coda"},
      {0x564C, "NCP"},
      {0x0BD00BD0, "Lustre"},
      {0x01161970, "GFS2"},
      {0x7461636F, "OCFS2"},
      {0x47504653, "GPFS"},
      {0x19830326, "BeeGFS"},
      {0xAAD7AAEA, "PanFS"},
      {0x786F4256, "VirtualBox's shared folder"},
      {0xBACBACBC, "VMware's shared folder"},
  };
  for (const Known& known : kKnown)
    if (known.f_type == f_type) return known.name;
  return {};
}

bool check_place(const std::string& path, PlaceChecks checks) {
  std::string folder = fs::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode))
    throw refused("no_folder", "there is no folder " + folder + " for the store " + path +
                                   "; make it, or correct the storage URL");
  const bool exists = stat(path.c_str(), &found) == 0;
  if (exists && S_ISDIR(found.st_mode))
    throw refused("is_a_folder", path +
                                     " is a folder; the storage URL takes the path of a file, "
                                     "as in sqlite:" +
                                     path + "/store.db");
  if (exists && !S_ISREG(found.st_mode))
    throw refused("not_a_store", path + " is no ordinary file; correct the storage URL");
  if (exists && found.st_nlink > 1)
    throw refused("hard_linked", path + " has " + std::to_string(found.st_nlink) +
                                     " names (hard links), and SQLite finds its log and its lock "
                                     "by the name; remove the other names, or use a symbolic link");
  if (!exists && !checks.create)
    throw refused("not_found", "there is no file " + path +
                                   ", which the storage URL names; correct it to the path of a "
                                   "store that has been made");
  check_file_system(folder, path);
  if (!checks.read_only) check_writable(folder, path, exists);
  if (checks.read_only && !may(path, R_OK))
    throw refused("cannot_open", "the file " + path +
                                     " may not be read by this user; change its "
                                     "rights");
  return exists;
}

std::uint64_t file_size(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::uint64_t free_bytes(const std::string& path) {
  struct statvfs found {};
  if (statvfs(path.c_str(), &found) != 0) return UINT64_MAX;
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

}  // namespace reckoner::storage::sqlite
