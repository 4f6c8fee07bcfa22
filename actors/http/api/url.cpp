#include "actors/http/api/url.hpp"

#include <charconv>

#include "engine/basics/sha256.hpp"

namespace reckoner::http::api {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that two digits stand for; -1: they are none.
int byte(std::string_view two) {
  if (two.size() < 2 || digit(two[0]) < 0 || digit(two[1]) < 0) return -1;
  return digit(two[0]) * 16 + digit(two[1]);
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      const int value = byte(text.substr(at + 1, 2));
      if (value < 0) return std::nullopt;
      out += static_cast<char>(value);
      at += 2;
    } else {
      out += plus_is_space && text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
      continue;
    }
    const auto value = static_cast<unsigned char>(c);
    out += {'%', kDigits[value >> 4], kDigits[value & 15]};
  }
  return out;
}

Result<Query> Query::parse(std::string_view text) {
  Query out;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    auto name = percent_decoded(item.substr(0, equals), true);
    auto value = percent_decoded(equals == item.npos ? "" : item.substr(equals + 1), true);
    if (!name || !value)
      return invalid("the query has '" + std::string(item) +
                     "'; behind a % it takes two hexadecimal digits");
    out.items_.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

const std::string* Query::find(std::string_view name) const {
  for (auto item = items_.rbegin(); item != items_.rend(); ++item)
    if (item->first == name) return &item->second;
  return nullptr;
}

Result<std::size_t> Query::number(std::string_view name, std::size_t otherwise,
                                  std::size_t most) const {
  const std::string* text = find(name);
  if (text == nullptr || text->empty()) return otherwise;
  std::size_t value = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || stop != text->data() + text->size() || value < 1 || value > most)
    return invalid(std::string(name) + " is '" + *text + "'; it takes an integer from 1 to " +
                   std::to_string(most));
  return value;
}

Result<bool> Query::truth(std::string_view name) const {
  const std::string* text = find(name);
  if (text == nullptr || text->empty() || *text == "false") return false;
  if (*text == "true") return true;
  return invalid(std::string(name) + " is '" + *text + "'; it takes true or false");
}

std::string cursor_of(std::string_view place) {
  return to_hex(place);
}

Error invalid_cursor(std::string_view sent) {
  return invalid("cursor is '" + std::string(sent) +
                 "'; it takes the next of an answer, as it came");
}

Result<std::string> place_of_cursor(const Query& query) {
  const std::string* text = query.find("cursor");
  std::string place;
  if (text == nullptr) return place;
  for (std::size_t at = 0; at < text->size(); at += 2) {
    const int value = byte(std::string_view(*text).substr(at, 2));
    if (value < 0) return invalid_cursor(*text);
    place += static_cast<char>(value);
  }
  return place;
}

}  // namespace reckoner::http::api
