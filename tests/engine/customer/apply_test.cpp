// The fold of one customer: usage, time that passes, notices (billing-rules.md, Usage, Tier,
// Webhooks).
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::subscription;
using support::usd;
using support::World;
using Sub = SubscriptionStatus;

World linked_world(Book book = {}) {
  World world(std::move(book));
  world.line("2026-01-01");
  return world;
}

}  // namespace

TEST_CASE("apply: usage is priced with the plan in force at its timestamp", "[engine][apply]") {
  World world = linked_world();
  world.webhook(subscription("2026-01-10", "s", Sub::active, "cortex_professional"));
  world.webhook(subscription("2026-01-20", "s", Sub::canceled));
  const auto [timestamp, plan, cost] = GENERATE(table<std::string, std::string, std::string>({
      {"2026-01-09T23:59:59.999999Z", "free", "0.2"},
      {"2026-01-10", "professional", "0.05"},
      {"2026-01-19T23:59:59.999999Z", "professional", "0.05"},
      {"2026-01-20", "free", "0.2"},
      {"2026-01-25", "free", "0.2"},
      {"", "free", "0.2"},
  }));
  world.usage("2026-01-25", 1000, timestamp);
  REQUIRE(world.effects.priced);
  CHECK(world.ledger.books().plan_id(world.effects.priced->plan) == plan);
  CHECK(world.effects.priced->cost == usd(cost));
  CHECK(world.state().accrued == usd(cost));
  CHECK(world.state().unbilled_tokens == 1000);
}

TEST_CASE("apply: usage counts in the period of its own timestamp, also late or ahead",
          "[engine][apply]") {
  World world = linked_world();
  world.usage("2026-02-10", 10, "2026-01-31T23:59:59.999999Z");
  world.usage("2026-02-10", 20, "2026-02-01");
  world.usage("2026-02-28 23:58", 30, "2026-03-01 00:02");
  CHECK(world.effects.priced->period == Period{at("2026-03-01"), at("2026-04-01")});
  world.usage("2026-02-28 23:59", 1);
  world.usage("2026-02-28 23:59", 0);
  const Report report = world.report("2026-03-15");
  const auto& periods = report.customers[0].periods;
  REQUIRE(periods.size() == 3);
  const std::int64_t tokens[] = {10, 21, 30}, requests[] = {1, 3, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(periods[i].period == BillingDays(1).period_of(at("2026-01-15") + i * 31 * kDay));
    CHECK(periods[i].tokens == tokens[i]);
    CHECK(periods[i].requests == requests[i]);
  }
}

TEST_CASE(
    "apply: bands count for each plan and period on its own, and a plan taken up again goes "
    "on where it was",
    "[engine][apply]") {
  Book book;
  for (Plan& plan : book.prices.plans)
    plan.pricing = {Graduated{{{100, usd("1"), {}}, {std::nullopt, {}, {}}}}, 0};
  World world = linked_world(book);
  world.usage("2026-01-02", 60);
  CHECK(world.effects.priced->cost == usd("60"));
  world.webhook(subscription("2026-01-03", "s", Sub::active));
  world.usage("2026-01-04", 60);
  CHECK(world.effects.priced->cost == usd("60"));
  world.webhook(subscription("2026-01-05", "s", Sub::canceled));
  world.usage("2026-01-06", 60);
  CHECK(world.effects.priced->cost == usd("40"));
  world.usage("2026-01-07", 60, "2026-01-04");
  CHECK(world.effects.priced->cost == usd("40"));
  world.usage("2026-01-07", 60, "2025-12-31");
  CHECK(world.effects.priced->cost == usd("60"));
  world.usage("2026-02-01", 60);
  CHECK(world.effects.priced->cost == usd("60"));
}

TEST_CASE("apply: a price that falls for all tokens gives a credit, which is carried",
          "[engine][apply]") {
  Book book = support::book_with({{"billing.threshold_usd", "5"}});
  book.prices.plans[0].pricing = {Volume{{{10, usd("1"), {}}, {std::nullopt, usd("0.1"), {}}}}, 0};
  World world = linked_world(book);
  world.usage("2026-01-02", 10);
  CHECK(world.state().charges.size() == 1);
  world.usage("2026-01-03", 1);
  CHECK(world.effects.priced->cost == usd("-8.9"));
  CHECK(world.state().accrued == usd("-8.9"));
  world.clock("2026-02-15");
  CHECK(world.state().charges.size() == 1);
  world.usage("2026-02-15", 9);
  CHECK(world.state().accrued == usd("0.1"));
}

