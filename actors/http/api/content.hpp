// What a request says that its body is.
#pragma once

#include <cstdint>
#include <string_view>

#include "actors/http/message.hpp"

namespace reckoner::http::api {

// A body that is not said to be anything is taken for JSON.
enum class Content : std::uint8_t { json, lines, other };
Content content_of(const Request& request);

// 415, with what came and what is taken.
Response unsupported_content(const Request& request, std::string_view taken);

}  // namespace reckoner::http::api
