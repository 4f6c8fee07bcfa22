#include "actors/log/line.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "actors/log/escape.hpp"

namespace reckoner::log {
namespace {

constexpr std::size_t kMostText = 4'096;
constexpr std::size_t kLevelWidth = 7;

std::string_view cut_off(std::string_view text) {
  if (text.size() <= kMostText) return text;
  std::size_t end = kMostText;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void append_quoted(std::string& out, std::string_view text) {
  const std::string_view beginning = cut_off(text);
  out += '"';
  append_escaped(out, beginning);
  if (beginning.size() < text.size()) out += "…";
  out += '"';
}

// What a text line shows without quotes: what no reader could take for more than one word.
bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= kMostText && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
  });
}

void append_value(std::string& out, Format format, const Value& value) {
  struct Appender {
    std::string& out;
    Format format;
    void operator()(std::string_view text) const {
      if (format == Format::text && is_plain(text))
        out += text;
      else
        append_quoted(out, text);
    }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(std::uint64_t number) const { out += std::to_string(number); }
  };
  std::visit(Appender{out, format}, value.held());
}

std::string time_text(Instant at) {
  std::string text = format_instant(in_calendar(at) ? at : Instant{});
  // Always six digits, so that lines stand in columns and sort.
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000000");
  return text;
}

}  // namespace

std::string_view level_name(Level level) {
  static constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string make_line(Format format, Instant at, Level level, std::string_view event,
                      std::span<const Field> fields) {
  std::string out;
  out.reserve(128);
  const std::string_view name = level_name(level);
  if (format == Format::json) {
    out += R"({"time":")" + time_text(at) + R"(","level":")";
    out += name;
    out += R"(","event":)";
    append_quoted(out, event);
  } else {
    out += time_text(at) + ' ';
    out += name;
    out.append(kLevelWidth - name.size() + 1, ' ');
    append_value(out, format, event);
  }
  for (const Field& field : fields) {
    out += format == Format::json ? "," : " ";
    if (format == Format::json)
      append_quoted(out, field.name);
    else
      append_value(out, format, field.name);
    out += format == Format::json ? ":" : "=";
    append_value(out, format, field.value);
  }
  if (format == Format::json) out += '}';
  return out;
}

}  // namespace reckoner::log