TEST_CASE("apply: an end of grace falls due when nobody is awake", "[engine][apply]") {
  World world = linked_world(support::book_with({{"billing.grace_days", "3"}}));
  world.webhook(subscription("2026-01-10", "s", Sub::past_due));
  CHECK(world.tier() == "starter");
  world.usage("2026-01-20", 1);
  CHECK(world.tier_at("2026-01-12") == "starter");
  CHECK(world.tier_at("2026-01-13") == "free");
}

TEST_CASE("apply: a late event counts with every tier that it passes through", "[engine][apply]") {
  World world = linked_world(support::book_with({{"billing.grace_days", "3"}}));
  world.webhook(subscription("2026-01-02", "s", Sub::active));
  world.webhook("2026-01-20", subscription("2026-01-10", "s", Sub::past_due));
  CHECK(world.tier_at("2026-01-12") == "starter");
  CHECK(world.tier_at("2026-01-13") == "free");
  CHECK(world.tier() == "free");
}

TEST_CASE("apply: an event that comes at the very end of its grace counts with that end",
          "[engine][apply]") {
  World world = linked_world(support::book_with({{"billing.grace_days", "3"}}));
  world.webhook("2026-01-13", subscription("2026-01-10", "s", Sub::past_due));
  CHECK(world.tier_at("2026-01-12") == "starter");
  CHECK(world.tier() == "free");
}

TEST_CASE("apply: an event without effect leaves the timeline alone, however late",
          "[engine][apply]") {
  World world = linked_world(support::book_with({{"billing.grace_days", "1"}}));
  world.webhook(subscription("2026-01-01", "s", Sub::active));
  PolarEvent past_due = subscription("2026-01-20", "s", Sub::past_due);
  past_due.past_due_at = at("2026-01-10");
  world.webhook(past_due);
  const auto tiers = [&] {
    std::string out;
    for (Instant when = at("2025-12-30"); when < at("2026-01-30"); when = when + kDay)
      out += world.tier_at(format_instant(when)) + " ";
    return out;
  };
  const std::string before = tiers();
  for (const PolarEvent& event : {subscription("2026-01-10 12:00", "s", Sub::active),
                                  support::event(PolarEventKind::refund, "2026-01-10 12:00")}) {
    world.webhook("2026-01-25", event);
    CHECK(tiers() == before);
  }
  CHECK(world.tier_at("2026-01-19") == "starter");
  CHECK(world.tier_at("2026-01-20") == "free");
}

TEST_CASE("apply: a stale event is counted, and changes nothing", "[engine][apply]") {
  World world = linked_world();
  world.webhook(subscription("2026-01-10", "s", Sub::active));
  CHECK(world.effects.stale == 0);
  world.webhook("2026-01-11", subscription("2026-01-05", "s", Sub::canceled));
  CHECK(world.effects.stale == 1);
  CHECK(world.tier() == "starter");
}

TEST_CASE("apply: an upgrade that makes a second subscription is not undone when the first ends",
          "[engine][apply]") {
  World world = linked_world();
  world.webhook(subscription("2026-01-02", "s1", Sub::active, "cortex_starter"));
  world.webhook(subscription("2026-01-05", "s2", Sub::active, "cortex_enterprise"));
  world.webhook(subscription("2026-01-06", "s1", Sub::canceled, "cortex_starter"));
  CHECK(world.tier() == "enterprise");
  world.webhook(subscription("2026-01-07", "s2", Sub::canceled, "cortex_enterprise"));
  CHECK(world.tier() == "free");
}

