// For the tests of histories: reading a line that is good.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "engine/json/history.hpp"
#include "engine/json/walker.hpp"

namespace reckoner::json {

using Kind = HistoryLine::Kind;

// A reader and the text of its line, which the line's views are into.
struct Lines {
  HistoryReader reader;
  std::string text;
};

// The line, until the next is read.
inline const HistoryLine& read(Lines& lines, std::string_view text) {
  lines.text = text;
  const Status done = lines.reader.read(lines.text);
  INFO(text);
  if (!done) FAIL(done.error().detail);
  return lines.reader.line();
}

// A usage line of customer "u" with these further members.
inline const UsageRequest& read_usage(Lines& lines, std::string_view members) {
  const HistoryLine& line =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u",)" +
                      std::string(members) + "}");
  REQUIRE(line.kind == Kind::usage);
  return line.usage;
}

}  // namespace reckoner::json
