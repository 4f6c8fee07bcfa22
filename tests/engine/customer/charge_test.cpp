// Charges: when they are made, what they hold, and their life (billing-rules.md, Charges).
#include <map>
#include <set>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::usd;
using support::World;
using C = ChargeStatus;

// A dollar's worth of tokens on the free plan.
constexpr std::int64_t kDollar = 5'000;

World linked_world(Book book = {}) {
  World world(std::move(book));
  world.line("2026-01-01");
  return world;
}

// A charge of 1.00 USD that Polar refused.
World world_with_failed_charge() {
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.settle("2026-01-03", 1, C::failed);
  return world;
}

}  // namespace

TEST_CASE("charges: at the threshold accrued is charged, rounded down to a cent; the rest stays",
          "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-02 10:00", kDollar - 1);
  CHECK(world.effects.charges.empty());
  CHECK(world.state().accrued == usd("0.9998"));
  world.usage("2026-01-02 11:00", 123);
  REQUIRE(world.effects.charges.size() == 1);
  const Charge& charge = world.effects.charges.front();
  CHECK(charge.number == 1);
  CHECK(charge.at == at("2026-01-02 11:00"));
  CHECK(charge.amount == 102);
  CHECK(charge.tokens == kDollar + 122);
  CHECK(charge.reason == ChargeReason::threshold);
  CHECK(charge.status == C::pending);
  CHECK(world.state().accrued == usd("0.0044"));
  CHECK(world.state().unbilled_tokens == 0);
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0] == charge);
}

TEST_CASE(
    "charges: at each boundary whatever accrued is charged, before an event of the same "
    "instant",
    "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-15", 100);
  world.usage("2026-02-01", 1);
  REQUIRE(world.effects.charges.size() == 1);
  CHECK(world.effects.charges[0].at == at("2026-02-01"));
  CHECK(world.effects.charges[0].amount == 2);
  CHECK(world.effects.charges[0].tokens == 100);
  CHECK(world.effects.charges[0].reason == ChargeReason::cycle);
  CHECK(world.state().accrued == usd("0.0002"));
  // Boundaries that nobody was awake for, in order; those with nothing to charge make none.
  world.usage("2026-02-10", 70);
  world.clock("2026-06-15");
  REQUIRE(world.effects.charges.size() == 1);
  CHECK(world.effects.charges[0].at == at("2026-03-01"));
  CHECK(world.state().accrued == usd("0.0042"));
}

TEST_CASE("charges: an unlinked customer accrues, and is charged at once when it is linked",
          "[engine][charge]") {
  World world;
  world.usage("2026-01-02", 3 * kDollar);
  world.clock("2026-02-05");
  CHECK(world.state().charges.empty());
  CHECK(world.state().accrued == usd("3"));
  world.line("2026-02-06");
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0].amount == 300);
  CHECK(world.state().charges[0].reason == ChargeReason::threshold);
  // Below the threshold linking alone makes none.
  World low;
  low.usage("2026-01-02", kDollar - 1);
  low.line("2026-01-03");
  CHECK(low.state().charges.empty());
}

TEST_CASE("charges: only at the minimum or more", "[engine][charge]") {
  World world = linked_world(
      support::book_with({{"billing.threshold_usd", "0"}, {"billing.minimum_charge_usd", "0.50"}}));
  world.usage("2026-01-02", kDollar / 2 - 1);
  CHECK(world.state().charges.empty());
  world.clock("2026-02-01");
  CHECK(world.state().charges.empty());
  world.usage("2026-02-02", 1);
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0].amount == 50);
}

TEST_CASE("charges: an amount above hold_charge_usd is held, the amount itself is not",
          "[engine][charge]") {
  const auto [hold, tokens, status] = GENERATE(table<std::string, std::int64_t, C>({
      {"2", 2 * kDollar, C::pending},
      {"2", 2 * kDollar + 50, C::held},
      {"0", 1'000'000 * kDollar, C::pending},
      {"10000", 10'000 * kDollar + 50, C::held},
  }));
  World world = linked_world(support::book_with({{"billing.hold_charge_usd", hold}}));
  world.usage("2026-01-02", tokens);
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().charges[0].status == status);
  CHECK(world.state().blocked() == (status == C::held));
}

