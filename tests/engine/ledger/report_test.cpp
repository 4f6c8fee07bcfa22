// The figures of a replay (contracts.md, Replay report).
#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::usd;
using support::World;

World two_customers() {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-02", 12'000);
  world.usage("2026-02-03", 300);
  world.customer_id = "b";
  world.usage("2026-01-05", 1'000);
  world.customer_id = "c";
  return world;
}

}  // namespace

TEST_CASE("report: everybody is brought forward to until, in byte order of id",
          "[engine][report]") {
  World world = two_customers();
  const Report report = world.report("2026-03-01");
  REQUIRE(report.customers.size() == 2);
  CHECK(report.customers[0].state->id.view() == "b");
  CHECK(report.customers[1].state->id.view() == "c");
  // The boundary at until has fired.
  const auto& charges = report.customers[1].charges;
  REQUIRE(charges.size() == 2);
  CHECK(charges[0].amount == 240);
  CHECK(charges[1].amount == 6);
  CHECK(charges[1].at == at("2026-03-01"));
  CHECK(charges[1].reason == ChargeReason::cycle);
}

TEST_CASE("report: totals are the sums of the rows, and conservation holds", "[engine][report]") {
  World world = two_customers();
  const Report report = world.report("2026-03-01");
  CHECK(report.totals.customers == 2);
  CHECK(report.totals.requests == 3);
  CHECK(report.totals.tokens == 13'300);
  CHECK(report.totals.cost == usd("2.66"));
  CHECK(report.totals.charges == 2);
  CHECK(report.totals.charged == usd("2.46"));
  CHECK(report.totals.accrued == usd("0.2"));
  CHECK(report.conservation_gap == Money{});
  CHECK(report.set_aside == 0);
  world.state().accrued += Money{1};
  CHECK(world.report("2026-03-01").conservation_gap == Money{-1});
}

TEST_CASE("report: periods and charges that have left the state are in it all the same",
          "[engine][report]") {
  World world = two_customers();
  world.settle("2026-02-04", 1, ChargeStatus::paid, "pc_1");
  world.usage("2026-06-10", 70);
  REQUIRE(world.state().departed != nullptr);
  const Report report = world.report("2026-06-15");
  const CustomerReport& customer = report.customers[1];
  REQUIRE(customer.periods.size() == 3);
  CHECK(customer.periods[0].period == Period{at("2026-01-01"), at("2026-02-01")});
  CHECK(customer.periods[0].tokens == 12'000);
  CHECK(customer.periods[1].tokens == 300);
  CHECK(customer.periods[2].period == Period{at("2026-06-01"), at("2026-07-01")});
  REQUIRE(customer.charges.size() == 2);
  CHECK(customer.charges[0].status == ChargeStatus::paid);
  CHECK(customer.charges[0].number == 1);
  CHECK(report.totals.tokens == 13'370);
  CHECK(report.conservation_gap == Money{});
}

TEST_CASE("report: a period is one line, whatever plans it was on", "[engine][report]") {
  World world;
  world.line("2026-01-01");
  world.usage("2026-01-02", 10);
  world.webhook(support::subscription("2026-01-03", "s", SubscriptionStatus::active));
  world.usage("2026-01-04", 20);
  const Report report = world.report("2026-01-05");
  REQUIRE(report.customers[0].periods.size() == 1);
  CHECK(report.customers[0].periods[0].tokens == 30);
  CHECK(report.customers[0].periods[0].cost == usd("0.004"));
  CHECK(report.customers[0].tier == "starter");
}

TEST_CASE("report: revenue is payments less refunds, by product", "[engine][report]") {
  World world;
  world.line("2026-01-01");
  const auto pay = [&](std::string_view id, Cents cents, std::string_view product) {
    PolarEvent event = support::payment("2026-01-02", id, cents);
    event.product_id = product;
    world.webhook(event);
  };
  pay("o1", 2900, "cortex_starter");
  pay("o2", 9900, "cortex_professional");
  pay("o3", 2900, "cortex_starter");
  pay("o4", 50, "");
  PolarEvent refund = support::event(PolarEventKind::refund, "2026-01-03");
  refund.object_id = "r1";
  refund.order_id = "o3";
  refund.amount = 900;
  refund.succeeded = true;
  world.webhook(refund);
  refund.object_id = "r2";
  refund.order_id = "not paid";
  world.webhook(refund);
  const RevenueReport revenue = world.report("2026-01-05").revenue;
  CHECK(revenue.transactions == 4);
  CHECK(revenue.total == usd("148.5"));
  CHECK(revenue.by_product == std::map<std::string, Money>{{"cortex_professional", usd("99")},
                                                           {"cortex_starter", usd("49")},
                                                           {"unknown", usd("0.5")}});
}

TEST_CASE("report: of nothing there is one too", "[engine][report]") {
  Ledger ledger{Books(Book())};
  ClosedRows closed;
  const Report report = make_report(ledger, closed, HistoryCounts{});
  CHECK(report.customers.empty());
  CHECK(report.totals.customers == 0);
  CHECK(report.conservation_gap == Money{});
  CHECK(report.state_hash.size() == 64);
  CHECK(report.money_hash.size() == 64);
}

TEST_CASE("report: without an until nobody is brought forward", "[engine][report]") {
  World world = two_customers();
  const std::string before = encode_snapshot(world.state());
  const Report report = make_report(world.ledger, world.closed, HistoryCounts{});
  CHECK(encode_snapshot(world.state()) == before);
  CHECK(report.customers[1].charges.size() == 1);
}

TEST_CASE("report: closed rows are those of their customer", "[engine][report]") {
  World world = two_customers();
  CHECK(world.closed.find("c") == nullptr);
  world.settle("2026-02-04", 1, ChargeStatus::failed);
  CHECK(world.closed.find("c") == nullptr);
  world.act("2026-02-05", 1, OperatorDecision::write_off);
  REQUIRE(world.closed.find("c") != nullptr);
  CHECK(world.closed.find("c")->charges.size() == 1);
  CHECK(world.closed.find("c")->usage.empty());
  CHECK(world.closed.find("b") == nullptr);
}

TEST_CASE("report: sums of tokens stop at the end of their type", "[engine][report]") {
  CHECK(add_saturating(1, 2) == 3);
  CHECK(add_saturating(INT64_MAX - 1, 1) == INT64_MAX);
  CHECK(add_saturating(INT64_MAX, kMaxTokensSummed) == INT64_MAX);
}

}  // namespace reckoner
