// A customer who is set aside, as the live engine shows it.
#include <catch2/catch.hpp>

#include "engine/limits.hpp"
#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using support::RefusedEngine;

TEST_CASE("what closed before a customer was set aside is listed once, being handed over, too") {
  Book dear;
  dear.prices.plans[0].pricing.model = PerUnit{kMaxPrice};
  RefusedEngine on;
  REQUIRE(on.engine->change_book({}, dear).ok());
  on.usage("closes", {"a"});
  on.engine->run();
  on.now = on.now + 100 * kDay;
  on.usage("long after", {"a"});
  on.engine->run();
  on.usage("too much", {"a"}, kMaxTokens);
  on.engine->run();
  REQUIRE(on.engine->figures().customers_set_aside == 1);

  const auto closed = [&on] {
    std::size_t periods = 0, charges = 0;
    on.engine->show("a", [&](Result<const actors::CustomerDetails*> shown) {
      REQUIRE(shown.ok());
      periods = (*shown)->closed.usage.size();
      charges = (*shown)->closed.charges.size();
    });
    on.engine->run();
    return std::pair(periods, charges);
  };
  const auto before = closed();
  REQUIRE(before.first == 1);
  on.refusals->all = true;
  on.list("handed over, and not written");
  on.engine->run();
  CHECK(closed() == before);
  on.refusals->all = false;
  on.list("written");
  on.engine->run();
  CHECK(on.answers["written"] == RefusedEngine::Answers{"ok"});
  CHECK(closed() == before);
}

}  // namespace
}  // namespace reckoner
