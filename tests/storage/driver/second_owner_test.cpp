// Two programs on one store: the second is kept out while the first lives, let in at once when it
// was killed, and where it takes the store over, the first can change nothing any more.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/storage/driver/child.hpp"
#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;
using storage::Driver;
using storage::StoreCall;
namespace fs = std::filesystem;

constexpr std::uint32_t kShards = 3;

std::vector<std::string> history() {
  return mixed_lines({.seed = 5, .lines = 600, .customers = 30, .most_seconds = 9'000});
}
std::vector<std::string> half_of(const std::vector<std::string>& lines) {
  return {lines.begin(), lines.begin() + std::ssize(lines) / 2};
}

storage::DriverOptions options_of(std::string owner, bool take_over = false) {
  storage::DriverOptions options = restless_options();
  options.owner = std::move(owner);
  options.take_over = take_over;
  options.key_log.own_thread = true;
  return options;
}

void wait_for(const fs::path& file) {
  while (!fs::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
void make(const fs::path& file) {
  std::ofstream(file).put('.');
}

// Everything is sent but not closed: the driver is still there, with rows unwritten.
void send_but_stay(Sender& sender, std::size_t lines) {
  while (sender.verdicts().size() < lines) REQUIRE(sender.send_more());
}

// All that a deposed owner could try. What each came to.
void try_everything(Driver& driver, const Child::Say& say) {
  storage::Verdict verdict;
  UsageRequest request;
  request.usage.operation = "chat";
  request.usage.tokens = 10;
  const auto said = [&](const storage::CommitResult& result) {
    const bool dead = result.outcome == storage::CommitResult::Outcome::dead;
    say((dead ? "dead, " : "") + fault_of(result.error));
  };
  const Instant at = driver.last_at();
  if (driver.usage(at, "late", request, verdict)) say("cannot judge");
  said(driver.commit());
  said(driver.write_all());
  said(driver.close());
  std::optional<Error> invalid;
  say(fault_of(driver.change_book(at + 1, Book(), invalid)));
}

}  // namespace

TEST_CASE("a second program is kept out, and let in at once after kill -9", "[crash]") {
  const TestStore store("sqlite", kShards);
  const std::vector<std::string> lines = history(), half = half_of(lines);
  Child first([&](const Child::Say& say) {
    Sender sender(half, opener(store, options_of("the first program")), in_batches(20));
    REQUIRE(sender.open());
    send_but_stay(sender, half.size());
    say("sent");
    wait_for(store.path() + ".never");
  });
  REQUIRE(first.hear() == "sent");
  std::unique_ptr<Driver> second;
  const storage::StoreStatus held = opener(store, options_of("the second"))(second);
  CHECK(fault_of(held) == "held");
  CHECK(held->detail.find("the first program") != std::string::npos);
  REQUIRE(first.kill());
  Sender sender(lines, opener(store, options_of("the second")), in_batches(20));
  sender.go_on_after(half.size(), undisturbed("memory", kShards, half).verdicts);
  sender.send_all();
  CHECK(sender.openings() == 1);
  check_same(undisturbed("sqlite", kShards, lines), store, sender.verdicts(), lines);
}

TEST_CASE("whose store was taken over can write nothing any more", "[crash]") {
  const TestStore store("sqlite", kShards);
  const std::vector<std::string> lines = history(), half = half_of(lines);
  const fs::path taken = store.path() + ".taken", closed = store.path() + ".closed";
  // Its key log is being written all the while, and its thread wakes when all is over.
  Child first([&](const Child::Say& say) {
    const auto faults = std::make_shared<storage::Faults>();
    faults->before_call([&, held = 0](StoreCall call, auto) mutable {
      if (call == StoreCall::commit_aside && ++held > 2) wait_for(closed);
    });
    Sender sender(half, opener(store, faults, options_of("the first program")), in_batches(20));
    REQUIRE(sender.open());
    send_but_stay(sender, half.size());
    say("sent");
    wait_for(taken);
    try_everything(sender.driver(), say);
    sender.crash();  // waits for the thread, which waits to write
    say("gone");
  });
  REQUIRE(first.hear() == "sent");
  const std::vector<std::string> told = undisturbed("memory", kShards, half).verdicts;
  Sender second(lines, opener(store, options_of("the second", true)), in_batches(20));
  second.go_on_after(half.size(), told);
  REQUIRE(second.open());
  const Contents before = contents_of(*store.open_store());
  make(taken);
  CHECK(first.hear() == "dead, fenced");
  for (int i = 0; i < 2; ++i) CHECK(first.hear() == "dead, fatal");
  CHECK(first.hear() == "fatal");
  CHECK(difference(before, contents_of(*store.open_store())) == "");
  second.send_all();
  make(closed);
  CHECK(first.hear() == "gone");
  CHECK(first.join());
  // Whatever the first has done to the key log: the verdicts are the same.
  second.send_all_again();
  second.only_open_and_close();
  check_same(undisturbed("sqlite", kShards, lines), store, second.verdicts(), lines);
}

}  // namespace reckoner
