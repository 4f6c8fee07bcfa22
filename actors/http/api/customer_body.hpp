// What the body of a request says of a customer, and of a request to be authorized.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/basics/result.hpp"
#include "engine/identity/identity.hpp"

namespace reckoner::http::api {

// Members that are not known are passed over; null and the empty string are as not given. Errors:
// `invalid_json`, `invalid_field`. Where the path names the customer, it is `named`, and the body
// need not; it must not name another.
Result<CustomerLine> read_customer(std::string_view body, std::string_view named);

// {"tokens": 5}; 0 where it is not given, or where there is no body.
Result<std::int64_t> read_tokens(std::string_view body);

}  // namespace reckoner::http::api
