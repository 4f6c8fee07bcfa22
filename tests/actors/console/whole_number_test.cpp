#include "actors/console/whole_number.hpp"

#include <catch2/catch.hpp>

namespace reckoner::console {

TEST_CASE("whole numbers: only digits, within bounds", "[console]") {
  CHECK(*read_whole_number("--shards", "1", 1, 16) == 1);
  CHECK(*read_whole_number("--shards", "16", 1, 16) == 16);
  CHECK(*read_whole_number("--shards", "010", 1, 16) == 10);
  for (const char* wrong : {"", "0", "17", "-1", "+1", "1x", "1.0", " 1", "99999999999999999999"}) {
    INFO(wrong);
    CHECK_FALSE(read_whole_number("--shards", wrong, 1, 16));
  }
  CHECK(read_whole_number("--seed", "x", 0, 1000).error().detail ==
        "--seed is 'x'; it takes a whole number from 0 to 1 000");
}

}  // namespace reckoner::console
