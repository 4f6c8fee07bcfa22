#include "actors/config/quantities.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace reckoner::config {

using namespace std::chrono_literals;

TEST_CASE("config: durations", "[config]") {
  CHECK(parse_duration("500ms") == Milliseconds(500));
  CHECK(parse_duration("10s") == Milliseconds(10'000));
  CHECK(parse_duration("15m") == Milliseconds(15min));
  CHECK(parse_duration("2h") == Milliseconds(2h));
  CHECK(parse_duration("35d") == Milliseconds(35 * 24h));
  CHECK(parse_duration("0s") == Milliseconds(0));
  for (const std::string wrong : {"", "10", "s", "-1s", "+1s", "1.5s", "1 s", "01s", "10S", "1us",
                                  "1h30m", "100001d", "99999999999999999999s", "1s "})
    CHECK_FALSE(parse_duration(wrong));
  for (const std::string same : {"1ms", "1s", "1m", "1h", "1d", "0s", "90s", "1500ms", "25h"})
    CHECK(duration_text(*parse_duration(same)) == same);
  CHECK(duration_text(60s) == "1m");
}

TEST_CASE("config: sizes", "[config]") {
  CHECK(parse_size("1MiB") == 1'048'576);
  CHECK(parse_size("4096") == 4'096);
  CHECK(parse_size("4096B") == 4'096);
  CHECK(parse_size("64KiB") == 65'536);
  CHECK(parse_size("2GiB") == 2'147'483'648);
  CHECK(parse_size("9223372036854775807") == INT64_MAX);
  for (const std::string wrong : {"", "B", "1MB", "1M", "1mib", "-1", "1.5MiB", "1 MiB", "007",
                                  "9223372036854775808", "99999999999GiB", "1iB"})
    CHECK_FALSE(parse_size(wrong));
  for (const std::string same : {"0", "1", "1023", "1KiB", "1025", "1MiB", "3GiB"})
    CHECK(size_text(*parse_size(same)) == same);
}

TEST_CASE("config: addresses", "[config]") {
  CHECK(parse_address("127.0.0.1:8080") == Address{"127.0.0.1", 8080});
  CHECK(parse_address("localhost:0") == Address{"localhost", 0});
  CHECK(parse_address("[::1]:65535") == Address{"::1", 65535});
  for (const std::string wrong :
       {"", ":80", "80", "host", "host:", "host:65536", "host:-1", "host:080", "::1:80", "[]:80",
        "[host]:80", "ho st:80", "a/b:1", "[::1]", "host:80 "})
    CHECK_FALSE(parse_address(wrong));
  for (const std::string same : {"127.0.0.1:8080", "[::1]:80", "a-b.example:1"})
    CHECK(address_text(*parse_address(same)) == same);
}

}  // namespace reckoner::config
