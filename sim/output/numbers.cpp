#include "sim/output/numbers.hpp"

#include <algorithm>

namespace reckoner::sim {

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

}  // namespace reckoner::sim
