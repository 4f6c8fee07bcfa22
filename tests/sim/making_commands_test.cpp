// The commands that make histories: their exit codes, and what they leave behind.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/commands/generate_command.hpp"
#include "sim/commands/import_command.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::sim {
namespace {

int run(std::vector<std::string> arguments) {
  CLI::App app("test");
  int exit_code = -1;
  add_generate_command(app, exit_code);
  add_import_command(app, exit_code);
  std::ranges::reverse(arguments);  // as CLI11 takes them
  app.parse(arguments);
  return exit_code;
}

}  // namespace

TEST_CASE("generate command: exit codes", "[sim][commands]") {
  const support::TemporaryFolder folder;
  const std::string out = folder.file("out.jsonl");
  CHECK(run({"generate", "--customers", "3", "--days", "2", "--seed", "5", "--out", out}) == 0);
  CHECK(support::read_file(out).starts_with("{\"at\":\"2026-01-01T00:00:00Z\""));
  const std::vector<std::vector<std::string>> wrong = {
      {"--customers", "0"},
      {"--customers", "10000001"},
      {"--customers", "1e3"},
      {"--customers", "1x"},
      {"--days", "0"},
      {"--days", "3651"},
      {"--events", "0"},
      {"--events", "2000000000"},
      {"--seed", "18446744073709551616"},
      {"--seed", "-1"},
      {"--from", "2026-01-01"},
      {"--from", "1969-12-31T00:00:00Z"},
  };
  for (const auto& flags : wrong) {
    INFO(flags[0] << ' ' << flags[1]);
    CHECK(run({"generate", "--out", folder.file("none"), flags[0] + "=" + flags[1]}) == 2);
  }
  CHECK(run({"generate", "--out", folder.file("no/folder")}) == 1);
  CHECK(folder.names() == std::vector<std::string>{"out.jsonl"});
  CHECK_THROWS_AS(run({"generate"}), CLI::ParseError);
}

TEST_CASE("import command: exit codes", "[sim][commands]") {
  const support::TemporaryFolder folder;
  const std::string good = folder.write("good.csv", "t,n,c\n1767607200,1,a\n");
  const std::string bad = folder.write("bad.csv", "t,n,c\n1767607200,-1,a\n");
  const std::string out = "--out=" + folder.file("out.jsonl");
  CHECK(run({"import", "--csv", good, "--map", "customer=c,tokens=n,timestamp=t", out}) == 0);
  CHECK(run({"import", "--csv", good, "--map", "tokens=n,timestamp=t", "--assign=4", out}) == 0);
  CHECK(run({"import", "--csv", good, "--csv", bad, "--map", "customer=c,tokens=n,timestamp=t",
             out}) == 1);
  CHECK(run({"import", "--csv", folder.file("none"), "--map", "customer=c,tokens=n,timestamp=t",
             out}) == 1);
  CHECK(run({"import", "--csv", good, "--map", "customer=x,tokens=n,timestamp=t", out}) == 2);
  CHECK(run({"import", "--csv", good, "--map", "tokens=n,timestamp=t", out}) == 2);
  CHECK(run({"import", "--csv", good, "--map", "tokens=n", out}) == 2);
  CHECK(run({"import", "--csv", good, "--map", "tokens=n,timestamp=t", "--assign=0", out}) == 2);
  CHECK_THROWS_AS(run({"import", "--csv", good, out}), CLI::ParseError);
}

}  // namespace reckoner::sim
