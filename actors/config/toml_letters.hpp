// What the TOML library must not be given.
#pragma once

#include <cstddef>
#include <string_view>

namespace reckoner::config {

// Where the first byte beyond ASCII stands outside of strings and comments; npos: nowhere. TOML
// allows none there, and on some the library's parser (3.3.0) is undefined instead of refusing
// them.
std::size_t first_stray_letter(std::string_view text);

}  // namespace reckoner::config
