// Every case of the independent reference model: a history, prices and settings, and the report
// that must come of them, to the last field. Case 10, the large one, is read from ../shared.
#include <catch2/catch.hpp>

#include "engine/json/report_json.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/golden/golden_case.hpp"
#include "tests/support/files.hpp"

namespace reckoner {
namespace {

namespace bj = boost::json;

std::string report_text(sim::Replayer& replayer) {
  std::string out;
  json::write_report(replayer.report(), [&](std::string_view part) { out += part; });
  return out;
}

}  // namespace

TEST_CASE("golden cases: the report is the reference model's", "[golden]") {
  const auto all = golden::cases();
  REQUIRE(all.size() >= 23);
  if (!std::filesystem::exists(support::shared_folder()))
    WARN("case 10 (28 185 real requests) is skipped: there is no ../shared on this machine");
  for (const auto& path : all) {
    DYNAMIC_SECTION(path.filename().string()) {
      const golden::Case one(path);
      sim::Replayer replayer({one.book, one.until});
      support::each_line(support::read_file(one.history),
                         [&](std::string_view line) { REQUIRE(replayer.line(line).ok()); });
      const bj::value report = bj::parse(report_text(replayer));
      CHECK(golden::difference(one.golden.at("expect"), report, "report") == "");
      CHECK(report.at("conservation").at("holds").as_bool());
    }
  }
}

}  // namespace reckoner
