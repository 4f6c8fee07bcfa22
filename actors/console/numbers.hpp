// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reckoner::console {

// "1 234 567": digits before the decimal point in groups of three.
std::string grouped(std::string_view number);
inline std::string grouped(std::int64_t number) {
  return grouped(std::to_string(number));
}

// "999 bytes", "1.5 KiB", "12.0 GiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace reckoner::console
