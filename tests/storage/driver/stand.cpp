#include "tests/storage/driver/stand.hpp"

#include "engine/json/report_json.hpp"
#include "sim/replay/replayer.hpp"

namespace reckoner::support {

storage::DriverOptions restless_options(std::uint64_t entries_unwritten) {
  storage::DriverOptions options;
  options.owner = "a test";
  options.customers.entries_unwritten = entries_unwritten;
  options.customers.awake = 2;
  options.key_log.chunk_entries = 4;
  options.key_log.own_thread = false;
  return options;
}

Sender::Open opener(const TestStore& store, storage::DriverOptions options) {
  return [&store, options](std::unique_ptr<storage::Driver>& driver) {
    return storage::Driver::open(store.open_store(), options, driver);
  };
}

Sender::Open opener(const TestStore& store, std::shared_ptr<storage::Faults> faults,
                    storage::DriverOptions options) {
  return [&store, faults, options](std::unique_ptr<storage::Driver>& driver) {
    auto faulty = std::make_unique<storage::FaultyStore>(store.open_store(), faults);
    return storage::Driver::open(std::move(faulty), options, driver);
  };
}

Sender::Options in_batches(std::size_t lines) {
  Sender::Options options;
  options.batch = [lines](std::size_t) { return lines; };
  return options;
}

namespace {

std::string text_of(const Report& report) {
  std::string out;
  json::write_report(report, [&](std::string_view part) { out += part; });
  return out;
}

void replay(sim::Replayer& replayer, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const auto taken = replayer.line(line);
    INFO(line << (taken.ok() ? "" : taken.error().detail));
    REQUIRE(taken.ok());
  }
}

}  // namespace

std::string replayed_report(const std::vector<std::string>& lines) {
  sim::Replayer replayer({});
  replay(replayer, lines);
  return text_of(replayer.report());
}

std::string report_of(const TestStore& store, const std::vector<std::string>& lines) {
  sim::Replayer replayer({});  // for the figures that are of the history, not of the store
  replay(replayer, lines);
  std::unique_ptr<storage::Driver> driver = store.open({});
  Ledger ledger{Books()};
  ClosedRows closed;
  const storage::StoreStatus failed = driver->load(ledger, closed);
  REQUIRE_FALSE(failed);
  return text_of(make_report(ledger, closed, replayer.report().history));
}

Outcome undisturbed(const std::string& scheme, std::uint32_t shards,
                    const std::vector<std::string>& lines, std::size_t batch) {
  const TestStore store(scheme, shards);
  Sender sender(lines, opener(store), in_batches(batch));
  sender.send_all();
  return {contents_of(*store.open_store()), sender.verdicts(), report_of(store, lines)};
}

void check_same(const Outcome& expected, const TestStore& store,
                const std::vector<std::string>& verdicts, const std::vector<std::string>& lines) {
  CHECK(difference(expected.contents, contents_of(*store.open_store())) == "");
  CHECK(verdicts == expected.verdicts);
  CHECK(report_of(store, lines) == expected.report);
}

}  // namespace reckoner::support
