#include "sim/drive/json_edit.hpp"

#include <boost/json.hpp>

#include "engine/json/json_line.hpp"

namespace reckoner::sim {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

// The position behind the value that begins at `at`.
std::size_t behind_value(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      at = behind_string(text, at) - 1;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return text.size();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace

JsonParts::JsonParts(std::string_view text) : text_(trimmed(text)) {
  object_ = text_.starts_with('{');
  at_ = object_ || text_.starts_with('[') ? 1 : text_.size();
}

bool JsonParts::next(JsonMember& member) {
  at_ = text_.find_first_not_of(kSpace, at_);
  if (at_ == text_.npos || text_[at_] == '}' || text_[at_] == ']') {
    at_ = text_.size();
    return false;
  }
  member.name = {};
  if (object_) {
    const std::size_t end = behind_string(text_, at_);
    member.name = text_.substr(at_ + 1, end - at_ - 2);
    at_ = text_.find(':', end) + 1;
  }
  const std::size_t end = behind_value(text_, at_);
  member.value = trimmed(text_.substr(at_, end - at_));
  at_ = end < text_.size() && text_[end] == ',' ? end + 1 : end;
  return true;
}

std::optional<std::string> json_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"') return std::nullopt;
  if (text.find('\\') == text.npos) return std::string(text.substr(1, text.size() - 2));
  boost::json::error_code failure;
  const boost::json::value read = boost::json::parse({text.data(), text.size()}, failure);
  if (failure || !read.is_string()) return std::nullopt;
  return std::string(read.get_string());
}

bool is_name(std::string_view name, std::string_view wanted) {
  if (name.find('\\') == name.npos) return name == wanted;
  return json_string('"' + std::string(name) + '"') == wanted;
}

bool is_object(std::string_view text) {
  return text.starts_with('{');
}

bool is_given(std::string_view text) {
  return !text.empty() && text != "null" && text != "\"\"";
}

std::string quoted(std::string_view text) {
  json::JsonLine line;
  return std::string(line.quoted(text).view());
}

void JsonEdit::replace(std::string_view part, std::string with) {
  const auto begin = static_cast<std::size_t>(part.data() - text_.data());
  replacements_.push_back({begin, part.size(), std::move(with)});
}

void JsonEdit::add_member(std::string_view name, std::string_view value) {
  added_ += '"' + std::string(name) + "\":" + std::string(value) + ',';
}

std::string JsonEdit::text() const {
  std::string out;
  std::size_t at = 0;
  if (!added_.empty()) {
    at = text_.find('{') + 1;
    out.append(text_.substr(0, at)).append(added_);
    const std::size_t first = text_.find_first_not_of(kSpace, at);
    if (first != text_.npos && text_[first] == '}') out.pop_back();  // there are no others
  }
  for (const Replacement& one : replacements_) {
    out.append(text_.substr(at, one.begin - at)).append(one.with);
    at = one.begin + one.length;
  }
  return out.append(text_.substr(at));
}

}  // namespace reckoner::sim
