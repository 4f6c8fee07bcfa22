// Books that change in the middle of a period, and while a customer sleeps: what was accepted
// before is under the old one, what comes after under the new one (billing-rules.md, Pricing).
#include "engine/ledger/state_hash.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::book_with;
using support::book_with_gold;
using support::subscription;
using support::usd;
using support::World;
using Sub = SubscriptionStatus;

Book with_free_at(std::string_view price) {
  Book book;
  book.prices.plans[0].pricing.model = PerUnit{usd(price)};
  return book;
}

// A customer with an active subscription to a product that only the book from 2026-01-10 on knows.
World sleeper() {
  World world;
  world.line("2026-01-01");
  world.webhook(subscription("2026-01-05", "s", Sub::active, "cortex_gold"));
  REQUIRE(world.tier() == "free");
  REQUIRE(world.ledger.add_book(at("2026-01-10"), book_with_gold()).ok());
  return world;
}

}  // namespace

TEST_CASE("changing books: usage is priced by the book under which it was accepted",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-05", 100);
  CHECK(world.effects.priced->cost == usd("0.02"));
  REQUIRE(world.ledger.add_book(at("2026-01-10"), with_free_at("0.001")).ok());
  world.usage("2026-01-10", 100);
  CHECK(world.effects.priced->cost == usd("0.1"));
  world.usage("2026-01-11", 100, "2026-01-05");
  CHECK(world.effects.priced->cost == usd("0.1"));
  CHECK(world.state().usage.size() == 1);
  CHECK(world.state().accrued == usd("0.22"));
}

TEST_CASE(
    "changing books: a product that becomes known changes the tier of who sleeps, from the "
    "book's instant on",
    "[engine][books][apply]") {
  World world = sleeper();
  world.usage("2026-01-20", 1);
  CHECK(world.ledger.books().plan_id(world.effects.priced->plan) == "gold");
  CHECK(world.tier_at("2026-01-09") == "free");
  CHECK(world.tier_at("2026-01-10") == "gold");
}

TEST_CASE("changing books: who slept through a change in a snapshot wakes as who stayed in memory",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.webhook(subscription("2026-01-05", "s", Sub::active, "cortex_gold"));
  const std::string snapshot = encode_snapshot(world.state());
  REQUIRE(world.ledger.add_book(at("2026-01-10"), book_with_gold()).ok());
  const std::string until = GENERATE("2026-01-10", "2026-01-11", "2026-02-01", "2026-04-15");
  CustomerState restored;
  REQUIRE(decode_snapshot(snapshot, world.ledger.books(), restored));
  Effects effects;
  bring_forward(restored, at(until), world.ledger.books(), effects);
  const Digest hash = state_hash(world.ledger, at(until));
  world.clock(until);
  CHECK(encode_snapshot(restored) == encode_snapshot(world.state()));
  CHECK(state_hash(world.ledger, at(until)) == hash);
}

TEST_CASE("changing books: each of several changes falls due at its own instant",
          "[engine][books][apply]") {
  World world = sleeper();
  Book without_product = book_with_gold();
  without_product.prices.plans.back().product_ids.clear();
  REQUIRE(world.ledger.add_book(at("2026-01-15"), without_product).ok());
  REQUIRE(world.ledger.add_book(at("2026-02-20"), book_with_gold()).ok());
  world.clock("2026-02-25");
  CHECK(world.tier_at("2026-01-14") == "gold");
  CHECK(world.tier_at("2026-01-15") == "free");
  CHECK(world.tier_at("2026-02-19") == "free");
  CHECK(world.tier_at("2026-02-20") == "gold");
}

TEST_CASE("changing books: a late event is judged by the book under which it is accepted",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  REQUIRE(world.ledger.add_book(at("2026-01-10"), book_with_gold()).ok());
  world.webhook("2026-01-20", subscription("2026-01-05", "s", Sub::active, "cortex_gold"));
  CHECK(world.tier() == "gold");
  CHECK(world.tier_at("2026-01-05") == "gold");
  CHECK(world.tier_at("2026-01-04") == "free");
}

TEST_CASE("changing books: another default plan holds from the change on",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.webhook(subscription("2026-01-02", "s", Sub::active, "cortex_enterprise"));
  world.webhook(subscription("2026-01-05", "s", Sub::canceled));
  Book reordered;
  std::swap(reordered.prices.plans[0], reordered.prices.plans[1]);
  REQUIRE(world.ledger.add_book(at("2026-01-10"), reordered).ok());
  world.usage("2026-01-15", 1);
  CHECK(world.ledger.books().plan_id(world.effects.priced->plan) == "starter");
  CHECK(world.tier_at("2026-01-09") == "free");
  CHECK(world.tier_at("2026-01-10") == "starter");
}

TEST_CASE("changing books: the boundaries slept through are charged by the book of their time",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-05", 4'000);
  REQUIRE(world.ledger.add_book(at("2026-01-31"), book_with({{"billing.minimum_charge_usd", "2"}}))
              .ok());
  REQUIRE(world.ledger.add_book(at("2026-02-15"), book_with({{"billing.hold_charge_usd", "0.5"}}))
              .ok());
  world.clock("2026-04-01");
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0].at == at("2026-03-01"));
  CHECK(world.state().charges[0].status == ChargeStatus::held);
}

TEST_CASE("changing books: a boundary at the instant of a change is under the new book",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-05", 1'000);
  REQUIRE(world.ledger.add_book(at("2026-02-01"), book_with({{"billing.minimum_charge_usd", "2"}}))
              .ok());
  world.clock("2026-02-10");
  CHECK(world.state().charges.empty());
}

TEST_CASE(
    "changing books: grace is that of the book under which the event was accepted, also for "
    "what was parked",
    "[engine][books][apply]") {
  World world(book_with({{"billing.grace_days", "2"}}));
  world.webhook(subscription("2026-01-02", "s", Sub::active));
  world.webhook(subscription("2026-01-05", "s", Sub::past_due));
  REQUIRE(world.ledger.add_book(at("2026-01-06"), book_with({{"billing.grace_days", "20"}})).ok());
  world.line("2026-01-10");
  CHECK(world.tier_at("2026-01-06") == "starter");
  CHECK(world.tier_at("2026-01-07") == "free");
}

TEST_CASE("changing books: a lower threshold is looked at with the next usage",
          "[engine][books][apply]") {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-02", 1'000);
  REQUIRE(
      world.ledger.add_book(at("2026-01-10"), book_with({{"billing.threshold_usd", "0.1"}})).ok());
  world.clock("2026-01-11");
  world.webhook(support::payment("2026-01-11", "i"));
  CHECK(world.state().charges.empty());
  world.usage("2026-01-12", 0);
  CHECK(world.state().charges.size() == 1);
}

TEST_CASE("changing books: unknown customers are registered or refused by the book of the moment",
          "[engine][books][apply]") {
  World world(book_with({{"usage.unknown_customer", "reject"}, {"billing.billing_day", "5"}}));
  CHECK(world.usage("2026-01-02", 1) == nullptr);
  CHECK(world.effects.rejected == Rejection::unknown_customer);
  REQUIRE(world.ledger.add_book(at("2026-01-10"), book_with({{"billing.billing_day", "20"}})).ok());
  CHECK(world.usage("2026-01-10", 1) != nullptr);
  CHECK(world.state().billing_days.asked() == 20);
}

}  // namespace reckoner
