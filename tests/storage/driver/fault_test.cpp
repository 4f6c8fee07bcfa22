// The Nth call of the store fails, for each N in turn until none does, in each way a store can
// fail: in the end the store holds what one that never failed holds, each entry once.
#include "tests/storage/driver/mixed_lines.hpp"
#include "tests/storage/driver/stand.hpp"

namespace reckoner {
namespace {

using namespace support;
using storage::FaultKind;
using storage::FaultPlan;
using storage::Faults;
using storage::StoreCall;

constexpr std::uint32_t kShards = 3;
constexpr FaultKind kKinds[] = {FaultKind::full,          FaultKind::retry,
                                FaultKind::fenced,        FaultKind::fatal,
                                FaultKind::in_doubt_done, FaultKind::in_doubt_not_done};

std::vector<std::string> history() {
  return mixed_lines({.seed = 6, .lines = 110, .customers = 12, .most_seconds = 400'000});
}

// A run that meets what is planned. Whether anything fired.
bool check_run(const std::string& scheme, const Outcome& expected,
               const std::vector<std::string>& lines, const std::shared_ptr<Faults>& faults,
               bool key_log_thread = false) {
  const TestStore store(scheme, kShards);
  Sender::Options options = in_batches(5);
  std::optional<Faults::Fired> fired;
  options.relent = [&] {
    // More than once, where a write that began before it fails after it; the second plan is none.
    if (!fired) fired = faults->fired();
    faults->plan({});
  };
  options.between = [](std::size_t lines) {
    return lines % 4 == 0 ? Sender::Interruption::write : Sender::Interruption::none;
  };
  storage::DriverOptions driver = restless_options();
  driver.key_log.own_thread = key_log_thread;
  driver.key_log.retry_after = std::chrono::milliseconds(1);
  Sender sender(lines, opener(store, faults, driver), options);
  sender.send_all();
  if (!fired) fired = faults->fired();
  faults->plan({});
  INFO("at the call of " << (fired ? store_call_name(fired->call) : "nothing"));
  sender.send_all_again();
  sender.only_open_and_close();
  check_same(expected, store, sender.verdicts(), lines);
  return fired.has_value();
}

// N = first, first + step … until none fires. How many runs that took.
std::uint64_t check_each(const std::string& scheme, const Outcome& expected,
                         const std::vector<std::string>& lines, FaultPlan plan, std::uint64_t first,
                         std::uint64_t step) {
  std::uint64_t runs = 0;
  for (plan.nth = first;; plan.nth += step, ++runs) {
    INFO("on " << scheme << ", fault " << static_cast<int>(plan.fault) << " at call " << plan.nth
               << (plan.only ? " of commit" : "")
               << (plan.from_then_on ? " and from then on" : ""));
    const auto faults = std::make_shared<Faults>();
    faults->plan(plan);
    if (!check_run(scheme, expected, lines, faults)) return runs;
  }
}

// Over SQLite, where a run takes long, the calls are shared out between the kinds of faults.
std::uint64_t step_on(const std::string& scheme) {
  return scheme == "memory" || long_tests() ? 1 : 30;
}

void check_all_plans(FaultPlan plan) {
  const std::vector<std::string> lines = history();
  for (const std::string& scheme : store_schemes()) {
    const Outcome expected = undisturbed(scheme, kShards, lines);
    REQUIRE(expected.report == replayed_report(lines));
    std::uint64_t runs = 0, first = 1;
    for (const FaultKind kind : kKinds) {
      plan.fault = kind;
      runs += check_each(scheme, expected, lines, plan, first++, step_on(scheme));
    }
    CHECK(runs > 6 * 20 / step_on(scheme));
  }
}

bool not_of_the_journal(storage::Table table) {
  using storage::Table;
  return table == Table::meta || table == Table::api_keys || table == Table::key_log;
}

}  // namespace

TEST_CASE("the history that is sent has something for every table", "[faults]") {
  const std::vector<std::string> lines = history();
  const Outcome outcome = undisturbed("memory", kShards, lines);
  for (const storage::Table table : storage::kTables) {
    if (not_of_the_journal(table)) continue;
    const std::string name(storage::table_name(table));
    INFO(name);
    const auto found = outcome.contents.lower_bound(name + ' ');
    CHECK((found != outcome.contents.end() && found->first.starts_with(name + ' ')));
  }
  for (std::uint32_t shard = 0; shard <= kShards; ++shard)
    CHECK(outcome.contents.contains("journal 4 of shard " + std::to_string(shard)));
  for (const std::string verdict : {"accepted", "parked", "duplicate", "conflict", "book"})
    CHECK(std::count(outcome.verdicts.begin(), outcome.verdicts.end(), verdict) > 0);
}

TEST_CASE("the Nth call of the store fails once", "[faults]") {
  check_all_plans({});
}

TEST_CASE("the Nth call of the store fails, and all after it until it is opened again",
          "[faults]") {
  check_all_plans({.only = {}, .from_then_on = true});
}

TEST_CASE("the Nth commit fails, and all commits after it for a while", "[faults]") {
  check_all_plans({.only = StoreCall::commit, .from_then_on = true});
}

// How often its thread writes is not the same in each run.
TEST_CASE("the key log cannot be written", "[faults]") {
  const std::vector<std::string> lines = history();
  for (const std::string& scheme : store_schemes()) {
    const Outcome expected = undisturbed(scheme, kShards, lines);
    for (const FaultKind kind : kKinds)
      for (const bool from_then_on : {false, true})
        for (const std::uint64_t nth : {1, 2, 4}) {
          INFO("on " << scheme << ", fault " << static_cast<int>(kind) << " at write " << nth
                     << (from_then_on ? " and from then on" : ""));
          const auto faults = std::make_shared<Faults>();
          faults->plan({nth, StoreCall::commit_aside, kind, from_then_on});
          const bool fired = check_run(scheme, expected, lines, faults, true);
          CHECK((fired || nth > 1));
        }
  }
}

// What is asked after a lost answer can fail too.
TEST_CASE("a commit fails, and so does what comes next", "[faults]") {
  const std::vector<std::string> lines = history();
  const Outcome expected = undisturbed("memory", kShards, lines);
  for (const FaultKind first : {FaultKind::in_doubt_done, FaultKind::in_doubt_not_done})
    for (const FaultKind second : kKinds)
      for (std::uint64_t nth = 1;; ++nth) {
        INFO("faults " << static_cast<int>(first) << " and " << static_cast<int>(second)
                       << " from commit " << nth << " on");
        const auto faults = std::make_shared<Faults>();
        FaultPlan plan;
        plan.nth = nth;
        plan.only = StoreCall::commit;
        plan.fault = first;
        faults->plan(plan);
        faults->before_call([&faults = *faults, second, done = false](auto, auto) mutable {
          if (done || !faults.fired()) return;
          done = true;
          faults.plan({.nth = 1, .only = {}, .fault = second});
        });
        if (!check_run("memory", expected, lines, faults)) break;
      }
}

}  // namespace reckoner
