// Always-on checks for bugs: conditions that no input can bring about. They stay in release
// builds; a failed one says where and why on standard error and aborts, because a billing engine
// that has stopped is better than one that goes on wrong.
#pragma once

namespace reckoner {

[[noreturn]] void report_bug(const char* condition, const char* why, const char* file, int line);

}  // namespace reckoner

#define RECKONER_CHECK(condition, why)                             \
  do {                                                             \
    if (!(condition)) [[unlikely]]                                 \
      ::reckoner::report_bug(#condition, why, __FILE__, __LINE__); \
  } while (false)
