#include "actors/console/progress.hpp"

#include <catch2/catch.hpp>

namespace reckoner::console {

TEST_CASE("progress: a bar says how much, how fast and how long still", "[console]") {
  CHECK(progress_text("import", 2'469'134, 4'938'268, 2) ==
        "import [############            ]  50 %, 1 234 567/s, 2 s left");
  CHECK(progress_text("x", 5, 5, 10) == "x [########################] 100 %, 0/s, 0 s left");
  CHECK(progress_text("x", 1, 1000, 10) ==
        "x [                        ]   0 %, 0/s, 2 h 46 min left");
  CHECK(progress_text("x", 10, 100, 10) ==
        "x [##                      ]  10 %, 1/s, 1 min 30 s left");
}

TEST_CASE("progress: where the end is not known it says how much is done", "[console]") {
  CHECK(progress_text("replay", 3'000'000, 0, 2) == "replay 3 000 000, 1 500 000/s");
}

TEST_CASE("progress: more than all, and no time at all, are no trouble", "[console]") {
  CHECK(progress_text("x", 7, 5, 0) == "x [########################] 100 %, 0/s");
  CHECK(progress_text("x", 0, 5, 1) == "x [                        ]   0 %, 0/s");
}

}  // namespace reckoner::console
