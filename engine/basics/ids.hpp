// What an id, a key or an operation may look like (contracts.md, HTTP).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reckoner {

inline constexpr std::size_t kMaxIdBytes = 255;
inline constexpr std::size_t kMaxOperationBytes = 64;

// True for 1 to `max_bytes` bytes of well-formed UTF-8 without control characters (U+0000 to
// U+001F, U+007F to U+009F).
bool is_valid_id(std::string_view id, std::size_t max_bytes = kMaxIdBytes);

// Lower case for A to Z; every other byte as it is ("ignoring case" in billing-rules.md is ASCII).
std::string fold_case(std::string_view text);

}  // namespace reckoner
