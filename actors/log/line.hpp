// One line of the log, as text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "actors/log/options.hpp"
#include "actors/log/value.hpp"

namespace reckoner::log {

std::string_view level_name(Level level);

// text: 2026-01-05T10:00:00.123456Z info  ready entries=123 store="sqlite:a b.db"
// json: {"time":"2026-01-05T10:00:00.123456Z","level":"info","event":"ready","entries":123, …}
// Without the end of the line. A text of more than 4 KiB is cut off.
std::string make_line(Format format, Instant at, Level level, std::string_view event,
                      std::span<const Field> fields);

}  // namespace reckoner::log
