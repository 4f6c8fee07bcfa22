// The ledger: everybody's state, folded entry by entry.
#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::World;

Usage usage_of(std::int64_t tokens) {
  Usage usage;
  usage.tokens = tokens;
  usage.operation = "chat";
  return usage;
}

}  // namespace

TEST_CASE("ledger: usage registers a customer, unless unknown ones are rejected",
          "[engine][ledger]") {
  World world;
  REQUIRE(world.usage("2026-01-20", 1) != nullptr);
  CHECK(world.state().current == Period{at("2026-01-01"), at("2026-02-01")});
  World strict(support::book_with({{"usage.unknown_customer", "reject"}}));
  CHECK(strict.usage("2026-01-20", 1) == nullptr);
  CHECK(strict.effects.rejected == Rejection::unknown_customer);
  CHECK(strict.ledger.find("c") == nullptr);
  strict.line("2026-01-21");
  CHECK(strict.usage("2026-01-22", 1) != nullptr);
  CHECK(strict.effects.rejected == Rejection::none);
}

TEST_CASE("ledger: a settlement, an act or the clock registers nobody", "[engine][ledger]") {
  World world;
  CHECK(world.settle("2026-01-01", 1, ChargeStatus::paid) == nullptr);
  CHECK(world.effects.unknown_charge);
  CHECK(world.act("2026-01-01", 1, OperatorDecision::retry) == nullptr);
  CHECK(world.effects.unknown_charge);
  CHECK(world.clock("2026-01-01") == nullptr);
  CHECK_FALSE(world.effects.unknown_charge);
  CHECK(world.ledger.customers().empty());
}

TEST_CASE("ledger: an entry is applied as its body is", "[engine][ledger]") {
  Ledger ledger{Books(Book())};
  Effects effects;
  const std::vector<CustomerEntryBody> bodies = {Notice{0, {Link{"P"}}}, usage_of(5000),
                                                 Settlement{1, ChargeStatus::paid, "pc"},
                                                 OperatorAct{}, Clock{}};
  for (const CustomerEntryBody& body : bodies) {
    effects.clear();
    const CustomerState* applied =
        ledger.apply(CustomerEntry{at("2026-01-01"), "c", body}, effects);
    CHECK(applied == ledger.find("c"));
  }
  const Ledger& read = ledger;
  REQUIRE(read.find("c") != nullptr);
  CHECK(read.find("c")->departed->charges == 1);
  CHECK(read.find("d") == nullptr);
}

TEST_CASE("ledger: customers stay where they are and are gone through in byte order of id",
          "[engine][ledger]") {
  World world;
  std::vector<const CustomerState*> places;
  constexpr int kMany = 3000;
  for (int i = 0; i < kMany; ++i) {
    world.customer_id = "c" + std::to_string(i * 7919 % kMany);
    Effects effects;
    places.push_back(world.ledger.apply(at("2026-01-01"), world.customer_id, usage_of(i), effects));
  }
  for (int i = 0; i < kMany; ++i)
    if (world.ledger.find("c" + std::to_string(i * 7919 % kMany)) != places[i]) FAIL(i);
  const auto sorted = world.ledger.sorted();
  REQUIRE(sorted.size() == kMany);
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (!(sorted[i - 1]->id < sorted[i]->id)) FAIL(sorted[i]->id.view());
  // One that comes later takes its place.
  world.customer_id = "a";
  world.usage("2026-01-01", 1);
  CHECK(world.ledger.sorted().size() == kMany + 1);
  CHECK(world.ledger.sorted().front()->id.view() == "a");
  CHECK(world.ledger.customers().front().id.view() == "c0");
}

TEST_CASE("ledger: what a snapshot held goes on where it was; nobody is restored twice",
          "[engine][ledger]") {
  World whole;
  whole.line("2026-01-01", "P", 15, "a@x.io");
  whole.usage("2026-01-10", 300);
  Encoder identity;
  encode(identity, whole.ledger.identity());
  MemoryIdentityTables tables;
  Decoder in(identity.bytes());
  REQUIRE(decode(in, tables));
  World restored;
  CustomerState state;
  REQUIRE(decode_snapshot(encode_snapshot(whole.state()), restored.ledger.books(), state));
  CustomerState twice(state);
  restored.ledger.restore(std::move(state));
  restored.ledger.restore(std::move(tables));
  for (World* world : {&whole, &restored}) {
    world->webhook(support::subscription("2026-02-10", "s", SubscriptionStatus::active));
    world->usage("2026-02-20", 40'000);
  }
  CHECK(encode_snapshot(whole.state()) == encode_snapshot(restored.state()));
  CHECK(whole.report("2026-03-01").state_hash == restored.report("2026-03-01").state_hash);
  CHECK(support::reports_bug([&] { restored.ledger.restore(std::move(twice)); }));
}

TEST_CASE("ledger: asking for memory ahead changes nothing", "[engine][ledger]") {
  World world;
  world.usage("2026-01-01", 1);
  world.webhook(support::of(
      "P", support::customer_news(PolarEventKind::customer_created, "2026-01-02", "", "linked")));
  world.webhook(support::subscription("2026-01-03", "s", SubscriptionStatus::active));
  const std::string before = world.report("2026-01-04").state_hash;
  const std::vector<CustomerEntry> entries = {{at("2026-01-05"), "c", Clock{}},
                                              {at("2026-01-05"), "linked", Clock{}},
                                              {at("2026-01-05"), "nobody", Clock{}}};
  world.ledger.prefetch(entries);
  world.ledger.prefetch({});
  CHECK(world.report("2026-01-04").state_hash == before);
  CHECK(world.ledger.find("nobody") == nullptr);
}

TEST_CASE("ledger: a book that is not good is refused", "[engine][ledger]") {
  World world;
  Book bad;
  bad.prices.plans.clear();
  CHECK_FALSE(world.ledger.add_book(at("2026-01-01"), bad).ok());
  CHECK(world.ledger.add_book(at("2026-01-01"), support::book_with_gold()).ok());
  CHECK(world.ledger.books().all().size() == 2);
}

TEST_CASE("ledger: a customer's result depends only on its own entries", "[engine][ledger]") {
  const auto fold = [](World& world) {
    world.line("2026-01-01", "P", 31, "a@x.io");
    for (int day = 2; day < 28; ++day) world.usage(at("2026-01-01") + day * kDay, day * 1000);
    return encode_snapshot(world.state());
  };
  World alone, among;
  among.customer_id = "b";
  among.line("2026-01-01", "Q");
  among.usage("2026-01-01", 123'456);
  among.customer_id = "c";
  CHECK(fold(alone) == fold(among));
}

}  // namespace reckoner
