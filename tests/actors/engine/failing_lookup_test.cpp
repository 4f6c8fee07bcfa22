// A request whose look-up of a likely repeat fails is answered so, alone.
#include <catch2/catch.hpp>

#include <array>

#include "actors/engine/engine.hpp"
#include "storage/faults/faulty_store.hpp"
#include "tests/storage/small_store.hpp"

namespace reckoner::actors {
namespace {

using storage::StoreCall;

class Stand {
 public:
  explicit Stand(const support::TestStore& store) {
    storage::OpenedStore opened;
    REQUIRE_FALSE(storage::open_store_to_work(
        std::make_unique<storage::FaultyStore>(store.open_store(), faults), {}, opened));
    EngineOptions options;
    options.deterministic = true;
    options.now = [] { return storage::kAt; };
    EngineEvents events;
    events.dead = [](const storage::StoreError& error) { FAIL(error.detail); };
    events.alarm = [](std::string_view, std::string_view) {};
    events.charge = [](const ChargeNews&) {};
    engine = std::make_unique<Engine>(std::move(opened), options, std::move(events));
  }

  // `out` is empty until it is answered.
  void use(const std::string& customer, const std::string& key, std::string& out) {
    auto batch = std::make_shared<UsageBatch>();
    batch->body = customer + ' ' + key;
    storage::UsageEvent event;
    event.customer_id = std::string_view(batch->body).substr(0, customer.size());
    event.request.usage.idempotency_key = std::string_view(batch->body).substr(customer.size() + 1);
    event.request.usage.operation = "chat";
    event.request.usage.tokens = 10;
    batch->events.push_back(event);
    batch->wants_totals = true;
    batch->on_done = [&out](UsageBatch& done, const Error* error) {
      REQUIRE(out.empty());
      if (error != nullptr) return out = error->code, void();
      out = done.verdicts[0].accepted() ? "accepted" : "known";
      out += ", " + std::to_string(done.totals[0].tokens);
    };
    engine->usage(batch);
  }

  std::shared_ptr<storage::Faults> faults = std::make_shared<storage::Faults>();
  std::unique_ptr<Engine> engine;
};

// "used" was used before: whoever sends it again has it looked up.
void fill(const support::TestStore& store) {
  const auto driver = store.open({});
  storage::use(*driver, storage::kAt, "c", "used");
  REQUIRE(driver->close().committed());
}

}  // namespace

TEST_CASE("failing look-up: only the request fails that it belongs to") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    support::TestStore store(scheme, 1);
    fill(store);
    Stand stand(store);
    stand.engine->run();
    stand.faults->plan({.nth = 1, .only = StoreCall::scan_journal});
    std::array<std::string, 5> answers;
    stand.use("c", "k1", answers[0]);
    stand.use("d", "k1", answers[1]);
    stand.use("c", "used", answers[2]);
    stand.use("c", "k2", answers[3]);
    stand.use("c", "k1", answers[4]);
    stand.engine->run();
    REQUIRE(stand.faults->fired());
    CHECK(answers == std::array<std::string, 5>{"accepted, 20", "accepted, 10", "unavailable",
                                                "accepted, 30", "known, 30"});
    CHECK_FALSE(stand.engine->stop());
    CHECK(storage::shown(storage::verified(*store.open_store())) == "");
  }
}

TEST_CASE("failing look-up: a store that fails again and again fails all of them, once each") {
  support::TestStore store("memory", 1);
  fill(store);
  Stand stand(store);
  stand.engine->run();
  std::array<std::string, 4> answers;
  stand.faults->plan({.nth = 1, .only = StoreCall::scan_journal, .from_then_on = true});
  stand.use("c", "k1", answers[0]);
  stand.use("c", "used", answers[1]);
  stand.use("c", "k2", answers[2]);
  stand.use("c", "used", answers[3]);
  stand.engine->run();
  CHECK(answers ==
        std::array<std::string, 4>{"accepted, 20", "unavailable", "accepted, 30", "unavailable"});
  CHECK_FALSE(stand.engine->stop());
  CHECK(storage::shown(storage::verified(*store.open_store())) == "");
}

}  // namespace reckoner::actors
