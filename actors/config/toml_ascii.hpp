// A file as the TOML library can be given it. On some letters beyond ASCII that stand outside of
// strings its parser (3.3.0) is undefined, so it gets none at all: each such byte, and '~', becomes
// '~' and two digits. That means nothing in TOML, and can be taken back in what was read.
#pragma once

#include <string>
#include <string_view>

namespace reckoner::config {

std::string to_ascii(std::string_view text);
// Of what to_ascii made, or a part of it. What it did not make stays as it is.
std::string from_ascii(std::string_view ascii);

// Whether it has '~' as an escape ("\u007E"), which could not be told from what to_ascii makes.
bool has_escaped_mark(std::string_view text);

// Whether a letter beyond ASCII stands at the front of what to_ascii made.
bool begins_beyond_ascii(std::string_view ascii);

}  // namespace reckoner::config
