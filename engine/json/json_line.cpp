#include "engine/json/json_line.hpp"

namespace reckoner::json {
namespace {

constexpr std::size_t kDateBytes = 11;  // "2026-01-05T"
constexpr char kHexDigits[] = "0123456789abcdef";

void put_two(char* to, std::int64_t value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

JsonLine& JsonLine::padded(std::uint64_t value, std::size_t width) {
  char digits[20];
  std::size_t at = sizeof digits;
  for (; value > 0 || sizeof digits - at < width; value /= 10)
    digits[--at] = static_cast<char>('0' + value % 10);
  text_.append(digits + at, sizeof digits - at);
  return *this;
}

JsonLine& JsonLine::quoted(std::string_view text) {
  text_ += '"';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') {
      raw("\\u00").raw(c < 0x10 ? "0" : "1");
      text_ += kHexDigits[c & 15];
      continue;
    }
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

JsonLine& JsonLine::time(Instant at) {
  std::int64_t day = at.micros / kDay;
  if (at.micros % kDay < 0) --day;
  if (date_.empty() || day != day_) {
    day_ = day;
    date_ = format_instant({day * kDay}).substr(0, kDateBytes);
  }
  const Micros in_day = at.micros - day * kDay;
  const std::int64_t seconds = in_day / kSecond;
  const auto micros = static_cast<std::uint64_t>(in_day % kSecond);
  char clock[] = "00:00:00";
  put_two(clock, seconds / 3600);
  put_two(clock + 3, seconds / 60 % 60);
  put_two(clock + 6, seconds % 60);
  text_ += '"';
  raw(date_).raw(clock);
  if (micros != 0) raw(".").padded(micros, 6);
  return raw("Z\"");
}

JsonLine& JsonLine::uuid(std::uint64_t high, std::uint64_t low) {
  high = (high & ~0xF000ULL) | 0x4000ULL;      // version 4
  low = (low & ~(3ULL << 62)) | (1ULL << 63);  // and its variant
  char out[36];
  char* to = out;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) *to++ = '-';
    const std::uint64_t half = i < 16 ? high : low;
    *to++ = kHexDigits[(half >> (60 - 4 * (i % 16))) & 15];
  }
  text_.append(out, sizeof out);
  return *this;
}

}  // namespace reckoner::json
