// What a command was asked for goes to standard output; what it says of its work, to standard
// error.
#pragma once

#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::console {

// All of it, now. The error (`unwritable`) is that of a closed pipe or a full disk.
Status write_standard_output(std::string_view text);

}  // namespace reckoner::console
