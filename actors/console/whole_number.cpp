#include "actors/console/whole_number.hpp"

#include <charconv>

#include "actors/console/numbers.hpp"

namespace reckoner::console {

Result<std::uint64_t> read_whole_number(const std::string& flag, const std::string& text,
                                        std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && low <= value && value <= high) return value;
  return invalid(flag + " is '" + text + "'; it takes a whole number from " +
                 grouped(std::to_string(low)) + " to " + grouped(std::to_string(high)));
}

}  // namespace reckoner::console
