// `kill -9` of a program that writes, at random moments: while it opens, commits, writes rows,
// closes. What is found is whole batches, all that was acknowledged among them; what is sent again
// is known; and what follows from it is all there, also of customers who never come back.
#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "tests/storage/driver/child.hpp"
#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"

namespace reckoner {
namespace {

using namespace support;
using Interruption = Sender::Interruption;

constexpr std::uint32_t kShards = 5;
constexpr std::size_t kLines = 20'000;
constexpr std::size_t kSentAgain = 2'000;

std::uint64_t seed_of_run() {
  const char* given = std::getenv("RECKONER_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

storage::DriverOptions options() {
  storage::DriverOptions options = restless_options(40);
  options.customers.awake = 20;
  options.key_log.chunk_entries = 300;
  options.key_log.own_thread = true;
  return options;
}

std::vector<std::uint64_t> sequences(storage::Driver& driver) {
  std::vector<std::uint64_t> out;
  for (std::uint32_t shard = 0; shard <= kShards; ++shard)
    out.push_back(driver.last_sequence(shard));
  return out;
}

// A history, and where a run without crashes stands after each of its batches.
class Expected {
 public:
  explicit Expected(std::uint64_t seed)
      : lines(mixed_lines({seed, kLines, 60, 40, false})), seed_(seed) {
    const TestStore store("memory", kShards);
    Sender sender(lines, opener(store, options()), sending([&](std::size_t acknowledged) {
                    after_.emplace(acknowledged, sequences(sender_->driver()));
                    return Interruption::none;
                  }));
    sender_ = &sender;
    after_.emplace(0, std::vector<std::uint64_t>(kShards + 1));
    sender.send_all();
    verdicts = sender.verdicts();
  }

  // Batches of 1 to 500 lines, each the same whoever sends it.
  Sender::Options sending(std::function<Interruption(std::size_t)> between) const {
    Sender::Options out;
    out.batch = [this](std::size_t from) {
      std::mt19937_64 random(seed_ + from);
      constexpr std::size_t kMost[] = {1, 8, 60, 500};
      const std::size_t most = kMost[random() % 4];
      return 1 + random() % most;
    };
    out.between = std::move(between);
    return out;
  }

  // How many lines are durable: those acknowledged, or those and all of the batch after them.
  std::size_t durable(std::size_t acknowledged, storage::Driver& driver) const {
    const auto before = after_.find(acknowledged);
    REQUIRE(before != after_.end());
    const auto behind = std::next(before);
    const auto found = sequences(driver);
    if (behind != after_.end() && before->second == behind->second) {
      // A book, or nothing but repeats.
      const auto book = parse_instant(lines[acknowledged].substr(7, 27));
      const bool there = book && driver.books().latest().from() == *book;
      REQUIRE(found == before->second);
      return there ? behind->first : acknowledged;
    }
    if (found == before->second) return acknowledged;
    REQUIRE(behind != after_.end());
    REQUIRE(found == behind->second);
    return behind->first;
  }

  std::vector<std::string> lines, verdicts;

 private:
  std::uint64_t seed_;
  Sender* sender_ = nullptr;
  std::map<std::size_t, std::vector<std::uint64_t>> after_;
};

void delete_key_log(const TestStore& store) {
  for (const std::string ending : {"", "-wal", "-shm"})
    std::filesystem::remove(store.path() + "-keys" + ending);
}

class Killing {
 public:
  Killing(std::uint64_t seed, int kills) : random_(seed), kills_left_(kills) {}

  // One store, killed on until it is full.
  void run() {
    const Expected expected(random_());
    const TestStore store("sqlite", kShards);
    std::size_t durable = 0;
    while (kills_left_ > 0 && durable < kLines) {
      durable = find_out(expected, store, kill_one(expected, store, durable));
      INFO(durable << " lines are durable");
    }
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<std::uint64_t>(end)); }
  bool one_in(int many) { return below(many) == 0; }

  // How many lines were acknowledged.
  std::size_t kill_one(const Expected& expected, const TestStore& store, std::size_t durable) {
    const std::uint64_t seed = random_();
    Child child([&](const Child::Say& say) {
      std::mt19937_64 random(seed);
      Sender sender(expected.lines, opener(store, options()),
                    expected.sending([&](std::size_t acknowledged) {
                      say(std::to_string(acknowledged));
                      const auto drawn = random() % 40;
                      return drawn == 0   ? Interruption::close
                             : drawn == 1 ? Interruption::write
                                          : Interruption::none;
                    }));
      sender.go_on_after(durable, expected.verdicts);
      say(std::to_string(durable));
      sender.send_all();
    });
    std::size_t acknowledged = durable;
    const auto hear = [&] {
      const std::string line = child.hear();
      if (!line.empty()) acknowledged = std::stoul(line);
      return !line.empty();
    };
    // Otherwise it is likely to be met while it opens.
    if (!one_in(3) && hear()) hear();
    std::this_thread::sleep_for(std::chrono::microseconds(below(one_in(2) ? 10'000 : 60'000)));
    const bool ran = child.kill();
    kills_left_ -= ran;
    while (hear()) {
    }
    if (!ran) REQUIRE(acknowledged == kLines);
    return acknowledged;
  }

  std::size_t find_out(const Expected& expected, const TestStore& store, std::size_t acknowledged) {
    if (one_in(4)) delete_key_log(store);
    Sender sender(expected.lines, opener(store, options()), in_batches(1));
    REQUIRE(sender.open());
    const std::size_t durable = expected.durable(acknowledged, sender.driver());
    sender.go_on_after(durable, expected.verdicts);
    const bool all = one_in(5) || durable < kSentAgain;
    sender.send_again(all ? 0 : durable - kSentAgain, durable);
    if (one_in(3)) {
      sender.crash();
      return durable;
    }
    REQUIRE(sender.close());
    const std::vector<std::string> sent(expected.lines.begin(), expected.lines.begin() + durable);
    const Outcome clean = undisturbed("sqlite", kShards, sent, 1'000);
    check_same(clean, store, {expected.verdicts.begin(), expected.verdicts.begin() + durable},
               sent);
    return durable;
  }

  std::mt19937_64 random_;

 public:
  int kills_left_;
};

}  // namespace

TEST_CASE("kill -9 at random moments", "[crash]") {
  const std::uint64_t seed = seed_of_run();
  INFO("again with RECKONER_SEED=" << seed);
  Killing killing(seed, long_tests() ? 200 : 20);
  while (killing.kills_left_ > 0) killing.run();
}

}  // namespace reckoner
