// The members of a request's body, as they were sent: numbers as text, so that no amount passes
// through floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/money.hpp"
#include "engine/basics/result.hpp"

namespace reckoner::sim::sandbox {

struct Field {
  enum class Kind : std::uint8_t { null, boolean, number, string, object, array };
  std::string name;
  Kind kind = Kind::null;
  std::string text;  // a string's value; a number, object or array as written
};

class Fields {
 public:
  // The only error is `invalid_json`: no JSON, or no object. Of a member that comes twice the last
  // counts.
  static Result<Fields> read(std::string_view body);

  // Null where there is none, or it is null.
  const Field* find(std::string_view name) const;
  const std::vector<Field>& all() const { return all_; }

  // Empty where it is not given or no string.
  std::string_view string(std::string_view name) const;
  // Empty where it is no string with something in it, or longer than an id may be.
  std::string_view id(std::string_view name) const;
  // A number (the shortest decimal that stands for it) or a string that is one. Empty where it is
  // neither, or has more than 12 decimals.
  std::optional<Money> money(std::string_view name) const;
  // The text of an object; empty where it is none.
  std::string_view object(std::string_view name) const;

 private:
  std::vector<Field> all_;
};

}  // namespace reckoner::sim::sandbox
