// For the tests of histories: reading a line that is good.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "engine/json/history.hpp"
#include "engine/json/walker.hpp"

namespace reckoner::json {

using Kind = HistoryLine::Kind;

// The line, until the next is read.
inline const HistoryLine& read(HistoryReader& reader, std::string_view text) {
  const Status done = reader.read(text);
  INFO(text);
  if (!done) FAIL(done.error().detail);
  return reader.line();
}

// A usage line of customer "u" with these further members.
inline const UsageRequest& read_usage(HistoryReader& reader, std::string_view members) {
  const HistoryLine& line =
      read(reader, R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u",)" +
                       std::string(members) + "}");
  REQUIRE(line.kind == Kind::usage);
  return line.usage;
}

}  // namespace reckoner::json
