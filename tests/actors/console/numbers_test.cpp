#include "actors/console/numbers.hpp"

#include <catch2/catch.hpp>

namespace reckoner::console {

TEST_CASE("numbers: digits before the point are in groups of three", "[console]") {
  CHECK(grouped(std::int64_t{0}) == "0");
  CHECK(grouped(std::int64_t{999}) == "999");
  CHECK(grouped(std::int64_t{-1000}) == "-1 000");
  CHECK(grouped(INT64_MIN) == "-9 223 372 036 854 775 808");
  CHECK(grouped("1234567.8901") == "1 234 567.8901");
}

TEST_CASE("numbers: bytes are shown in the unit that fits", "[console]") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(1023) == "1023 bytes");
  CHECK(bytes_text(1024) == "1.0 KiB");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(1024 * 1024 - 1) == "1023.9 KiB");
  CHECK(bytes_text(std::uint64_t{12} << 30) == "12.0 GiB");
  CHECK(bytes_text(UINT64_MAX) == "15.9 EiB");
}

}  // namespace reckoner::console
