#include "engine/basics/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace reckoner {

void report_bug(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "reckoner: bug: %s (%s) at %s:%d\n", why, condition, file, line);
  std::abort();
}

}  // namespace reckoner
