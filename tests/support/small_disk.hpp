// A file system in memory over a folder, small enough to fill it: seen by this process and the ones
// that it starts, and gone with it.
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace reckoner::support {

class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    made_ = unshare(CLONE_NEWNS) == 0 &&
            mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
            mount("none", folder_.c_str(), "tmpfs", 0, "size=32m") == 0;
  }
  ~SmallDisk() {
    if (made_) umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // False: this user may not mount a file system.
  bool made() const { return made_; }
  std::uintmax_t room() const { return std::filesystem::space(folder_).available; }
  // Leaves so much room, however full it is by now.
  void fill(std::uintmax_t room_left) {
    std::ofstream file(folder_ / "filler", std::ios::binary | std::ios::app);
    const std::string page(4096, 'f');
    while (room() > room_left) {
      file.clear();  // somebody else may have taken the last page, and given it back
      file.write(page.data(), std::ssize(page)).flush();
    }
  }
  void make_room() { std::filesystem::remove(folder_ / "filler"); }

 private:
  std::filesystem::path folder_;
  bool made_ = false;
};

}  // namespace reckoner::support
