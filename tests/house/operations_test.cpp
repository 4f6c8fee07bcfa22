// What the service says to its log stands in the operations manual, and nothing else does.
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "tests/support/files.hpp"

namespace reckoner {
namespace {

namespace fs = std::filesystem;

std::set<std::string> found_by(const std::regex& pattern, const std::string& text) {
  std::set<std::string> out;
  for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i)
    out.insert((*i)[1]);
  return out;
}

// log.info("ready", …), alarm("clock_failed", …), log.write(level, "request", …).
std::set<std::string> events_in_the_code() {
  static const std::regex kEvent(
      R"re((?:(?:\.|->)(?:debug|info|warning|error|alarm)\(|(?:write|line)\([\w:]+,))re"
      R"re(\s*"([a-z_]+)")re");
  std::set<std::string> out;
  for (const auto& file : fs::recursive_directory_iterator(support::source_folder() / "actors"))
    if (file.path().extension() == ".cpp")
      out.merge(found_by(kEvent, support::read_file(file.path())));
  return out;
}

}  // namespace

TEST_CASE("house: each event of the log stands in docs/operations/README.md, and is real",
          "[house]") {
  static const std::regex kRow(R"re(\| `([a-z_]+)` \| (?:alarm|error|warning|info|debug)\b)re");
  const std::set<std::string> told =
      found_by(kRow, support::read_file(support::source_folder() / "docs/operations/README.md"));
  const std::set<std::string> said = events_in_the_code();
  CHECK(said.contains("ready"));
  CHECK(said.contains("settlement_paused"));
  for (const std::string& event : said) {
    INFO("the event " << event << " has no row: say what it means and what to do");
    CHECK(told.contains(event));
  }
  for (const std::string& event : told) {
    INFO("nothing logs " << event << " any more");
    CHECK(said.contains(event));
  }
}

}  // namespace reckoner
