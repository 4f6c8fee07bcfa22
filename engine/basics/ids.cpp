#include "engine/basics/ids.hpp"

#include <cstdint>

namespace reckoner {
namespace {

// The next code point, or -1 where the bytes are no well-formed UTF-8 (overlong forms, surrogates
// and values above U+10FFFF included). Moves `at` behind it.
std::int32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at++);
  if (first < 0x80) return first;
  int more;
  std::int32_t value, smallest;
  if (first >= 0xC2 && first < 0xE0) {
    more = 1, value = first & 0x1F, smallest = 0x80;
  } else if (first >= 0xE0 && first < 0xF0) {
    more = 2, value = first & 0x0F, smallest = 0x800;
  } else if (first >= 0xF0 && first < 0xF5) {
    more = 3, value = first & 0x07, smallest = 0x10000;
  } else {
    return -1;
  }
  for (; more > 0; --more) {
    if (at == text.size() || (byte(at) & 0xC0) != 0x80) return -1;
    value = (value << 6) | (byte(at++) & 0x3F);
  }
  if (value < smallest || value > 0x10FFFF) return -1;
  if (value >= 0xD800 && value < 0xE000) return -1;
  return value;
}

}  // namespace

bool is_valid_id(std::string_view id, std::size_t max_bytes) {
  if (id.empty() || id.size() > max_bytes) return false;
  for (std::size_t at = 0; at < id.size();) {
    const std::int32_t point = next_code_point(id, at);
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return false;
  }
  return true;
}

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

}  // namespace reckoner
