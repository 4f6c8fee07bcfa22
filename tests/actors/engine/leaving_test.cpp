// A live engine that goes without being stopped: whoever asked is told.
#include <catch2/catch.hpp>

#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using support::RefusedEngine;

constexpr Micros kIdle = 5 * 60 * kSecond;

TEST_CASE("whatever was asked of an engine is answered, wherever it goes away") {
  const auto messages = static_cast<std::size_t>(GENERATE(range(0, 24)));
  RefusedEngine on;
  on.usage("begun", {"awake", "asleep"});
  on.engine->run();
  on.now = on.now + kIdle;
  on.engine->tick();
  on.engine->tick();
  on.usage("begun, too", {"awake"});
  on.engine->run();
  REQUIRE(on.engine->figures().customers_awake == 1);
  const bool refuses = GENERATE(false, true);
  on.refusals->all = refuses;

  on.usage("usage", {"awake", "asleep", "new"});
  for (const std::string customer : {"awake", "asleep", "nobody"}) {
    on.engine->view(customer, on.answer<const actors::CustomerView*>("view " + customer));
    on.engine->show(customer, on.answer<const actors::CustomerDetails*>("show " + customer));
    on.engine->authorize(customer, 1, on.answer<actors::Authorization>("authorize " + customer));
  }
  on.list("list");
  on.engine->hashes({}, on.answer<actors::Hashes>("hashes"));
  on.engine->customers({}, on.answer<const actors::CustomersPage*>("customers"));
  on.engine->run(messages);
  on.engine.reset();

  on.answers.erase("begun");
  on.answers.erase("begun, too");
  CHECK(on.answers.size() == 13);
  for (const auto& [name, answers] : on.answers) {
    INFO(name << " after " << messages << " messages");
    CHECK(answers.size() == 1);
  }
}

}  // namespace
}  // namespace reckoner
