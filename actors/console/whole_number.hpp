// Reads the whole numbers that flags take. (CLI11 would wrap -1 round and read 010 as eight.)
#pragma once

#include <cstdint>
#include <string>

#include "engine/basics/result.hpp"

namespace reckoner::console {

// From `low` to `high`. The error names the flag, what it got and what it takes.
Result<std::uint64_t> read_whole_number(const std::string& flag, const std::string& text,
                                        std::uint64_t low, std::uint64_t high);

}  // namespace reckoner::console
