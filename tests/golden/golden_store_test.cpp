// Every golden case through the driver, on each store: the same report, and the same hashes as
// plain replay, in batches of any size, and also where the store is closed and opened between any
// two lines, in order or as after a crash.
#include <catch2/catch.hpp>

#include "engine/json/report_json.hpp"
#include "sim/replay/actor_replay.hpp"
#include "sim/replay/replayer.hpp"
#include "storage/history/history_import.hpp"
#include "tests/golden/golden_case.hpp"
#include "tests/support/files.hpp"
#include "tests/support/stores.hpp"

namespace reckoner {
namespace {

namespace bj = boost::json;
using support::TestStore;

bj::value parsed(const Report& report) {
  std::string out;
  json::write_report(report, [&](std::string_view part) { out += part; });
  return bj::parse(out);
}

bj::value replayed(const golden::Case& one, const std::vector<std::string>& lines) {
  sim::Replayer replayer({one.book, one.until});
  for (const std::string& line : lines) REQUIRE(replayer.line(line).ok());
  return parsed(replayer.report());
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  support::each_line(support::read_file(file),
                     [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

// The same counts go on over all the openings, so that the reports can be compared.
class ReopenedImport {
 public:
  ReopenedImport(TestStore& store, const golden::Case& one, std::size_t batch)
      : store_(store), one_(one), batch_(batch) {
    driver_ = store_.open(one_.book);
    import_ = std::make_unique<storage::HistoryImport>(*driver_, options());
  }

  void line(std::string_view text) {
    const auto taken = import_->line(text);
    INFO((taken.ok() ? "" : taken.error().detail));
    REQUIRE(taken.ok());
  }
  // In order: all is written. Otherwise as after a crash, with what is durable.
  void reopen(bool in_order) {
    REQUIRE(import_->commit().ok());
    if (in_order) REQUIRE(driver_->close().committed());
    driver_.reset();
    driver_ = store_.open(one_.book);
    import_->go_on_with(*driver_);
  }
  bj::value report() {
    REQUIRE(import_->finish().ok());
    Ledger ledger{Books(one_.book)};
    auto report = import_->report(ledger);
    REQUIRE(report.ok());
    return parsed(*report);
  }

 private:
  storage::HistoryImportOptions options() const { return {one_.until, batch_}; }

  TestStore& store_;
  const golden::Case& one_;
  std::size_t batch_;
  std::unique_ptr<storage::Driver> driver_;
  std::unique_ptr<storage::HistoryImport> import_;
};

void each_case_and_store(const std::function<void(TestStore&, const golden::Case&,
                                                  const std::vector<std::string>&)>& check) {
  for (const auto& path : golden::cases())
    for (const std::string& scheme : support::store_schemes())
      DYNAMIC_SECTION(path.filename().string() << " on " << scheme) {
        const golden::Case one(path);
        TestStore store(scheme);
        check(store, one, lines_of(one.history));
      }
}

void check_report(const bj::value& report, const golden::Case& one,
                  const std::vector<std::string>& lines) {
  CHECK(golden::difference(one.golden.at("expect"), report, "report") == "");
  CHECK(golden::difference(replayed(one, lines), report, "report") == "");
}

}  // namespace

TEST_CASE("golden cases through the driver, in batches", "[golden]") {
  each_case_and_store([](TestStore& store, const golden::Case& one, const auto& lines) {
    ReopenedImport import(store, one, 100);
    for (const std::string& line : lines) import.line(line);
    check_report(import.report(), one, lines);
  });
}

TEST_CASE("golden cases through the driver, closed and opened between any two lines", "[golden]") {
  each_case_and_store([](TestStore& store, const golden::Case& one, const auto& lines) {
    ReopenedImport import(store, one, 1);
    // Of the large case only some, but for `./dev test --all`.
    const std::size_t step = lines.size() < 2'000 || support::long_tests() ? 1 : lines.size() / 300;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      import.line(lines[i]);
      if (i % step == 0) import.reopen((i / step) % 2 == 0);
    }
    check_report(import.report(), one, lines);
  });
}

TEST_CASE("golden cases through the live engine's actors", "[golden]") {
  each_case_and_store([](TestStore& store, const golden::Case& one, const auto& lines) {
    storage::DriverOptions options;
    options.book = one.book;
    storage::OpenedStore opened;
    const auto failed = storage::open_store_to_work(store.open_store(), options, opened);
    REQUIRE_FALSE(failed);
    // Few are awake at a time, so that most of them go to sleep and wake again and again.
    sim::ActorReplayOptions playing;
    playing.until = one.until;
    playing.lines_at_once = 50;
    playing.awake = 3;
    sim::ActorReplay replay(std::move(opened), playing);
    for (const std::string& line : lines) {
      const auto taken = replay.line(line);
      INFO((taken.ok() ? "" : taken.error().detail));
      REQUIRE(taken.ok());
    }
    REQUIRE(replay.finish().ok());
    Ledger ledger{Books(one.book)};
    auto report = replay.report(ledger);
    REQUIRE(report.ok());
    check_report(parsed(*report), one, lines);
  });
}

}  // namespace reckoner
