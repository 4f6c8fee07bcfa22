// A disk that fills up under the driver, a real one: what does not fit is refused, nothing of it
// half done, and all goes on once there is room.
#include <sched.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;
namespace fs = std::filesystem;

constexpr std::uint32_t kShards = 3;

// A file system in memory over a folder, seen by this process alone, and gone with it.
class SmallDisk {
 public:
  explicit SmallDisk(fs::path folder) : folder_(std::move(folder)) {
    made_ = unshare(CLONE_NEWNS) == 0 &&
            mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
            mount("none", folder_.c_str(), "tmpfs", 0, "size=32m") == 0;
  }
  ~SmallDisk() {
    if (made_) umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool made() const { return made_; }
  std::uintmax_t room() const { return fs::space(folder_).available; }
  // Leaves so much room, however full it is by now.
  void fill(std::uintmax_t room_left) {
    std::ofstream file(folder_ / "filler", std::ios::binary);
    const std::string page(4096, 'f');
    while (room() > room_left) file.write(page.data(), std::ssize(page)).flush();
  }
  void make_room() { fs::remove(folder_ / "filler"); }

 private:
  fs::path folder_;
  bool made_ = false;
};

}  // namespace

TEST_CASE("a full disk refuses what does not fit, and goes on when there is room", "[faults]") {
  const std::vector<std::string> lines =
      mixed_lines({.seed = 3, .lines = 1'500, .customers = 40, .most_seconds = 9'000});
  const Outcome expected = undisturbed("sqlite", kShards, lines, 40);
  for (std::uintmax_t room = 0; room < 30'000'000; room += room / 4 + 40'000) {
    INFO("with room for " << room << " bytes");
    const TestStore store("sqlite", kShards);
    SmallDisk disk(fs::path(store.path()).parent_path());
    if (!disk.made()) {
      WARN("skipped: this user may not mount a file system");
      return;
    }
    disk.fill(room);
    bool was_full = false;
    Sender::Options options = in_batches(40);
    options.relent = [&] {
      was_full = true;
      disk.make_room();
    };
    const Sender::Open open = [&](std::unique_ptr<storage::Driver>& driver) {
      std::unique_ptr<storage::Store> opened;
      storage::StoreStatus failed = storage::open_store(store.options(), opened);
      if (!failed) failed = storage::Driver::open(std::move(opened), restless_options(), driver);
      INFO(told(failed));
      CHECK((!failed || failed->fault == storage::Fault::full));
      return failed;
    };
    Sender sender(lines, open, options);
    sender.send_all();
    disk.make_room();
    sender.send_all_again();
    sender.only_open_and_close();
    check_same(expected, store, sender.verdicts(), lines);
    const auto check = [](auto where, auto what) { FAIL_CHECK(where << ": " << what); };
    REQUIRE_OK(store.open_store()->check(check));
    if (!was_full) return;
  }
  FAIL("it was never large enough");
}

}  // namespace reckoner
