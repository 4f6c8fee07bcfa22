// Holds answers against the description of the API.
#pragma once

#include <string>
#include <string_view>

namespace reckoner::http::api {

// What is wrong with a body that an operation answered; empty: nothing. Members that the
// description does not know are wrong, too.
std::string openapi_fault(std::string_view method, std::string_view pattern, unsigned status,
                          std::string_view content_type, std::string_view body);

}  // namespace reckoner::http::api
