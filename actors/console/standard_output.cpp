#include "actors/console/standard_output.hpp"

#include <cstdio>

namespace reckoner::console {

Status write_standard_output(std::string_view text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? Status(Done{}) : Status(Error{"unwritable", "cannot write standard output"});
}

}  // namespace reckoner::console
