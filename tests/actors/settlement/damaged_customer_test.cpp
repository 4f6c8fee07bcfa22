// Charges of a customer whose record in the store is damaged: they are left alone. Taken for a
// store that fails, they would have all the others' wait.
#include <catch2/catch.hpp>

#include "actors/engine/engine.hpp"
#include "actors/settlement/engine_charges.hpp"
#include "tests/storage/small_store.hpp"

namespace reckoner::settlement {
namespace {

using storage::Batch;
using storage::Table;

std::string found(EngineCharges& charges, actors::Engine& engine, const std::string& customer) {
  std::string out = "nothing";
  charges.find(customer, 1, [&](Result<std::optional<CustomersCharge>> answer) {
    out = !answer ? answer.error().code : *answer ? "a charge" : "no charge";
  });
  engine.run();
  return out;
}

}  // namespace

TEST_CASE("settlement: a charge of a customer whose record is damaged is left alone") {
  support::TestStore store("memory", 1);
  {
    const auto driver = store.open({});
    storage::use(*driver, storage::kAt, "c", "k1");
    REQUIRE(driver->close().committed());
  }
  storage::change(*store.open_store(),
                  [](Batch& batch) { batch.put(Table::customers, "c", "nonsense"); });
  storage::OpenedStore opened;
  REQUIRE_FALSE(storage::open_store_to_work(store.open_store(), {}, opened));
  actors::EngineOptions options;
  options.deterministic = true;
  options.now = [] { return storage::kAt; };
  actors::Engine engine(std::move(opened), options, {});
  EngineCharges charges(engine);
  CHECK(found(charges, engine, "c") == "no charge");  // asleep
  bool answered = false;
  engine.authorize("c", 1, [&](Result<actors::Authorization>) { answered = true; });
  engine.run();
  REQUIRE(answered);
  CHECK(engine.figures().customers_set_aside == 1);
  CHECK(found(charges, engine, "c") == "no charge");  // awake
  CHECK_FALSE(engine.stop());
}

}  // namespace reckoner::settlement
