// How much is logged, in what form, and where to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "engine/basics/instant.hpp"

namespace reckoner::log {

enum class Level : std::uint8_t { debug, info, warning, error };
enum class Format : std::uint8_t { text, json };

struct Options {
  Level level = Level::info;  // and above
  Format format = Format::text;
  int descriptor = 2;                 // standard error; stays the caller's
  std::size_t queue = 8'192;          // lines that wait to be written; beyond it the oldest go
  unsigned alarms_in_a_minute = 5;    // of one event; beyond it they are counted
  Micros patience = 2 * kSecond;      // at the end, for a reader that does not read
  std::function<Instant()> now = {};  // empty: the system's clock
};

}  // namespace reckoner::log
