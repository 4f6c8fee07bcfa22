#include "actors/config/toml_file.hpp"

#include <algorithm>
#include <cstdint>

#include "actors/config/keys.hpp"
#include "actors/config/secret.hpp"
#include "actors/config/toml_ascii.hpp"
#include "actors/log/escape.hpp"

// The library's parser asserts what a file can break ("[&" does): here that is an error of the
// file, not the end of the program, nor undefined as it would be under NDEBUG.
namespace reckoner::config {
struct BrokenAssertion {};
constexpr void assert_or_throw(bool holds) {
  if (!holds) throw BrokenAssertion();
}
}  // namespace reckoner::config
#undef NDEBUG
#define TOML_ASSERT(expr) reckoner::config::assert_or_throw(static_cast<bool>(expr))
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace reckoner::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The text from a position on, which TOML counts from 1.
std::string_view text_from(std::string_view text, toml::source_position at) {
  for (toml::source_index line = 1; line < at.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(std::min<std::size_t>(text.size(), at.column - 1));
}

// Of the bytes of a letter in UTF-8.
bool is_first_of_letter(char byte) {
  return (static_cast<std::uint8_t>(byte) & 0xC0) != 0x80;
}

// The digits of a number as the file has them, for the library makes a binary floating-point
// number of it, which money must not pass through.
std::string number_text(std::string_view text, const toml::node& number) {
  std::string_view from = text_from(text, number.source().begin);
  from = from.substr(0, from.find_first_not_of("+-.0123456789_eEinfa"));
  std::string out(from.substr(from.starts_with('+') ? 1 : 0));
  std::erase(out, '_');
  return out;
}

Given given_of(std::string_view text, const toml::node& node) {
  Given out;
  out.line = node.source().begin.line;
  if (const auto* string = node.as_string()) {
    out.shape = Shape::text;
    out.text = from_ascii(string->get());
  } else if (const auto* whole = node.as_integer()) {
    out.shape = Shape::whole;
    out.text = std::to_string(whole->get());
  } else if (const auto* flag = node.as_boolean()) {
    out.shape = Shape::flag;
    out.text = flag->get() ? "true" : "false";
  } else if (node.is_floating_point()) {
    out.shape = Shape::fraction;
    out.text = number_text(text, node);
  } else {
    out.text = node.is_table() ? "a table" : node.is_array() ? "an array" : "a date or a time";
  }
  return out;
}

void read_section(std::string_view text, std::string_view section, const toml::table& table,
                  std::vector<Given>& out) {
  if (table.empty()) {
    out.push_back({std::string(section), "", "a table", Shape::other,
                   static_cast<std::uint32_t>(table.source().begin.line)});
    return;
  }
  for (const auto& [name, node] : table) {
    Given given = given_of(text, node);
    given.section = section;
    given.name = from_ascii(name.str());
    out.push_back(std::move(given));
  }
}

bool is_known_name(std::string_view name) {
  return std::ranges::any_of(keys(), [name](const Key& key) {
    const std::size_t dot = key.name.find('.');
    return name == key.name || name == key.name.substr(0, dot) || name == key.name.substr(dot + 1);
  });
}

// The library quotes the file in its messages. Single characters and names of keys may be seen.
std::string without_values(std::string_view description) {
  std::string out;
  for (std::size_t at = 0; at < description.size();) {
    const std::size_t end =
        description[at] == '\'' ? description.find('\'', at + 1) : description.npos;
    if (end == description.npos) {
      out += description[at++];
      continue;
    }
    const std::string_view quoted = description.substr(at + 1, end - at - 1);
    out += quoted.size() <= 1 || is_known_name(quoted) ? '\'' + std::string(quoted) + '\'' : "'…'";
    at = end + 1;
  }
  return out;
}

// Whether the line could hold a secret, or a part of one.
bool is_of_secret(std::string_view line) {
  return std::ranges::any_of(keys(), [line](const Key& key) {
    return key.secret() && line.find(key.name.substr(key.name.find('.') + 1)) != line.npos;
  });
}

constexpr std::string_view kTakes = "; it takes TOML, as [server] and listen = \"127.0.0.1:8080\"";

Error error_of(std::string_view text, const toml::parse_error& error) {
  const toml::source_position at = error.source().begin;
  const std::string line_number = std::to_string(at.line);
  const std::string_view rest = text_from(text, at);
  if (begins_beyond_ascii(rest))
    return {"invalid_configuration",
            "line " + line_number + " has a letter beyond ASCII where only quotes and comments " +
                "may have one" + std::string(kTakes)};
  std::string_view line = text_from(text, {at.line, 1});
  const std::string before = from_ascii(line.substr(0, line.size() - rest.size()));
  const auto column = 1 + std::ranges::count_if(before, is_first_of_letter);
  line = line.substr(0, line.find('\n'));
  std::string why(kTakes);
  if (!is_of_secret(line)) {
    std::string escaped;
    log::append_escaped(escaped, without_values(error.description()));
    why.insert(0, ": " + escaped);
  }
  return {"invalid_configuration",
          "line " + line_number + ", column " + std::to_string(column) + " cannot be read" + why};
}

// Everything that the sections of a file hold.
std::vector<Given> given_by(std::string_view text, const toml::table& file) {
  std::vector<Given> out;
  for (const auto& [name, node] : file) {
    if (const toml::table* section = node.as_table()) {
      read_section(text, from_ascii(name.str()), *section, out);
      continue;
    }
    Given given = given_of(text, node);
    given.name = from_ascii(name.str());
    out.push_back(std::move(given));
  }
  std::ranges::stable_sort(out, {}, &Given::line);
  return out;
}

// A copy of the file may hold secrets.
struct Wiped {
  std::string text;
  ~Wiped() { wipe(text); }
};

}  // namespace

Result<std::vector<Given>> read_toml(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (has_escaped_mark(text))
    return Error{"invalid_configuration", "it has \\u007E; it takes ~ itself"};
  const Wiped copy{to_ascii(text)};
  try {
    return given_by(copy.text, toml::parse(copy.text));
  } catch (const toml::parse_error& error) {
    return error_of(copy.text, error);
  } catch (const BrokenAssertion&) {
    return Error{"invalid_configuration", "it cannot be read" + std::string(kTakes)};
  }
}

}  // namespace reckoner::config
