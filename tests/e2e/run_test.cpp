// `./dev run` as a shell runs it, but for the building: .dev/run with these programs.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;

std::string run_command(const Programs& programs, const std::string& more = "") {
  const std::string bin = std::filesystem::path(RECKONER_PROGRAM).parent_path().string();
  return "'" + (support::source_folder() / ".dev/run").string() + "' '" + bin + "' '" +
         programs.folder().file("run") + "' " + more;
}

// One that has ended has no program any more, also where nobody takes note of its end: some
// containers have no process that does it for those whose parent is gone.
bool lives(pid_t process) {
  std::error_code gone;
  return !std::filesystem::read_symlink("/proc/" + std::to_string(process) + "/exe", gone).empty();
}

// What a run left: the engine's and the sandbox's process, a line each.
std::vector<pid_t> processes(const Programs& programs) {
  std::istringstream lines(programs.read("run/processes"));
  std::vector<pid_t> out;
  for (pid_t process = 0; lines >> process;) out.push_back(process);
  return out;
}

void end(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) kill(process, SIGTERM);
  for (const pid_t process : processes)
    while (lives(process)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace

TEST_CASE("dev run: all of it, and nothing is left running", "[e2e]") {
  const Programs programs;
  const Ran ran = programs.run(run_command(programs));
  INFO(ran.said << ran.out);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("replay: the same") && Contains("Where things are"));
  CHECK_THAT(ran.out, Contains("stopped commits="));
  CHECK_THAT(programs.read("run/report.json"), Contains("\"agrees\":true"));
  CHECK_THAT(programs.read("run/report.html"), Contains("\"agrees\":true"));
  CHECK_FALSE(std::filesystem::exists(programs.folder().file("run/processes")));
}

TEST_CASE("dev run --keep: engine and sandbox stay, until the next run", "[e2e]") {
  const Programs programs;
  const Ran ran = programs.run(run_command(programs, "--keep"));
  INFO(ran.said << ran.out);
  REQUIRE(ran.code == 0);
  const std::vector<pid_t> kept = processes(programs);
  REQUIRE(kept.size() == 2);
  CHECK((lives(kept[0]) && lives(kept[1])));
  const Ran again = programs.run(run_command(programs, "--keep"));
  CHECK(again.code == 0);
  CHECK_FALSE((lives(kept[0]) || lives(kept[1])));
  end(processes(programs));
}

TEST_CASE("dev run: a step that fails says which, with the log's end, and ends the others",
          "[e2e]") {
  const Programs programs;
  const Ran ran = programs.run("BILLING_THRESHOLD_USD=much " + run_command(programs));
  INFO(ran.said << ran.out);
  CHECK(ran.code == 1);
  CHECK_THAT(ran.said, Contains("the engine did not become ready") && Contains("engine.log"));
  CHECK_FALSE(std::filesystem::exists(programs.folder().file("run/processes")));
  CHECK(programs.run(run_command(programs, "--fast")).code == 2);
}

}  // namespace reckoner::e2e
