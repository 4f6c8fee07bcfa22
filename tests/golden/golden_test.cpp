// Every case of the independent reference model: a history, prices and settings, and the report
// that must come of them, to the last field. Case 10, the large one, is read from ../shared.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "engine/json/price_book_json.hpp"
#include "engine/json/report_json.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/support/files.hpp"

namespace reckoner {
namespace {

namespace bj = boost::json;
namespace fs = std::filesystem;

std::vector<fs::path> cases() {
  std::vector<fs::path> out;
  for (const fs::path& folder : {support::golden_folder(), support::shared_folder() / "golden"}) {
    if (!fs::exists(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      const bool copied = fs::exists(support::golden_folder() / name);
      const bool is_case = name.ends_with(".case.json");
      if (is_case && copied == (folder == support::golden_folder())) out.push_back(file.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The first place where `actual` is not as `expected` says; empty where all of it is. An object
// may have members that are not expected.
std::string difference(const bj::value& expected, const bj::value& actual, std::string path) {
  if (const auto* object = expected.if_object(); object != nullptr && actual.is_object()) {
    for (const auto& [key, value] : *object) {
      const bj::value* found = actual.as_object().if_contains(key);
      const std::string below = path + "." + std::string(key);
      if (found == nullptr) return below + " is missing";
      if (std::string wrong = difference(value, *found, below); !wrong.empty()) return wrong;
    }
    return {};
  }
  if (const auto* array = expected.if_array(); array != nullptr && actual.is_array()) {
    const bj::array& other = actual.as_array();
    for (std::size_t i = 0; i < std::min(array->size(), other.size()); ++i) {
      const std::string below = path + "[" + std::to_string(i) + "]";
      if (std::string wrong = difference((*array)[i], other[i], below); !wrong.empty())
        return wrong;
    }
    if (array->size() == other.size()) return {};
    return path + " has " + std::to_string(other.size()) + " items, expected " +
           std::to_string(array->size());
  }
  if (expected == actual) return {};
  return path + " is " + bj::serialize(actual) + ", expected " + bj::serialize(expected);
}

sim::ReplayOptions options_of(const bj::object& golden, const fs::path& folder) {
  sim::ReplayOptions options;
  if (const bj::value* prices = golden.if_contains("prices")) {
    const std::string text = support::read_file(folder / std::string(prices->as_string()));
    options.book.prices = json::read_price_book(text).value();
  }
  if (const bj::value* settings = golden.if_contains("settings"))
    for (const auto& [key, value] : settings->as_object())
      REQUIRE(set_setting(options.book.settings, key, value.as_string()).ok());
  if (const bj::value* until = golden.if_contains("until"))
    options.until = parse_instant(until->as_string());
  return options;
}

std::string report_text(sim::Replayer& replayer) {
  std::string out;
  json::write_report(replayer.report(), [&](std::string_view part) { out += part; });
  return out;
}

}  // namespace

TEST_CASE("golden cases: the report is the reference model's", "[golden]") {
  const auto all = cases();
  REQUIRE(all.size() >= 23);
  if (!fs::exists(support::shared_folder()))
    WARN("case 10 (28 185 real requests) is skipped: there is no ../shared on this machine");
  for (const fs::path& path : all) {
    DYNAMIC_SECTION(path.filename().string()) {
      const bj::object golden = bj::parse(support::read_file(path)).as_object();
      sim::Replayer replayer(options_of(golden, path.parent_path()));
      const fs::path history = path.parent_path() / std::string(golden.at("history").as_string());
      support::each_line(support::read_file(history),
                         [&](std::string_view line) { REQUIRE(replayer.line(line).ok()); });
      const bj::value report = bj::parse(report_text(replayer));
      CHECK(difference(golden.at("expect"), report, "report") == "");
      CHECK(report.at("conservation").at("holds").as_bool());
    }
  }
}

}  // namespace reckoner
