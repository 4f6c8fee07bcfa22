#include "engine/json/walker.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace reckoner::json {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Whether a name, as it stands between its quotes, is this key.
bool is_key(std::string_view name, std::string_view key) {
  if (name.find('\\') == std::string_view::npos) return name == key;
  boost::json::error_code failure;
  const std::string quoted = '"' + std::string(name) + '"';
  const boost::json::value unescaped = boost::json::parse(quoted, failure);
  return !failure && unescaped.is_string() && std::string_view(unescaped.as_string()) == key;
}

std::string_view without_space_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

}  // namespace

std::size_t value_end(std::string_view text, std::size_t at) {
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

std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

std::string shortest_decimal(std::string_view number) {
  double value = 0;  // not money yet: the rule defines the decimal by way of the binary double
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool tiny = number.find("e-") != number.npos || number.find("E-") != number.npos;
  if (error != std::errc()) return tiny ? "0" : "";
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
    const std::size_t key_end = string_end(object, at);
    const std::string_view name = object.substr(at + 1, key_end - at - 2);
    const std::size_t colon = object.find(':', key_end);
    const std::size_t value = object.find_first_not_of(kSpace, colon + 1);
    const std::size_t end = value_end(object, value);
    if (is_key(name, key)) found = without_space_behind(object.substr(value, end - value));
    at = end + 1;  // behind the comma, or the end
  }
}

}  // namespace reckoner::json
