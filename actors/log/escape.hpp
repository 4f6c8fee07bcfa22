// Text from anywhere, made fit for one line.
#pragma once

#include <string>
#include <string_view>

namespace reckoner::log {

// Appends what stands between the quotes of a JSON string. Beyond what JSON demands it escapes DEL,
// U+0080 to U+009F and U+2028, U+2029, so that no text can end a line or steer a terminal; bytes
// that are no UTF-8 become U+FFFD.
void append_escaped(std::string& out, std::string_view text);

// What somebody gave, within a message: escaped so, in single quotes, and cut off where it is long.
std::string shown(std::string_view text);

}  // namespace reckoner::log
