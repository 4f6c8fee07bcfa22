// How a command ends: 0 done, 1 the job failed or a check does not hold, 2 wrong usage or
// configuration, with one line on standard error.
#pragma once

#include <string>

namespace reckoner::console {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

// Says `line` on standard error, with the program's name before it.
int end_with(int exit_code, const std::string& line);

}  // namespace reckoner::console