TEST_CASE(
    "apply: what was parked applies on linking with the times that it came with, and then "
    "the threshold is looked at",
    "[engine][apply]") {
  World world;
  world.usage("2026-01-02", 4'000);
  world.webhook(subscription("2026-01-05", "s", Sub::active, "cortex_enterprise"));
  CHECK(world.found.parked);
  world.webhook("2026-01-06", subscription("2026-01-04", "s", Sub::canceled));
  CHECK(world.found.parked);
  world.usage("2026-01-07", 1'000);
  world.line("2026-01-08");
  CHECK(world.effects.stale == 1);
  CHECK(world.tier_at("2026-01-04") == "free");
  CHECK(world.tier_at("2026-01-05") == "enterprise");
  // Priced once, usage is not priced again.
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0].amount == 100);
  CHECK(world.state().charges[0].at == at("2026-01-08"));
}

TEST_CASE("apply: a profile changes the fields that it gives", "[engine][apply]") {
  World world = linked_world();
  Notice notice;
  notice.acts.push_back(Profile{"a@x.io", "Ann", "X", std::nullopt});
  world.apply(at("2026-01-02"), notice);
  notice.acts = {Profile{std::nullopt, "Anna", std::nullopt, std::nullopt}};
  world.apply(at("2026-01-02"), notice);
  CHECK(world.state().email.view() == "a@x.io");
  CHECK(world.state().name.view() == "Anna");
  CHECK(world.state().company.view() == "X");
}

TEST_CASE(
    "apply: a changed billing day waits for the end of the period; the first one given does "
    "not",
    "[engine][apply]") {
  World registered;
  registered.line("2026-01-20", "P", 15);
  CHECK(registered.state().current == Period{at("2026-01-15"), at("2026-02-15")});
  // Usage registers with the book's day; a day given then is a change.
  World used;
  used.usage("2026-01-20", 1);
  used.line("2026-01-21", "P", 15);
  CHECK(used.state().current == Period{at("2026-01-01"), at("2026-02-01")});
  used.clock("2026-02-01");
  CHECK(used.state().current == Period{at("2026-02-01"), at("2026-03-15")});
}

TEST_CASE("apply: the billing day of the line that registers counts, also after a parked e-mail",
          "[engine][apply]") {
  World world;
  world.webhook(support::customer_news(PolarEventKind::customer_updated, "2026-01-19", "a@x.io"));
  REQUIRE(world.found.parked);
  world.line("2026-01-20", "P", 15);
  CHECK(world.state().email.view() == "a@x.io");
  CHECK(world.state().current == Period{at("2026-01-15"), at("2026-02-15")});
}

TEST_CASE("apply: usage ahead of the clock lies in the period that the asked billing day will give",
          "[engine][apply]") {
  World world = linked_world();
  world.line("2026-01-31", "P", 15);
  world.usage("2026-01-31 23:58", 1, "2026-02-01 00:02");
  const Period next{at("2026-02-01"), at("2026-03-15")};
  CHECK(world.effects.priced->period == next);
  CHECK(world.report("2026-01-31 23:59").customers[0].periods[0].period == next);
  CHECK(world.report("2026-02-02").customers[0].periods[0].period == next);
}

TEST_CASE("apply: time never goes back for a customer", "[engine][apply]") {
  World world = linked_world();
  world.clock("2026-03-10");
  const std::string before = encode_snapshot(world.state());
  Effects effects;
  bring_forward(world.state(), at("2026-02-01"), world.ledger.books(), effects);
  CHECK(encode_snapshot(world.state()) == before);
}

TEST_CASE("apply: one entry is applied as its body is", "[engine][apply]") {
  const Books books{Book()};
  Usage usage;
  usage.tokens = 100;
  usage.operation = "chat";
  const std::vector<CustomerEntryBody> bodies = {usage, Notice{0, {Link{"P"}}}, Settlement{},
                                                 OperatorAct{}, Clock{}};
  CustomerState together = register_customer("c", at("2026-01-01"), std::nullopt, books);
  CustomerState apart(together);
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Instant when = at("2026-01-02") + i * 20 * kDay;
    Effects effects;
    apply(together, {when, "c", bodies[i]}, books, effects);
    std::visit([&](const auto& body) { apply(apart, when, body, books, effects); }, bodies[i]);
    CHECK(encode_snapshot(together) == encode_snapshot(apart));
  }
  CHECK(together.linked());
  CHECK(together.charges_made == 1);
}

}  // namespace reckoner
