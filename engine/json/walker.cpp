#include "engine/json/walker.hpp"

#include <charconv>

namespace reckoner::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// The position behind the JSON value that begins at `at`. The text is known to be JSON.
std::size_t behind_value(std::string_view text, std::size_t at) {
  int depth = 0;
  for (bool in_string = false; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return at;
}

std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

std::string_view without_space_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

}  // namespace

std::string shortest_decimal(std::string_view number) {
  double value = 0;  // not money yet: the rule defines the decimal by way of the binary double
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc()) return {};
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, written.ptr};
}

std::string_view raw_member(std::string_view object, std::string_view key) {
  std::string_view found;
  std::size_t at = object.find_first_not_of(kSpace) + 1;
  while (true) {
    at = object.find_first_not_of(kSpace, at);
    if (at == std::string_view::npos || object[at] != '"') return found;
    const std::size_t key_end = behind_string(object, at);
    const std::string_view name = object.substr(at + 1, key_end - at - 2);
    const std::size_t colon = object.find(':', key_end);
    const std::size_t value = object.find_first_not_of(kSpace, colon + 1);
    const std::size_t end = behind_value(object, value);
    if (name == key) found = without_space_behind(object.substr(value, end - value));
    at = end + 1;  // behind the comma, or the end
  }
}

}  // namespace reckoner::json
