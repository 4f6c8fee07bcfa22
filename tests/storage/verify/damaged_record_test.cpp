// A customer's record that cannot be read: the customer is set aside, nobody else, and nothing of
// it is lost.
#include <catch2/catch.hpp>

#include "tests/storage/small_store.hpp"

namespace reckoner::storage {
namespace {

// One shard, "c" and "other" with a use each, all of it written.
void fill(const TestStore& store) {
  const auto driver = store.open({});
  use(*driver, kAt, "c", "k1");
  use(*driver, kAt, "other", "k1");
  REQUIRE(driver->close().committed());
}

std::string take_record(const TestStore& store, std::string_view customer) {
  std::unique_ptr<Reader> reader;
  REQUIRE_FALSE(store.open_store()->open_reader(reader));
  std::optional<std::string> record;
  REQUIRE_FALSE(reader->get(Table::customers, customer, record));
  return record.value();
}

void put_record(const TestStore& store, const std::string& customer, const std::string& record) {
  change(*store.open_store(), [&](Batch& batch) { batch.put(Table::customers, customer, record); });
}

std::int64_t tokens_of(Driver& driver, const std::string& customer) {
  Ledger ledger{Books()};
  ClosedRows closed;
  const StoreStatus failed = driver.load(ledger, closed);
  INFO((failed ? failed->detail : ""));
  REQUIRE_FALSE(failed);
  for (const CustomerState& state : ledger.customers())
    if (state.id.view() == customer) return state.unbilled_tokens;
  return -1;
}

// What folding the journal into a new store makes of it.
std::int64_t tokens_in_the_journal(const TestStore& store, const std::string& customer) {
  TestStore mended("memory", 1);
  const auto driver = mended.open({});
  import(*driver, exported(*store.open_store()));
  REQUIRE(driver->close().committed());
  return tokens_of(*driver, customer);
}

}  // namespace

TEST_CASE("damaged record: its customer is set aside, and everybody else goes on") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    TestStore store(scheme, 1);
    fill(store);
    put_record(store, "c", "nonsense");
    {
      const auto driver = store.open({});
      CHECK(use(*driver, kAt, "c", "k2").accepted());
      CHECK(use(*driver, kAt, "other", "k2").accepted());
      commit(*driver);
      CHECK(driver->customers().is_set_aside("c"));
      CHECK(driver->customers().set_aside() == 1);
      // Repeats are known as ever.
      CHECK(use(*driver, kAt, "c", "k2").kind == Verdict::Kind::duplicate);
      REQUIRE(driver->close().committed());
      CHECK(driver->customers().mark(0) == 4);
    }
    CHECK(take_record(store, "c") == "nonsense");
    const VerifyReport report = verified(*store.open_store());
    CHECK_THAT(shown(report), Catch::Contains("customers") && Catch::Contains("\"c\""));
    CHECK(tokens_in_the_journal(store, "c") == 20);
    CHECK(tokens_in_the_journal(store, "other") == 20);
  }
}

TEST_CASE("damaged record: a start folds what is behind the mark without it") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    TestStore store(scheme, 1);
    fill(store);
    {
      const auto driver = store.open({});
      use(*driver, kAt, "c", "k2");
      use(*driver, kAt, "other", "k2");
      commit(*driver);
    }
    put_record(store, "c", "nonsense");
    const auto driver = store.open({});
    CHECK(driver->customers().is_set_aside("c"));
    CHECK_FALSE(driver->customers().is_set_aside("other"));
    CHECK(use(*driver, kAt, "c", "k3").accepted());
    REQUIRE(driver->close().committed());
    CHECK(tokens_in_the_journal(store, "c") == 30);
  }
}

// As where a disk or memory had read wrong once. The mark has passed the customer's entries by
// then.
TEST_CASE("damaged record: one that can be read again goes on with every entry") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    TestStore store(scheme, 1);
    fill(store);
    const std::string record = take_record(store, "c");
    put_record(store, "c", "nonsense");
    for (const std::string key : {"k2", "k3"}) {
      const auto driver = store.open({});
      use(*driver, kAt, "other", key);
      use(*driver, kAt, "c", key);
      REQUIRE(driver->close().committed());
      CHECK(driver->customers().is_set_aside("c"));
    }
    put_record(store, "c", record);
    CHECK(shown(verified(*store.open_store())) == "");
    {
      const auto driver = store.open({});
      CHECK(driver->customers().set_aside() == 0);
      CHECK(tokens_of(*driver, "c") == 30);
      REQUIRE(driver->close().committed());
    }
    CHECK(shown(verified(*store.open_store())) == "");
    CHECK(store.open({})->opening().folded == 0);
  }
}

TEST_CASE("set aside: a note that cannot be read has its customer folded from the first entry") {
  TestStore store("memory", 1);
  fill(store);
  change(*store.open_store(),
         [](Batch& batch) { batch.put(Table::meta, set_aside_key("c"), "nonsense"); });
  CHECK_FALSE(verified(*store.open_store()).holds());
  {
    const auto driver = store.open({});
    CHECK(driver->opening().folded == 2);
    CHECK(tokens_of(*driver, "c") == 10);
    REQUIRE(driver->close().committed());
  }
  CHECK(shown(verified(*store.open_store())) == "");
}

}  // namespace reckoner::storage