TEST_CASE("charges: a held charge blocks the next one until an operator releases it",
          "[engine][charge]") {
  World world = linked_world(support::book_with({{"billing.hold_charge_usd", "2"}}));
  world.usage("2026-01-02", 3 * kDollar);
  world.usage("2026-01-03", 2 * kDollar);
  world.clock("2026-02-01");
  CHECK(world.state().charges.size() == 1);
  CHECK(world.state().accrued == usd("2"));
  world.act("2026-02-02", 1, OperatorDecision::retry);
  CHECK(world.effects.unknown_charge);
  CHECK(world.state().blocked());
  world.act("2026-02-03", 1, OperatorDecision::release);
  CHECK(world.state().charges[0].status == C::pending);
  CHECK_FALSE(world.state().blocked());
  // What accrued meanwhile is looked at again.
  REQUIRE(world.state().charges.size() == 2);
  CHECK(world.state().charges[1].amount == 200);
  CHECK(world.state().charges[1].tokens == 2 * kDollar);
}

TEST_CASE(
    "charges: a failed charge blocks the next one until an operator retries it or writes it "
    "off, or it is paid",
    "[engine][charge]") {
  World world = world_with_failed_charge();
  world.usage("2026-01-04", 2 * kDollar);
  world.clock("2026-02-01");
  // Any other news leaves it blocked.
  world.webhook(support::payment("2026-02-01", "i0", 100));
  REQUIRE(world.state().charges.size() == 1);
  CHECK(world.state().accrued == usd("2"));
  REQUIRE(world.state().blocked());

  SECTION("retried") {
    world.act("2026-02-02", 1, OperatorDecision::retry);
    CHECK(world.state().charges.size() == 2);
    CHECK(world.state().charges[0].status == C::pending);
  }
  SECTION("written off") {
    world.act("2026-02-02", 1, OperatorDecision::write_off);
    REQUIRE(world.effects.charges.size() == 2);
    CHECK(world.effects.charges[0].status == C::written_off);
    CHECK(world.effects.charges[1].number == 2);
    CHECK(world.state().charges.size() == 1);
  }
  SECTION("found paid") {
    world.settle("2026-02-02", 1, C::paid, "pc_1");
    REQUIRE(world.effects.charges.size() == 2);
    CHECK(world.effects.charges[0].status == C::paid);
    CHECK(world.effects.charges[0].polar_charge_id.view() == "pc_1");
  }
  SECTION("paid, says a webhook that names it") {
    PolarEvent paid = support::payment("2026-02-02", "i1", 100);
    paid.charge_id = "c:1";
    world.webhook(paid);
  }
  CHECK_FALSE(world.state().blocked());
  CHECK(world.state().accrued == Money{});
  CHECK(world.state().charges.back().number == 2);
  CHECK(world.state().charges.back().amount == 200);
}

TEST_CASE("charges: while two block, clearing one is not enough", "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.usage("2026-01-02", kDollar);
  world.settle("2026-01-03", 1, C::failed);
  world.settle("2026-01-03", 2, C::failed);
  world.usage("2026-01-04", kDollar);
  world.act("2026-01-05", 1, OperatorDecision::write_off);
  CHECK(world.state().blocked());
  CHECK(world.state().accrued == usd("1"));
  world.act("2026-01-05", 2, OperatorDecision::retry);
  CHECK(world.state().accrued == Money{});
}

TEST_CASE("charges: a payment pays the charge that it names, by the engine's id or by Polar's",
          "[engine][charge]") {
  const auto [charge_id, object_id, currency, cents, pays] =
      GENERATE(table<std::string, std::string, std::string, Cents, bool>({
          {"c:1", "i1", "", 100, true},
          {"pc_1", "i1", "", 100, true},
          {"", "pc_1", "", 100, true},
          {"c:2", "i1", "", 100, false},
          {"c:01", "i1", "", 100, false},
          {"d:1", "i1", "", 100, false},
          {"", "i1", "", 100, false},
          {"", "", "", 100, false},
          {"c:1", "i1", "", 99, false},  // another amount is a drift
          {"c:1", "i1", "eur", 100, false},
      }));
  INFO("charge_id '" << charge_id << "', id '" << object_id << "', " << cents << currency);
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.settle("2026-01-03", 1, C::submitted, "pc_1");
  PolarEvent paid = support::payment("2026-01-04", object_id, cents);
  paid.charge_id = charge_id;
  paid.foreign_currency = currency;
  world.webhook(paid);
  CHECK(world.state().charges.empty() == pays);
  REQUIRE(world.effects.charges.size() == (pays ? 1 : 0));
  if (pays) CHECK(world.effects.charges[0].status == C::paid);
}

TEST_CASE("charges: one that has no Polar id yet is paid only by what names the engine's",
          "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.webhook(support::payment("2026-01-04", "i1", 100));
  CHECK(world.state().charges.size() == 1);
  PolarEvent paid = support::payment("2026-01-04", "i2", 100);
  paid.charge_id = "c:1";
  world.webhook(paid);
  CHECK(world.state().charges.empty());
}

