// Reads the whole numbers that flags take. (CLI11 would wrap -1 round and read 010 as eight.)
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

#include "engine/basics/result.hpp"
#include "sim/output/numbers.hpp"

namespace reckoner::sim {

// From `low` to `high`. The error names the flag, what it got and what it takes.
inline Result<std::uint64_t> read_whole_number(const std::string& flag, const std::string& text,
                                               std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && low <= value && value <= high) return value;
  return invalid(flag + " is '" + text + "'; it takes a whole number from " +
                 grouped(std::to_string(low)) + " to " + grouped(std::to_string(high)));
}

}  // namespace reckoner::sim
