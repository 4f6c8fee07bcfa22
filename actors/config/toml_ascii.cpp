#include "actors/config/toml_ascii.hpp"

#include <algorithm>
#include <cstdint>

namespace reckoner::config {
namespace {

constexpr char kMark = '~';
constexpr std::string_view kDigits = "0123456789ABCDEF";
constexpr std::size_t kLength = 3;

// The byte that the front of `ascii` stands for; -1: for itself.
int marked_byte(std::string_view ascii) {
  if (ascii.size() < kLength || ascii[0] != kMark) return -1;
  const std::size_t high = kDigits.find(ascii[1]), low = kDigits.find(ascii[2]);
  if (high == kDigits.npos || low == kDigits.npos) return -1;
  return static_cast<int>(high * kDigits.size() + low);
}

}  // namespace

std::string to_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80 && c != kMark)
      out += c;
    else
      (out += kMark) += {kDigits[byte >> 4], kDigits[byte & 0xF]};
  }
  return out;
}

std::string from_ascii(std::string_view ascii) {
  std::string out;
  out.reserve(ascii.size());
  while (!ascii.empty()) {
    const int byte = marked_byte(ascii);
    out += byte < 0 ? ascii[0] : static_cast<char>(byte);
    ascii.remove_prefix(byte < 0 ? 1 : kLength);
  }
  return out;
}

bool has_escaped_mark(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != text.npos; at = text.find('\\', at + 1)) {
    std::string_view rest = text.substr(at + 1);
    if (!rest.starts_with('u') && !rest.starts_with('U')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of('0'), rest.size()));
    if (rest.starts_with("7E") || rest.starts_with("7e")) return true;
  }
  return false;
}

bool begins_beyond_ascii(std::string_view ascii) {
  return marked_byte(ascii) >= 0x80;
}

}  // namespace reckoner::config
