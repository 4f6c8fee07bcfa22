// Lines of any content, and the limit of alarms.
#include "actors/log/line.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "actors/log/alarm_limit.hpp"
#include "actors/log/escape.hpp"
#include "engine/basics/ids.hpp"

namespace reckoner::log {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

constexpr std::size_t kAnySize = 1'000'000;

}  // namespace

TEST_CASE("log: what steers terminals or ends lines is escaped", "[log]") {
  CHECK(escaped("plain text, äöü €") == "plain text, äöü €");
  CHECK(escaped("a\"b\\c") == R"(a\"b\\c)");
  CHECK(escaped("a\nb\rc\td") == R"(a\nb\u000dc\u0009d)");
  CHECK(escaped("\x1b[2J\x7f") == "\\u001b[2J\\u007f");
  CHECK(escaped("\u0085 \u009b \u2028 \u2029") == R"(\u0085 \u009b \u2028 \u2029)");
  CHECK(escaped(std::string_view("\0", 1)) == "\\u0000");
  CHECK(escaped("\xff \xc0\xaf \xe2\x82") == "\uFFFD \uFFFD\uFFFD \uFFFD\uFFFD");
  CHECK(escaped("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
}

TEST_CASE("log: what is shown of a text is short and whole", "[log]") {
  CHECK(shown("abc") == "'abc'");
  CHECK(shown(std::string(1'000, 'x')) == "'" + std::string(120, 'x') + "…'");
  // The cut never goes through a character.
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ä";
  for (const std::string start : {"", "x"})
    CHECK(shown(start + umlauts).find("\uFFFD") == std::string::npos);
}

TEST_CASE("log: any bytes make one line, and good JSON", "[log]") {
  std::mt19937 random(20260105);
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text)
      c = static_cast<char>(random() % 4 == 0 ? "\"\\\n={}"[random() % 6] : random() % 256);
    const Field fields[] = {{"text", text}, {"n", round}};
    for (const Format format : {Format::text, Format::json}) {
      const std::string line = make_line(format, Instant{}, Level::info, "junk", fields);
      INFO(line);
      CHECK(is_valid_id(line, kAnySize));  // UTF-8 without control characters
      CHECK(line.find("n" + std::string(format == Format::json ? "\":" : "=") +
                      std::to_string(round)) != std::string::npos);
      boost::system::error_code error;
      if (format == Format::json) boost::json::parse(line, error);
      CHECK_FALSE(error);
    }
  }
}

TEST_CASE("log: long texts are cut off, and empty ones stand in quotes", "[log]") {
  const std::string text(10'000, 'x');
  const Field fields[] = {{"long", text}, {"empty", ""}};
  const std::string line = make_line(Format::text, Instant{}, Level::info, "e", fields);
  CHECK(line.size() < 5'000);
  CHECK(line.ends_with("x…\" empty=\"\""));
}

TEST_CASE("log: a clock far out of range makes a line, too", "[log]") {
  CHECK(make_line(Format::text, kDistantFuture, Level::error, "e", {}) ==
        "1970-01-01T00:00:00.000000Z error   e");
}

TEST_CASE("log: the limit of alarms, whatever the clock does", "[log]") {
  AlarmLimit limit(1);
  const Instant start{1'000 * kSecond};
  CHECK(limit.admit("a", start));
  CHECK_FALSE(limit.admit("a", start + 59 * kSecond));
  CHECK(limit.admit("b", start));
  CHECK(limit.next_over() == start + 60 * kSecond);
  CHECK(limit.take_over(start + 59 * kSecond).empty());
  const auto over = limit.take_over(start + 60 * kSecond);
  REQUIRE(over.size() == 1);
  CHECK(over[0].event == "a");
  CHECK(over[0].suppressed == 1);
  CHECK(limit.next_over() == kDistantFuture);
  CHECK(limit.admit("a", start + 60 * kSecond));
  // Set back by a year: it does not stay silent for one.
  CHECK_FALSE(limit.admit("a", start + 61 * kSecond));
  CHECK(limit.take_over(start - 365 * kDay).size() == 1);
  CHECK(limit.admit("a", start - 365 * kDay));
}

TEST_CASE("log: many names of alarms take no more memory than some", "[log]") {
  AlarmLimit limit(1);
  int admitted = 0;
  for (int i = 0; i < 10'000; ++i) admitted += limit.admit(std::to_string(i), Instant{}) ? 1 : 0;
  CHECK(admitted < 300);
  std::uint64_t suppressed = 0;
  for (const auto& counted : limit.take_all()) suppressed += counted.suppressed;
  CHECK(suppressed + static_cast<std::uint64_t>(admitted) == 10'000);
}

}  // namespace reckoner::log
