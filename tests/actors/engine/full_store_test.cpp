// What a live engine does while its store refuses.
#include <catch2/catch.hpp>

#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using support::RefusedEngine;
using Answers = RefusedEngine::Answers;

constexpr Micros kIdle = 5 * 60 * kSecond;
constexpr Micros kAfterThePeriod = 40 * kDay;

std::vector<std::string> customers(int many) {
  std::vector<std::string> ids;
  for (int i = 0; i < many; ++i) ids.push_back("c" + std::to_string(i));
  return ids;
}

TEST_CASE("however many are due, a store that refuses is asked once a tick") {
  RefusedEngine on;
  on.usage("usage", customers(1'200));
  on.engine->run();
  REQUIRE(on.answers["usage"] == Answers{"ok"});
  on.now = on.now + kAfterThePeriod;
  on.refusals->all = true;
  on.engine->tick();
  CHECK(on.refusals->told <= 2);
  on.engine->tick();
  CHECK(on.refusals->told <= 3);
  CHECK(on.clocks == 0);
  on.refusals->all = false;
  on.engine->tick();
  on.engine->tick();
  CHECK(on.clocks == 1'200);
}

TEST_CASE("more sleep and are due than may be awake for it: they hear of it some at a time") {
  RefusedEngine on;
  on.usage("usage", customers(9'000));
  on.engine->run();
  on.now = on.now + kIdle;
  on.engine->tick();
  on.engine->tick();
  on.engine->tick();
  REQUIRE(on.engine->figures().customers_awake == 0);
  on.now = on.now + kAfterThePeriod;
  on.engine->tick();
  CHECK(on.clocks == 9'000);
  CHECK(on.engine->figures().customers_awake == 0);
}

TEST_CASE("while those whom the clock woke cannot be written, the store is asked once a tick") {
  RefusedEngine on;
  on.usage("usage", customers(5'000));
  on.engine->run();
  on.now = on.now + kIdle;
  on.engine->tick();
  on.engine->tick();
  REQUIRE(on.engine->figures().customers_awake == 0);
  on.now = on.now + kAfterThePeriod;
  on.refusals->rows = true;
  on.engine->tick();
  on.engine->tick();
  CHECK(on.refusals->told <= 12);
  on.refusals->rows = false;
  on.engine->tick();
  on.engine->tick();
  CHECK(on.engine->figures().customers_awake == 0);
  CHECK(on.clocks == 5'000);
}

// As a disk does that is nearly full.
struct RowsAreRefused : RefusedEngine {
  RowsAreRefused() {
    usage("first", {"a", "b"});
    engine->run();
    refusals->rows = true;
    list("refused");
    engine->run();
    REQUIRE(answers["refused"] == Answers{"unavailable"});
    REQUIRE(alarms["store_refuses"] == 1);
  }
  void check_taken_again() {
    refusals->rows = false;
    engine->tick();
    CHECK(alarms["store_takes_again"] == 1);
    list("at last");
    engine->run();
    CHECK(answers["at last"] == Answers{"ok"});
    CHECK(alarms["store_refuses"] == 1);
  }
};

TEST_CASE("a trial to write rows turns nobody away") {
  RowsAreRefused on;
  SECTION("of the tick") {
    on.usage("usage", {"a", "c"});
    on.engine->tick();
  }
  SECTION("of who wants a list") {
    on.list("list");
    on.usage("usage", {"a", "c"});
    on.engine->run();
    CHECK(on.answers["list"] == Answers{"unavailable"});
  }
  SECTION("of an engine that ends") {
    on.usage("usage", {"a", "c"});
    CHECK(on.engine->stop().has_value());
    CHECK(on.answers["usage"] == Answers{"ok"});
    return;
  }
  CHECK(on.answers["usage"] == Answers{"ok"});
  CHECK(on.alarms["store_takes_again"] == 0);
  on.check_taken_again();
}

TEST_CASE("a store is said to take again once it has taken what waited to be written") {
  RefusedEngine on;
  on.refusals->all = true;
  on.usage("refused", {"a"});
  on.engine->run();
  REQUIRE(on.answers["refused"] == Answers{"unavailable"});
  REQUIRE(on.alarms["store_refuses"] == 1);
  on.refusals->all = false;
  SECTION("rows") {
    on.refusals->rows = true;
    on.usage("taken", {"a"});
    on.engine->tick();
    CHECK(on.answers["taken"] == Answers{"ok"});
    on.engine->tick();
    on.engine->tick();
    CHECK(on.refusals->told > 1);
    CHECK(on.alarms["store_takes_again"] == 0);
    on.refusals->rows = false;
    on.engine->tick();
  }
  SECTION("rows that are not due") {
    on.usage("taken", {"a"});
    on.engine->tick();
    CHECK(on.alarms["store_takes_again"] == 0);
    on.engine->tick();
  }
  SECTION("marks, where there is nothing else") {
    on.settle("nobody", "nobody");
    on.engine->run();
    CHECK(on.alarms["store_takes_again"] == 0);
    on.engine->tick();
  }
  CHECK(on.alarms["store_takes_again"] == 1);
  CHECK(on.alarms["store_refuses"] == 1);
}

TEST_CASE("time passes while rows are refused") {
  RowsAreRefused on;
  on.now = on.now + kAfterThePeriod;
  on.engine->tick();
  on.engine->tick();
  CHECK(on.clocks == 2);
  on.check_taken_again();
}

}  // namespace
}  // namespace reckoner
