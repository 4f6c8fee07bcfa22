// A disk that fills up under the driver, a real one: what does not fit is refused, nothing of it
// half done, and all goes on once there is room.
#include <filesystem>

#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;
namespace fs = std::filesystem;

constexpr std::uint32_t kShards = 3;

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
