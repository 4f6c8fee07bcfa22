// Customers who cannot go to sleep are in nobody's way.
#include <catch2/catch.hpp>

#include "engine/limits.hpp"
#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using support::RefusedEngine;
using Answers = RefusedEngine::Answers;

TEST_CASE("more customers are set aside than may be awake: the others go on") {
  Book dear;
  dear.prices.plans[0].pricing.model = PerUnit{kMaxPrice};
  actors::EngineOptions options;
  options.awake = 2;
  RefusedEngine on(options);
  REQUIRE(on.engine->change_book({}, dear).ok());
  on.usage("too much", {"a", "b", "c", "d"}, kMaxTokens);
  on.engine->run();
  REQUIRE(on.engine->figures().customers_set_aside == 4);
  for (const std::string one : {"x", "y", "z"}) {
    on.usage(one, {one});
    on.engine->run();
    CHECK(on.answers[one] == Answers{"ok"});
  }
  on.engine->tick();
  CHECK(on.engine->figures().customers_awake <= 4 + 2);
}

}  // namespace
}  // namespace reckoner
