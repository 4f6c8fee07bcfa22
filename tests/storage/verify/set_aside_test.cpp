// Customers who are set aside, and rows for people: neither stops the engine or escapes verify.
#include <catch2/catch.hpp>

#include "tests/storage/small_store.hpp"

namespace reckoner::storage {

TEST_CASE("set aside: the note of who is set aside is verified") {
  TestStore store("memory", 1);
  Book dear;
  dear.prices.plans[0].pricing.model = PerUnit{kMaxPrice};
  {
    const auto driver = store.open(dear);
    use(*driver, kAt, "c", "k1");
    REQUIRE(driver->write_all().committed());
    use(*driver, kAt, "c", "k2", kMaxTokens);
    REQUIRE(driver->close().committed());
    CHECK(driver->customers().set_aside() == 1);
  }
  CHECK(shown(verified(*store.open_store())) == "");
  SECTION("missing") {
    change(*store.open_store(), [](Batch& batch) { batch.erase(Table::meta, set_aside_key("c")); });
    CHECK_FALSE(verified(*store.open_store()).holds());
  }
  SECTION("damaged") {
    change(*store.open_store(),
           [](Batch& batch) { batch.put(Table::meta, set_aside_key("c"), "nonsense"); });
    CHECK_FALSE(verified(*store.open_store()).holds());
  }
  SECTION("of another position") {
    change(*store.open_store(), [](Batch& batch) {
      const std::string key = set_aside_key("c");
      batch.put(Table::meta, key, encode_set_aside(key, 2));
    });
    CHECK_FALSE(verified(*store.open_store()).holds());
  }
}

// As an engine leaves it that was installed with a mended program: what it set aside folds right.
TEST_CASE("set aside: a customer who folds right again is no damage") {
  TestStore store("memory", 1);
  {
    const auto driver = store.open({});
    use(*driver, kAt, "c", "k1");
    REQUIRE(driver->write_all().committed());
  }
  {
    const auto driver = store.open({});
    use(*driver, kAt, "c", "k2");
    commit(*driver);
  }
  // The record stands before k2, the note says so, and the mark is behind it.
  change(*store.open_store(), [](Batch& batch) {
    const std::string key = set_aside_key("c");
    batch.put(Table::meta, key, encode_set_aside(key, 1));
    batch.put(Table::marks, number_key(0), encode_record(number_key(0), Mark{2}));
  });
  CHECK(shown(verified(*store.open_store())) == "");
  REQUIRE(store.open({})->close().committed());
  CHECK(shown(verified(*store.open_store())) == "");
}

TEST_CASE("set aside: a clock that ticks writes nothing about who is set aside") {
  TestStore store("memory", 1);
  Book dear;
  dear.prices.plans[0].pricing.model = PerUnit{kMaxPrice};
  const auto driver = store.open(dear);
  use(*driver, kAt, "c", "k2", kMaxTokens);
  commit(*driver);
  for (int day = 1; day < 4; ++day) {
    REQUIRE_FALSE(driver->clock(instant("2026-04-0" + std::to_string(day) + "T00:00:00Z")));
    CHECK(driver->entries_staged() == 0);
    commit(*driver);
  }
}

TEST_CASE("verify: a row for people that is damaged does not stop the engine") {
  TestStore store("sqlite", 1);
  {
    const auto driver = store.open({});
    use(*driver, kAt, "c", "key-1");
    REQUIRE(driver->close().committed());
  }
  sql(store.path(), "UPDATE usage_daily SET cost_usd = NULL");
  CustomersOptions often;
  often.entries_unwritten = 1;
  const auto driver = store.open({}, often);
  use(*driver, kAt, "c", "key-2");
  commit(*driver);
  for (int i = 0; i < 3; ++i) {
    use(*driver, kAt, "another", "key" + std::to_string(i));
    CHECK(driver->commit().committed());
  }
}

}  // namespace reckoner::storage
