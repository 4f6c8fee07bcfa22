// Puts the text of one JSON line together, in a buffer that is used again. What it writes is as
// well-formed as what is asked of it: braces and commas are the caller's.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/instant.hpp"

namespace reckoner::json {

class JsonLine {
 public:
  void clear() { text_.clear(); }
  std::string_view view() const { return text_; }

  // As it stands: braces, names, and texts that need no escapes.
  JsonLine& raw(std::string_view text) {
    text_.append(text);
    return *this;
  }
  JsonLine& number(std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text_.append(digits, static_cast<std::size_t>(end - digits));
    return *this;
  }
  // With zeros in front up to `width` digits (at most 20).
  JsonLine& padded(std::uint64_t value, std::size_t width);
  // A JSON string with its quotes. The text is UTF-8.
  JsonLine& quoted(std::string_view text);
  // A time with its quotes, as format_instant writes it; quick for times close to each other.
  JsonLine& time(Instant at);
  // 32 digits in the shape of a UUID of version 4, without quotes.
  JsonLine& uuid(std::uint64_t high, std::uint64_t low);

 private:
  std::string text_;
  std::int64_t day_ = 0;  // whose date `date_` is
  std::string date_;      // "2026-01-05T"; empty: none yet
};

}  // namespace reckoner::json
