// A million generated events: from lines and from the journal that they leave, the same state. One
// of the long tests (./dev test --all).
#include <catch2/catch.hpp>

#include <string>

#include "sim/generate/generator.hpp"
#include "sim/replay/replayer.hpp"

namespace reckoner::sim {

TEST_CASE("a million events come to the same from lines and from a journal", "[sim][long]") {
  const auto seed = static_cast<std::uint64_t>(GENERATE(1, 2, 3));
  GenerateOptions options;
  options.customers = 10'000;
  options.events = 1'000'000;
  options.days = 90;
  options.seed = seed;
  std::string journal;
  JournalFileWriter writer([&journal](std::string_view bytes) { journal += bytes; });
  Replayer from_lines({});
  from_lines.write_to(&writer);
  bool good = true;
  generate(
      options, [&](std::string_view line) { good = good && from_lines.line(line).ok(); },
      [](std::uint64_t, std::uint64_t) {});
  REQUIRE(good);
  writer.finish();
  const Report report = from_lines.report();
  CHECK(report.conservation_gap == Money{});
  CHECK(report.set_aside == 0);
  CHECK(report.history.duplicates > 5'000);
  CHECK(report.totals.charges > 10'000);

  ReplayOptions same_end;
  same_end.until = report.history.until;
  Replayer from_journal(same_end);
  REQUIRE(from_journal.journal(journal, [](std::size_t) {}).ok());
  const Report again = from_journal.report();
  CHECK(again.state_hash == report.state_hash);
  CHECK(again.money_hash == report.money_hash);
  CHECK(again.conservation_gap == Money{});
}

}  // namespace reckoner::sim
