// How a command ends: 0 done, 1 the job failed or a check does not hold, 2 wrong usage or
// configuration, with one line on standard error.
#pragma once

#include <cstdio>
#include <string>

namespace reckoner::sim {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

inline int end_with(int exit_code, const std::string& line) {
  std::fprintf(stderr, "reckoner-sim: %s\n", line.c_str());
  return exit_code;
}

}  // namespace reckoner::sim
