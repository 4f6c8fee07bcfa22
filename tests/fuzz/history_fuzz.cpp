// A history of any bytes, line by line. Whatever its lines say, until the first that stops the run:
// no crash, money is conserved, each event is counted once, the report is JSON, and the journal of
// what was accepted folds to the same state, bit for bit.
#include <boost/json.hpp>

#include "engine/json/report_json.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace reckoner {
namespace {

// Bounds how far a line can bring everybody forward.
constexpr Instant kUntil{1'798'761'600 * kSecond};  // 2027-01-01

sim::ReplayOptions options() {
  sim::ReplayOptions out;
  out.until = kUntil;
  return out;
}

void feed(sim::Replayer& replayer, std::string_view text) {
  while (!text.empty()) {
    const auto more = replayer.line(fuzz::take_line(text));
    if (!more.ok()) {
      RECKONER_CHECK(more.error().detail.starts_with("line "), "an error without its line");
      return;
    }
    if (!*more) return;
  }
}

void check_report(const Report& report) {
  RECKONER_CHECK(report.conservation_gap == Money{}, "the report does not conserve money");
  const HistoryCounts& counts = report.history;
  RECKONER_CHECK(
      counts.events == counts.accepted + counts.duplicates + counts.rejected + counts.parked,
      "an event is not counted once");
  RECKONER_CHECK(counts.conflicts <= counts.duplicates, "conflicts count among the duplicates");
  std::string text;
  json::write_report(report, [&](std::string_view part) { text += part; });
  boost::json::error_code failure;
  boost::json::parse(text, failure);
  RECKONER_CHECK(!failure, "the report is no JSON");
}

}  // namespace
}  // namespace reckoner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reckoner;
  std::string journal;
  JournalFileWriter writer([&](std::string_view part) { journal += part; });
  sim::Replayer replayer(options());
  replayer.write_to(&writer);
  feed(replayer, fuzz::as_text(data, size));
  writer.finish();
  const Report report = replayer.report();
  check_report(report);
  fuzz::check_ledger(replayer.ledger());

  sim::Replayer again(options());
  const Status read = again.journal(journal, [](std::size_t) {});
  RECKONER_CHECK(read.ok(), "a journal just written is damaged");
  const Report same = again.report();
  RECKONER_CHECK(same.state_hash == report.state_hash, "the journal folds to another state");
  RECKONER_CHECK(same.money_hash == report.money_hash, "the journal folds to other money");
  RECKONER_CHECK(same.conservation_gap == Money{}, "the journal does not conserve money");
  return 0;
}
