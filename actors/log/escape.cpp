#include "actors/log/escape.hpp"

#include <cstdint>

namespace reckoner::log {
namespace {

constexpr std::size_t kMostShown = 120;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes of the well-formed UTF-8 character that `text` begins with; 0: there is none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto follows = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const std::uint8_t low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const std::uint8_t low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_hex(std::string& out, unsigned code) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 15];
}

// Whether it was a character to escape.
bool append_special(std::string& out, std::string_view character) {
  const auto first = static_cast<std::uint8_t>(character[0]);
  if (character == "\"" || character == "\\") {
    out += '\\';
    out += character;
  } else if (character == "\n") {
    out += "\\n";
  } else if (first < 0x20 || first == 0x7F) {
    append_hex(out, first);
  } else if (first == 0xC2 && static_cast<std::uint8_t>(character[1]) < 0xA0) {
    append_hex(out, static_cast<std::uint8_t>(character[1]));
  } else if (character == "\u2028" || character == "\u2029") {
    append_hex(out, character == "\u2028" ? 0x2028 : 0x2029);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view character = text.substr(0, size);
    if (!append_special(out, character)) out += character;
    text.remove_prefix(size);
  }
}

std::string shown(std::string_view text) {
  std::string_view beginning = text.substr(0, kMostShown);
  // Not in the middle of a character.
  while (beginning.size() < text.size() && !beginning.empty() &&
         (static_cast<std::uint8_t>(text[beginning.size()]) & 0xC0) == 0x80)
    beginning.remove_suffix(1);
  std::string out = "'";
  append_escaped(out, beginning);
  if (beginning.size() < text.size()) out += "…";
  return out += '\'';
}

}  // namespace reckoner::log
