// A customer's state: what leaves it, so that it stays bounded, and what sets a customer aside
// (architecture.md, Who does what and When something breaks).
#include <algorithm>

#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::subscription;
using support::usd;
using support::World;
using C = ChargeStatus;
using Sub = SubscriptionStatus;

World linked_world(Book book = {}) {
  World world(std::move(book));
  world.line("2026-01-01");
  return world;
}

Book with_free_at(std::string_view price) {
  Book book = support::book_with({{"billing.hold_charge_usd", "0"}});
  book.prices.plans[0].pricing.model = PerUnit{usd(price)};
  return book;
}

constexpr std::int64_t kAlmost = kMaxTokensSummed - 1;

}  // namespace

TEST_CASE("state: a copy is its own, and the same to the last byte", "[engine][state]") {
  World world = linked_world();
  world.webhook(subscription("2026-01-02", "s", Sub::active));
  world.usage("2026-01-03", 50'000);
  world.settle("2026-01-04", 1, C::paid);
  world.usage("2026-01-05", 7);
  const std::string before = encode_snapshot(world.state());
  REQUIRE(world.state().departed != nullptr);
  CustomerState copy(world.state());
  CHECK(encode_snapshot(copy) == before);
  CHECK(copy.current == world.state().current);
  CHECK(copy.own_due == world.state().own_due);
  copy.departed->charges = 99;
  copy.accrued = {};
  CHECK(encode_snapshot(world.state()) == before);
}

TEST_CASE("state: the Polar customer is the one linked now", "[engine][state]") {
  World world;
  world.usage("2026-01-01", 1);
  CHECK_FALSE(world.state().linked());
  CHECK(world.state().polar_customer_id().empty());
  world.line("2026-01-02");
  CHECK(world.state().polar_customer_id() == "P");
  world.webhook(support::deleted("2026-01-03"));
  CHECK(world.state().polar_customer_id().empty());
  world.line("2026-01-04", "Q");
  CHECK(world.state().polar_customer_id() == "Q");
  CHECK(world.state().polar_ids.size() == 2);
}

TEST_CASE("state: closed charges leave it at once; count, sum and digest stay", "[engine][state]") {
  World world = linked_world();
  Digest digest{};
  for (int i = 1; i <= 10; ++i) {
    world.usage("2026-01-02", 5'000);
    const auto number = static_cast<std::uint32_t>(i);
    world.settle("2026-01-02", number, i % 2 == 0 ? C::paid : C::failed);
    if (i % 2 != 0) world.act("2026-01-02", number, OperatorDecision::write_off);
    REQUIRE(world.state().departed != nullptr);
    CHECK(world.state().charges.empty());
    CHECK(world.state().departed->charges == i);
    CHECK(world.state().departed->charged == Money::of_cents(100 * i));
    CHECK(world.state().departed->digest != digest);
    digest = world.state().departed->digest;
  }
  CHECK(world.state().charges_made == 10);
}

TEST_CASE("state: the digest tells in what order and how charges closed", "[engine][state]") {
  const auto digest_of = [](std::uint32_t first, C status) {
    World world = linked_world();
    world.usage("2026-01-02", 5'000);
    world.usage("2026-01-02", 5'000);
    world.settle("2026-01-03", first, status);
    if (status == C::failed) world.act("2026-01-03", first, OperatorDecision::write_off);
    world.settle("2026-01-04", 3 - first, C::paid);
    return world.state().departed->digest;
  };
  CHECK(digest_of(1, C::paid) == digest_of(1, C::paid));
  CHECK(digest_of(1, C::paid) != digest_of(2, C::paid));
  CHECK(digest_of(1, C::paid) != digest_of(1, C::failed));
}

TEST_CASE("state: a period leaves it at the first boundary from which no usage can reach it",
          "[engine][state]") {
  World world = linked_world();
  world.usage("2026-01-15", 10);
  world.usage("2026-02-15", 20);
  world.clock("2026-03-01");
  // From February 28 minus 35 days on usage can still be of January.
  CHECK(world.state().usage.size() == 2);
  CHECK(world.effects.closed_usage.empty());
  world.clock("2026-04-01");
  REQUIRE(world.effects.closed_usage.size() == 1);
  CHECK(world.effects.closed_usage[0].period == Period{at("2026-01-01"), at("2026-02-01")});
  CHECK(world.effects.closed_usage[0].usage.tokens == 10);
  CHECK(world.state().usage.size() == 1);
  CHECK(world.state().departed->period_usages == 1);
  CHECK(world.state().departed->tokens == 10);
  CHECK(world.state().departed->requests == 1);
  CHECK(world.state().departed->cost == usd("0.002"));
  // Any usage that the rules still admit finds its period where it was.
  world.usage(at("2026-04-01"), 5, world.ledger.books().oldest_usage(at("2026-04-01")));
  CHECK(world.state().usage.size() == 1);
  CHECK(world.state().usage[0].tokens == 25);
}

TEST_CASE("state: with no age allowed a period leaves it as it ends", "[engine][state]") {
  World world = linked_world(support::book_with({{"usage.max_age_days", "0"}}));
  world.usage("2026-01-15", 10);
  world.clock("2026-02-01");
  CHECK(world.state().usage.empty());
  CHECK(world.effects.closed_usage.size() == 1);
}

TEST_CASE("state: whenever usage comes, however late, it is in one row for each period and plan",
          "[engine][state]") {
  const int billing_day = GENERATE(1, 31);
  World world;
  world.line("2026-01-01", "P", static_cast<std::uint8_t>(billing_day));
  Instant now = at("2026-01-01");
  for (int i = 0; i < 400; ++i) {
    now = now + kDay;
    const Instant oldest = world.ledger.books().oldest_usage(now);
    for (const Instant timestamp : {oldest, oldest + (now - oldest) / 2, now + 300 * kSecond})
      world.usage(now, 1, timestamp);
    if (i % 90 == 30) world.line(format_instant(now), "P", static_cast<std::uint8_t>(1 + i % 31));
    CHECK(world.state().usage.size() <= 4);
  }
  const Report report = world.report(format_instant(now));
  CHECK(report.totals.requests == 1200);
  CHECK(report.conservation_gap == Money{});
  const auto& periods = report.customers[0].periods;
  for (std::size_t i = 1; i < periods.size(); ++i)
    CHECK(periods[i].period.start == periods[i - 1].period.end);
}

TEST_CASE("state: what is old leaves it, so it does not grow with the years", "[engine][state]") {
  World world = linked_world(support::book_with({{"billing.grace_days", "2"}}));
  std::size_t largest = 0;
  for (int month = 0; month < 60; ++month) {
    const Instant now = at("2026-01-10") + month * 30 * kDay;
    const std::string when = format_instant(now), later = format_instant(now + kDay);
    world.webhook(subscription(when, "s" + std::to_string(month), Sub::active));
    world.usage(now, 20'000);
    world.webhook(subscription(later, "s" + std::to_string(month), Sub::canceled));
    for (const Charge& charge : world.effects.charges) world.settle(later, charge.number, C::paid);
    const std::vector<Charge> open(world.state().charges.begin(), world.state().charges.end());
    for (const Charge& charge : open) world.settle(later, charge.number, C::paid);
    if (month == 30) largest = encode_snapshot(world.state()).size();
  }
  CHECK(world.state().departed->subscriptions > 40);
  CHECK(world.state().timeline.entries().size() < 10);
  CHECK(encode_snapshot(world.state()).size() < largest + 40);
}

TEST_CASE("state: ended subscriptions leave it 400 days after the last that was heard of them",
          "[engine][state]") {
  World world = linked_world();
  world.webhook(subscription("2026-01-02", "s", Sub::canceled));
  world.clock("2027-02-01");
  CHECK(world.state().subscriptions.all().size() == 1);
  world.clock("2027-03-01");
  CHECK(world.state().subscriptions.all().empty());
  CHECK(world.state().departed->subscriptions == 1);
  world.webhook("2027-03-02", subscription("2026-01-01", "s", Sub::active));
  CHECK(world.effects.stale == 1);
  CHECK(world.tier() == "free");
}

// --- set aside ----------------------------------------------------------------------------------

TEST_CASE("state: tokens beyond what can be summed set a customer aside", "[engine][state]") {
  const auto [of_period, unbilled] =
      GENERATE(table<std::int64_t, std::int64_t>({{kAlmost, kAlmost}, {kAlmost, 0}, {0, kAlmost}}));
  World world = linked_world(with_free_at("0"));
  world.usage("2026-01-02", 0);
  // As if a million of the largest events had come, less one token.
  world.state().usage[0].tokens = of_period;
  world.state().unbilled_tokens = unbilled;
  world.usage("2026-01-03", 1);
  CHECK_FALSE(world.effects.set_aside);
  CHECK(world.state().usage[0].tokens == of_period + 1);
  world.usage("2026-01-04", 1);
  CHECK(world.effects.set_aside);
  CHECK(world.state().set_aside == SetAside::tokens_out_of_range);
  CHECK(world.state().usage[0].tokens == of_period + 1);
  CHECK(world.state().unbilled_tokens == unbilled + 1);
}

TEST_CASE("state: more owed, or more credit, than fits sets a customer aside", "[engine][state]") {
  const bool credit = GENERATE(false, true);
  World world;  // not linked: nothing is charged
  world.usage("2026-01-02", 1);
  CustomerState& state = world.state();
  // All that a customer can owe, as one row.
  const Money most = credit ? Money{} - kMaxAccrued : kMaxAccrued;
  state.usage[0].cost = most;
  state.accrued = most;
  REQUIRE(world.ledger
              .add_book(at("2026-01-03"),
                        [&] {
                          Book book;
                          book.prices.plans[0].pricing.model = Volume{
                              {{1, usd("5"), {}}, {std::nullopt, usd(credit ? "1" : "5"), {}}}};
                          return book;
                        }())
              .ok());
  world.usage("2026-01-04", 0);
  CHECK_FALSE(world.effects.set_aside);
  world.usage("2026-01-04", 1);
  CHECK(world.effects.set_aside);
  CHECK(state.set_aside == SetAside::money_out_of_range);
  CHECK(state.accrued == most);
}

TEST_CASE("state: a period that costs more than can be summed sets a customer aside",
          "[engine][state]") {
  World world = linked_world();
  world.usage("2026-01-02", 1);
  CustomerState& state = world.state();
  // As if all of it had been charged and paid.
  state.usage[0].cost = kMaxPeriodCost;
  state.accrued = Money{};
  state.departed = std::make_unique<Departed>();
  state.departed->charged = kMaxPeriodCost;
  world.usage("2026-01-03", 0);
  CHECK_FALSE(world.effects.set_aside);
  world.usage("2026-01-04", 1);
  CHECK(world.effects.set_aside);
  CHECK(state.set_aside == SetAside::money_out_of_range);
  CHECK(state.usage[0].cost == kMaxPeriodCost);
}

TEST_CASE("state: to a customer set aside nothing is applied and nothing charged any more",
          "[engine][state]") {
  World world = linked_world(with_free_at("0"));
  world.usage("2026-01-02", 1);
  world.state().usage[0].tokens = kMaxTokensSummed;
  world.usage("2026-01-03", 1);
  REQUIRE(world.state().set_aside == SetAside::tokens_out_of_range);
  Encoder before;
  encode(before, world.state());
  world.usage("2026-02-04", 1);
  CHECK(world.effects.set_aside);
  CHECK_FALSE(world.effects.priced);
  world.webhook(subscription("2026-02-05", "s", Sub::active));
  CHECK(world.effects.set_aside);
  world.settle("2026-02-06", 1, C::paid);
  CHECK(world.effects.set_aside);
  world.act("2026-02-07", 1, OperatorDecision::retry);
  CHECK(world.effects.set_aside);
  world.clock("2026-05-01");
  CHECK(world.effects.set_aside);
  const Report report = world.report("2026-06-01");
  CHECK(report.set_aside == 1);
  CHECK(report.conservation_gap == Money{});
  Encoder after;
  encode(after, world.state());
  CHECK(after.bytes() == before.bytes());
}

TEST_CASE("state: a missing cent anywhere shows in the conservation gap", "[engine][state]") {
  World world = linked_world();
  world.usage("2026-01-02", 9'000);
  world.settle("2026-01-03", 1, C::paid);
  world.usage("2026-01-04", 9'000);
  const Money cent = Money::of_cents(1);
  const auto gap_after = [&](auto change) {
    CustomerState state(world.state());
    change(state);
    return conservation_gap(state);
  };
  CHECK(gap_after([](CustomerState&) {}) == Money{});
  CHECK(gap_after([&](CustomerState& s) { s.accrued += cent; }) == Money{} - cent);
  CHECK(gap_after([&](CustomerState& s) { s.usage[0].cost += cent; }) == cent);
  CHECK(gap_after([&](CustomerState& s) { s.charges[0].amount += 1; }) == Money{} - cent);
  CHECK(gap_after([&](CustomerState& s) { s.departed->charged += cent; }) == Money{} - cent);
  CHECK(gap_after([&](CustomerState& s) { s.departed->cost += cent; }) == cent);
}

}  // namespace reckoner
