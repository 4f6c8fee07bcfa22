// What a live engine says where its store cannot be read, or is lost.
#include <catch2/catch.hpp>

#include "tests/actors/engine/store_that_refuses.hpp"

namespace reckoner {
namespace {

using storage::FaultKind;
using storage::StoreCall;
using support::RefusedEngine;
using Answers = RefusedEngine::Answers;

constexpr Micros kIdle = 5 * 60 * kSecond;

struct Asleep : RefusedEngine {
  explicit Asleep(const std::vector<std::string>& customers) {
    usage("begun", customers);
    engine->run();
    now = now + kIdle;
    engine->tick();
    engine->tick();
    REQUIRE(engine->figures().customers_awake == 0);
    answers.clear();
  }
  void authorize(const std::string& customer) {
    engine->authorize(customer, 1, answer<actors::Authorization>("authorize"));
    engine->run();
  }
};

TEST_CASE("an engine whose store is lost does not say that it does not know a customer") {
  Asleep on({"asleep"});
  on.faults->plan({.nth = 1, .only = StoreCall::commit, .fault = FaultKind::fatal});
  on.usage("usage", {"another"});
  on.engine->run();
  REQUIRE(on.answers["usage"] == Answers{"unavailable"});
  on.authorize("asleep");
  CHECK(on.answers["authorize"] == Answers{"unavailable"});
  CHECK(on.alarms.empty());
}

TEST_CASE("a store that is busy is not said to be damaged") {
  Asleep on({"asleep"});
  const FaultKind fault = GENERATE(FaultKind::retry, FaultKind::fatal);
  on.faults->plan({.nth = 1, .only = StoreCall::get, .fault = fault});
  on.authorize("asleep");
  CHECK(on.answers["authorize"] == Answers{"unavailable"});
  CHECK(on.alarms["store_unreadable"] == 1);
  CHECK(on.alarms["store_damaged"] == 0);
  on.answers.clear();
  on.authorize("asleep");
  CHECK(on.answers["authorize"] == Answers{"ok"});
}

TEST_CASE("wherever a customer cannot be read, what was asked with it is answered once") {
  const std::vector<std::string> customers{"a", "b", "c", "d", "e", "f", "g", "h"};
  bool fired = true;
  for (std::uint64_t nth = 1; fired; ++nth) {
    Asleep on(customers);
    on.faults->plan({.nth = nth, .only = StoreCall::get, .fault = FaultKind::fatal});
    for (const std::string nobody : {"nobody", "no one", "none"}) on.settle(nobody, nobody);
    on.usage("usage", customers);
    on.engine->run();
    fired = on.faults->fired().has_value();
    CHECK(on.answers.size() == 4);
    for (const auto& [name, answers] : on.answers) {
      INFO(name << " where the " << nth << "th look fails");
      CHECK(answers.size() == 1);
    }
  }
}

}  // namespace
}  // namespace reckoner
