// Paths and queries as they stand in a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"

namespace reckoner::http::api {

// "a%20b" becomes "a b"; empty where a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);
// The other way, for use as one segment of a path.
std::string percent_encoded(std::string_view text);

class Query {
 public:
  // Of "a=1&b=two+words". Error: `invalid_field`.
  static Result<Query> parse(std::string_view text);

  // Null: not given. Of two of one name the last.
  const std::string* find(std::string_view name) const;
  // Errors: `invalid_field`.
  Result<std::size_t> number(std::string_view name, std::size_t otherwise, std::size_t most) const;
  Result<bool> truth(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

// Where a list goes on, as clients see it: letters and digits that mean nothing to them.
std::string cursor_of(std::string_view place);
// What `cursor` cannot be.
Error invalid_cursor(std::string_view sent);
// Of the parameter `cursor`; empty where it is not given. Error: `invalid_field`.
Result<std::string> place_of_cursor(const Query& query);

}  // namespace reckoner::http::api
