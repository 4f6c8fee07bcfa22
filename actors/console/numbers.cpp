#include "actors/console/numbers.hpp"

#include <algorithm>
#include <array>

namespace reckoner::console {

std::string grouped(std::string_view number) {
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(number.find('.'), number.size());
  std::string out(number.substr(0, first));
  for (std::size_t i = first; i < point; ++i) {
    if (i > first && (point - i) % 3 == 0) out += ' ';
    out += number[i];
  }
  return out.append(number.substr(point));
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  std::size_t unit = 0;
  for (; bytes >= 1024 * 1024; bytes /= 1024) ++unit;
  const std::uint64_t tenths = bytes * 10 / 1024;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " +
         std::string(kUnits[unit]);
}

}  // namespace reckoner::console
