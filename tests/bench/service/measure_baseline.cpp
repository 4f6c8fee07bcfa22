#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/bench/service/measure.hpp"
#include "tests/support/files.hpp"

namespace reckoner::bench {
namespace {

// What is missing for it to run; empty: nothing.
std::string missing(const std::filesystem::path& script) {
  if (!std::filesystem::exists(script)) return "../shared/baseline is not there";
  const char* const checks[][2] = {{"command -v wrk", "wrk"},
                                   {"command -v curl", "curl"},
                                   {"/usr/bin/python3 -c 'import fastapi, uvicorn, sqlalchemy'",
                                    "Python's fastapi, uvicorn or sqlalchemy"}};
  for (const auto& [command, name] : checks)
    if (std::system(fmt::format("{} >/dev/null 2>&1", command).c_str()) != 0)
      return fmt::format("{} is not installed", name);
  return "";
}

}  // namespace

void measure_baseline(const ServiceOptions& options) {
  const auto script = support::shared_folder() / "baseline" / "run.sh";
  const std::string why = missing(script);
  if (!why.empty()) return fmt::print("the baseline is skipped: {}\n", why);
  fmt::print("the baseline, on SQLite:\n");
  std::fflush(stdout);
  const std::string command = fmt::format("D={:.0f} C={} bash '{}' sqlite quick", options.seconds,
                                          options.connections, script.string());
  if (std::system(command.c_str()) != 0) fmt::print("the baseline has failed\n");
}

}  // namespace reckoner::bench
