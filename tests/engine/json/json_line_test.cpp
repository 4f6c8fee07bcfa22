#include "engine/json/json_line.hpp"

#include <catch2/catch.hpp>

namespace reckoner::json {

TEST_CASE("a JSON line's times are those that format_instant writes", "[json]") {
  JsonLine line;
  for (const std::int64_t seconds : {0L, 86'399L, 86'400L, -1L, 1'767'225'600L, 1'767'225'601L})
    for (const std::int64_t micros : {0L, 1L, 120'000L, 999'999L}) {
      const Instant at{seconds * kSecond + micros};
      line.clear();
      CHECK(line.time(at).view() == '"' + format_instant(at) + '"');
    }
}

TEST_CASE("a JSON line's numbers, strings and ids are well-formed", "[json]") {
  JsonLine line;
  CHECK(line.padded(7, 3).raw(" ").padded(1234, 3).raw(" ").padded(0, 1).view() == "007 1234 0");
  line.clear();
  CHECK(line.quoted(R"(a "b" \ ü)").view() == R"("a \"b\" \\ ü")");
  line.clear();
  CHECK(line.quoted({"\x00\t\x1F ", 4}).view() == R"("\u0000\u0009\u001f ")");
  line.clear();
  CHECK(line.number(-12).raw(",").number(INT64_MIN).view() == "-12,-9223372036854775808");
  line.clear();
  CHECK(line.uuid(0x0123456789ABCDEF, 0xFEDCBA9876543210).view() ==
        "01234567-89ab-4def-bedc-ba9876543210");
}

}  // namespace reckoner::json
