#include "actors/config/toml_letters.hpp"

#include <algorithm>

namespace reckoner::config {
namespace {

constexpr std::size_t kMostQuotesAtTheEnd = 5;  // two of the text, three that end it

std::size_t quotes_at(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of(text[at], at), text.size());
  return end - at;
}

// The place behind the string that begins at `at`. One that does not end in its line, as it must,
// ends there: the parser gets no further.
std::size_t end_of_line_string(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  for (; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == quote) return at + 1;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return std::min(at, text.size());
}

std::size_t end_of_long_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (at += 3; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const std::size_t quotes = quotes_at(text, at);
      if (quotes >= 3) return at + std::min(quotes, kMostQuotesAtTheEnd);
      at += quotes - 1;
    }
  }
  return text.size();
}

}  // namespace

std::size_t first_stray_letter(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if ((c & 0x80) != 0) return at;
    if (c == '#')
      at = std::min(text.find('\n', at), text.size());
    else if (c == '"' || c == '\'')
      at = quotes_at(text, at) >= 3 ? end_of_long_string(text, at) : end_of_line_string(text, at);
    else
      ++at;
  }
  return text.npos;
}

}  // namespace reckoner::config
