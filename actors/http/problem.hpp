// Errors as people and programs get them: application/problem+json (RFC 9457).
#pragma once

#include <cstdint>
#include <string_view>

#include "actors/http/message.hpp"

namespace reckoner::http {

// "Not Found"; "Error" of a status that is not known.
std::string_view reason_phrase(unsigned status);

// `code` is stable, for programs; `detail` names the field, what came and what is taken.
Response problem(unsigned status, std::string_view code, std::string_view detail);
// The same with Retry-After.
Response problem_later(unsigned status, std::string_view code, std::string_view detail,
                       std::int64_t retry_after_seconds);

}  // namespace reckoner::http
