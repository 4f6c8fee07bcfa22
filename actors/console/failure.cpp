#include "actors/console/failure.hpp"

#include <cerrno>
#include <cstdio>

namespace reckoner::console {

int end_with(int exit_code, const std::string& line) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, line.c_str());
  return exit_code;
}

}  // namespace reckoner::console
