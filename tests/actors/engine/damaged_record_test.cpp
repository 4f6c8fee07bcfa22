// A live engine on a store in which a sleeping customer's record is damaged: that customer is set
// aside, and nobody else notices.
#include <catch2/catch.hpp>

#include "actors/engine/engine.hpp"
#include "storage/verify/verify.hpp"
#include "tests/storage/small_store.hpp"

namespace reckoner::actors {
namespace {

using storage::Batch;
using storage::Table;

// "c" and "other", each used once; c's record is damaged.
void fill(const support::TestStore& store) {
  {
    const auto driver = store.open({});
    storage::use(*driver, storage::kAt, "c", "k1");
    storage::use(*driver, storage::kAt, "other", "k1");
    REQUIRE(driver->close().committed());
  }
  storage::change(*store.open_store(),
                  [](Batch& batch) { batch.put(Table::customers, "c", "nonsense"); });
}

class Stand {
 public:
  explicit Stand(const support::TestStore& store) {
    storage::OpenedStore opened;
    REQUIRE_FALSE(storage::open_store_to_work(store.open_store(), {}, opened));
    EngineOptions options;
    options.deterministic = true;
    options.now = [this] { return now; };
    EngineEvents events;
    events.dead = [this](const storage::StoreError& error) { death = error.detail; };
    events.alarm = [this](std::string_view what, std::string_view detail) {
      alarms += std::string(what) + ": " + std::string(detail) + "\n";
    };
    events.charge = [](const ChargeNews&) {};
    engine = std::make_unique<Engine>(std::move(opened), options, std::move(events));
  }

  // What became of an event of 10 tokens: "accepted, 20 tokens in its period".
  std::string use(const std::string& customer, const std::string& key) {
    std::string out = "nothing";
    auto batch = std::make_shared<UsageBatch>();
    storage::UsageEvent event;
    event.customer_id = customer;
    event.request.usage.idempotency_key = key;
    event.request.usage.operation = "chat";
    event.request.usage.tokens = 10;
    batch->events.push_back(event);
    batch->wants_totals = true;
    batch->on_done = [&](UsageBatch& done, const Error* error) {
      if (error != nullptr) return out = error->code, void();
      out = done.verdicts[0].accepted() ? "accepted" : "not accepted";
      out += ", " + std::to_string(done.totals[0].tokens) + " tokens in its period";
    };
    engine->usage(batch);
    engine->run();
    return out;
  }
  std::string view(const std::string& customer) {
    std::string out = "nothing";
    engine->view(customer, [&](Result<const CustomerView*> view) {
      out = view ? std::to_string((*view)->state.unbilled_tokens) : view.error().code;
    });
    engine->run();
    return out;
  }
  std::string authorize(const std::string& customer) {
    std::string out = "nothing";
    engine->authorize(customer, 10, [&](Result<Authorization> answer) {
      out = answer ? (answer->allowed ? "allowed" : "not allowed") : answer.error().code;
    });
    engine->run();
    return out;
  }
  // "c set aside, other 10"
  std::string list() {
    std::string out;
    engine->customers({}, [&](Result<const CustomersPage*> page) {
      if (!page) return out = page.error().code, void();
      for (const CustomerState& state : (*page)->customers)
        out += (out.empty() ? "" : ", ") + state.id.str() +
               (state.set_aside != SetAside::no ? " set aside"
                                                : " " + std::to_string(state.unbilled_tokens));
    });
    engine->run();
    return out;
  }
  void stop() { CHECK_FALSE(engine->stop()); }

  Instant now = storage::kAt;
  std::string death, alarms;
  std::unique_ptr<Engine> engine;
};

}  // namespace

TEST_CASE("damaged record: its customer's usage is kept and acknowledged, the engine lives") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    support::TestStore store(scheme, 1);
    fill(store);
    Stand stand(store);
    CHECK(stand.use("c", "k2") == "accepted, 0 tokens in its period");
    CHECK(stand.use("c", "k1").starts_with("not accepted"));
    CHECK(stand.use("other", "k2") == "accepted, 20 tokens in its period");
    CHECK(stand.death == "");
    CHECK_THAT(stand.alarms, Catch::Contains("customer_set_aside: customer 'c'") &&
                                 Catch::Contains("damaged") && Catch::Contains("export"));
    CHECK(stand.engine->figures().customers_set_aside == 1);
    CHECK(stand.view("c") == "record_damaged");
    CHECK(stand.authorize("c") == "record_damaged");
    CHECK(stand.view("other") == "20");
    stand.stop();
    CHECK_THAT(storage::shown(storage::verified(*store.open_store())),
               Catch::Contains("\"c\": the record is damaged"));
    // Both of its events are in the journal.
    support::TestStore mended(scheme, 1);
    const auto driver = mended.open({});
    storage::import(*driver, storage::exported(*store.open_store()));
    CHECK_FALSE(driver->customers().set_aside());
    driver->customers().each([](const storage::LiveCustomer& customer) {
      CHECK(customer.state().unbilled_tokens == 20);
    });
  }
}

TEST_CASE("damaged record: time passes for everybody else") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    support::TestStore store(scheme, 1);
    fill(store);
    Stand stand(store);
    stand.now = storage::instant("2026-04-02T00:00:00Z");
    for (int i = 0; i < 3; ++i) stand.engine->tick();
    CHECK(stand.death == "");
    const auto entries = stand.engine->figures().entries;
    stand.engine->tick();
    CHECK(stand.engine->figures().entries == entries);  // c is not told again and again
    CHECK(stand.use("other", "k2") == "accepted, 10 tokens in its period");
    stand.stop();
  }
}

TEST_CASE("damaged record: everybody else is listed, whether it is awake or not") {
  for (const std::string& scheme : support::store_schemes()) {
    INFO(scheme);
    support::TestStore store(scheme, 1);
    fill(store);
    Stand stand(store);
    CHECK(stand.list() == "c set aside, other 10");
    CHECK(stand.use("c", "k2").starts_with("accepted"));
    CHECK(stand.list() == "c set aside, other 10");
    stand.stop();
  }
}

// Only asked for, it is set aside, too; entries come later.
TEST_CASE("damaged record: whoever asks for it first does not matter") {
  support::TestStore store("memory", 1);
  fill(store);
  {
    Stand stand(store);
    CHECK(stand.authorize("c") == "record_damaged");
    CHECK(stand.authorize("nobody") == "unknown_customer");
    stand.stop();
  }
  Stand stand(store);
  CHECK(stand.authorize("c") == "record_damaged");
  CHECK(stand.use("c", "k2").starts_with("accepted"));
  CHECK(stand.death == "");
  stand.stop();
}

}  // namespace reckoner::actors
