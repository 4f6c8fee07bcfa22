// Which requests of a live engine share a commit.
#include <catch2/catch.hpp>

#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using support::RefusedEngine;

TEST_CASE("after a batch that was full, what comes together is committed together") {
  actors::EngineOptions options;
  options.entries_in_commit = 4;
  RefusedEngine on(options);
  on.usage("half", {"a", "b"});
  on.usage("full", {"a", "b"});
  on.usage("next", {"a", "b"});
  on.engine->run(1);
  // Behind the message that commits what is there by then; one more such would come behind it.
  on.usage("one", {"a"});
  on.engine->run(2);
  REQUIRE(on.engine->figures().commits == 1);
  on.usage("two", {"a"});
  on.engine->run();
  CHECK(on.answers.size() == 5);
  CHECK(on.engine->figures().commits == 3);
}

}  // namespace
}  // namespace reckoner
