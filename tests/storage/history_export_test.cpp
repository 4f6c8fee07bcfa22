// What an export must hold besides the entries, and what is not to be exported.
#include <catch2/catch.hpp>

#include "tests/storage/small_store.hpp"

namespace reckoner::storage {

TEST_CASE("export: it has the books after the last entry") {
  TestStore from("memory", 2), to("memory", 2);
  Book dearer;
  dearer.prices.plans[0].pricing.model = PerUnit{Money::of_cents(50)};
  {
    const auto driver = from.open({});
    use(*driver, kAt, "c", "k");
    std::optional<Error> invalid;
    REQUIRE_FALSE(driver->change_book(instant("2026-03-02T00:00:00Z"), dearer, invalid));
    REQUIRE_FALSE(invalid);
    REQUIRE(driver->close().committed());
  }
  const auto driver = to.open({});
  import(*driver, exported(*from.open_store()));
  CHECK(driver->books().all().size() == 2);
}

TEST_CASE("export: it of a store without entries has its book") {
  TestStore from("memory", 2), to("memory", 2);
  Book dearer;
  dearer.prices.plans[0].pricing.model = PerUnit{Money::of_cents(50)};
  REQUIRE(from.open(dearer)->close().committed());
  CHECK(exported(*from.open_store()) != "");
}

TEST_CASE("export: it can be read where a book came before the first entry") {
  TestStore from("memory", 2), to("memory", 2);
  Book dearer;
  dearer.prices.plans[0].pricing.model = PerUnit{Money::of_cents(50)};
  {
    const auto driver = from.open({});
    std::optional<Error> invalid;
    REQUIRE_FALSE(driver->change_book(kAt, dearer, invalid));
    use(*driver, instant("2026-03-02T00:00:00Z"), "c", "k");
    REQUIRE(driver->close().committed());
  }
  const std::string lines = exported(*from.open_store());
  INFO(lines);
  const auto driver = to.open({});
  import(*driver, lines);
}

TEST_CASE("export: what is half imported is not exported as a whole") {
  TestStore store("memory", 1);
  {
    const auto driver = store.open({});
    REQUIRE(driver->begin_import().committed());
    use(*driver, kAt, "c", "k1");
    commit(*driver);
  }
  const auto opened = store.open_store();
  const auto counts = export_history(*opened, [](std::string_view) { return Status(Done{}); }, {});
  CHECK_FALSE(counts.ok());
  CHECK_FALSE(verified(*opened).holds());
}

}  // namespace reckoner::storage