TEST_CASE("charges: settlement moves a charge only where its life allows", "[engine][charge]") {
  // By what the charge is: all that can be said of it with effect.
  const std::map<C, std::set<C>> kMay = {
      {C::pending, {C::pending, C::unknown, C::submitted, C::paid, C::failed}},
      {C::unknown, {C::pending, C::unknown, C::submitted, C::paid, C::failed}},
      {C::submitted, {C::submitted, C::paid, C::failed}},
      {C::failed, {C::paid}},
      {C::held, {C::paid}},
      {C::paid, {}},
      {C::written_off, {}},
  };
  REQUIRE(kMay.size() == kChargeStatuses);
  for (const auto& [now, may] : kMay) {
    for (int i = 0; i < kChargeStatuses; ++i) {
      const auto said = static_cast<C>(i);
      const auto after = after_settlement(now, said);
      INFO(charge_status_name(now) << ", said " << charge_status_name(said));
      CHECK(after.has_value() == may.contains(said));
      if (after) CHECK(*after == said);
    }
  }
}

TEST_CASE(
    "charges: an operator retries what failed, releases what is held, and writes off what "
    "Polar does not have",
    "[engine][charge]") {
  for (int i = 0; i < kChargeStatuses; ++i) {
    const auto now = static_cast<C>(i);
    INFO(charge_status_name(now));
    CHECK(after_decision(now, OperatorDecision::retry).has_value() == (now == C::failed));
    CHECK(after_decision(now, OperatorDecision::release).has_value() == (now == C::held));
    const bool can_be_written_off = now == C::failed || now == C::held || now == C::pending;
    CHECK(after_decision(now, OperatorDecision::write_off).has_value() == can_be_written_off);
  }
  CHECK(after_decision(C::failed, OperatorDecision::retry) == C::pending);
  CHECK(after_decision(C::held, OperatorDecision::release) == C::pending);
  CHECK(after_decision(C::held, OperatorDecision::write_off) == C::written_off);
}

TEST_CASE("charges: what is said of a charge that is not open changes nothing and is told",
          "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.settle("2026-01-03", 2, C::paid);
  CHECK(world.effects.unknown_charge);
  world.act("2026-01-03", 0, OperatorDecision::write_off);
  CHECK(world.effects.unknown_charge);
  world.settle("2026-01-03", 1, C::written_off);
  CHECK(world.effects.unknown_charge);
  world.settle("2026-01-04", 1, C::paid);
  CHECK_FALSE(world.effects.unknown_charge);
  world.settle("2026-01-05", 1, C::failed);
  CHECK(world.effects.unknown_charge);
  CHECK(world.effects.charges.empty());
  CHECK(world.state().charges.empty());
}

TEST_CASE("charges: an answer without Polar's id leaves the one it had", "[engine][charge]") {
  World world = linked_world();
  world.usage("2026-01-02", kDollar);
  world.settle("2026-01-03", 1, C::unknown);
  world.settle("2026-01-04", 1, C::submitted, "pc_1");
  world.settle("2026-01-05", 1, C::submitted);
  CHECK(world.state().charges[0].polar_charge_id.view() == "pc_1");
}

TEST_CASE("charges: the id is the customer's and the number, and only that is read back",
          "[engine][charge]") {
  CHECK(charge_id("c", 7) == "c:7");
  CHECK(charge_id("a:1", 4'294'967'295) == "a:1:4294967295");
  for (const std::string customer : {"c", "a:1", ""})
    for (const std::uint32_t number : {1u, 10u, 4'294'967'295u})
      CHECK(charge_number(customer, charge_id(customer, number)) == number);
  for (const std::string id : {"c", "c:", "d:1", "c1", "c:1x", "c:x", "c:-1", "c:+1", "c: 1",
                               "c:01", "c:0", "c:4294967296", "cc:1", "c:1:1", ""}) {
    INFO(id);
    CHECK_FALSE(charge_number("c", id));
  }
}

TEST_CASE("charges: names are those of reports and the API", "[engine][charge]") {
  const std::vector<std::string> names = {"pending", "held",   "unknown",    "submitted",
                                          "paid",    "failed", "written_off"};
  for (int i = 0; i < kChargeStatuses; ++i)
    CHECK(charge_status_name(static_cast<C>(i)) == names[static_cast<std::size_t>(i)]);
  CHECK(charge_reason_name(ChargeReason::threshold) == "threshold");
  CHECK(charge_reason_name(ChargeReason::cycle) == "cycle");
  CHECK(charge_description(1234) == "Monthly usage: 1234 tokens");
  CHECK(is_closed(C::paid));
  CHECK(is_closed(C::written_off));
  CHECK_FALSE(is_closed(C::failed));
}

}  // namespace reckoner
