// Changes some values of a JSON text and leaves every other byte as it is: what is sent on is what
// came, but for its times and ids. The texts are known to be JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reckoner::sim {

// A member of an object: its name as it stands between its quotes, and its value as it stands.
struct JsonMember {
  std::string_view name;
  std::string_view value;
};

// Goes over an object's members, or an array's elements (which have no name), in order. What is
// neither has none.
class JsonParts {
 public:
  explicit JsonParts(std::string_view text);
  bool next(JsonMember& member);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool object_ = false;
};

// A string's value, without quotes and escapes; empty optional: the text is no string.
std::optional<std::string> json_string(std::string_view text);
// Whether a name, as it stands between its quotes, means this.
bool is_name(std::string_view name, std::string_view wanted);
bool is_object(std::string_view text);
// null and the empty string are as not given; so is what is not there.
bool is_given(std::string_view text);
// A JSON string, with its quotes.
std::string quoted(std::string_view text);

class JsonEdit {
 public:
  explicit JsonEdit(std::string_view text) : text_(text) {}

  // `part` is a view into the text, behind all that was replaced before.
  void replace(std::string_view part, std::string with);
  // Puts a member in front of all others of the object that the text is.
  void add_member(std::string_view name, std::string_view value);

  std::string text() const;

 private:
  struct Replacement {
    std::size_t begin, length;
    std::string with;
  };
  std::string_view text_;
  std::string added_;
  std::vector<Replacement> replacements_;
};

}  // namespace reckoner::sim
