// The pieces of a request's target.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reckoner::sim::sandbox {

// "a%20b" is "a b"; with `plus_is_space` (in a query) "a+b", too. What is no escape stays.
std::string percent_decoded(std::string_view text, bool plus_is_space);

// The parts of a path, decoded: "/api/v1/charges/ch_1" has four.
std::vector<std::string> path_parts(std::string_view path);

// The first of that name, decoded.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace reckoner::sim::sandbox
