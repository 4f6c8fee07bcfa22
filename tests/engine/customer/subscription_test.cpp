// Subscriptions as Polar's events tell of them, in whatever order they arrive: order and staleness,
// payments and failures, deletion (billing-rules.md, Tier and Webhooks).
#include <algorithm>
#include <numeric>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::deleted;
using support::payment;
using support::payment_failed;
using support::subscription;
using Sub = SubscriptionStatus;

constexpr PolarNumber kP = 0, kQ = 1;

PolarEvent arriving(std::string_view when, PolarEvent event) {
  event.arrived = at(when);
  return event;
}

PolarEvent modified(std::string_view when, PolarEvent event) {
  event.modified = at(when);
  return event;
}

const Subscription& only(const Subscriptions& held) {
  REQUIRE(held.all().size() == 1);
  return held.all().front();
}

Sub status_of(const Subscriptions& held, std::string_view id, PolarNumber polar = kP) {
  for (const Subscription& s : held.all())
    if (s.id.view() == id && s.polar == polar) return s.status;
  FAIL("no subscription " << id);
  return {};
}

// "s" of cortex_starter and "t" of cortex_professional, with the statuses given, heard on
// January 1.
Subscriptions two(Sub s, Sub t) {
  Subscriptions held;
  held.hear(subscription("2026-01-01", "s", s, "cortex_starter"), kP, 0);
  held.hear(subscription("2026-01-01", "t", t, "cortex_professional"), kP, 0);
  return held;
}

}  // namespace

TEST_CASE("subscriptions: product and status are as given, and what is not given stays",
          "[engine][subscription]") {
  Subscriptions held;
  CHECK(held.hear(subscription("2026-01-01", "s", Sub::active, "a"), kP, 0));
  CHECK(held.hear(subscription("2026-01-02", "s", std::nullopt, "b"), kP, 0));
  CHECK(only(held).status == Sub::active);
  CHECK(only(held).product_id.view() == "b");
  CHECK(held.hear(subscription("2026-01-03", "s", Sub::paused, ""), kP, 0));
  CHECK(only(held).status == Sub::paused);
  CHECK(only(held).product_id.view() == "b");
}

TEST_CASE("subscriptions: a new one without a known status is incomplete",
          "[engine][subscription]") {
  Subscriptions held;
  held.hear(subscription("2026-01-01", "s", std::nullopt), kP, 0);
  CHECK(only(held).status == Sub::incomplete);
}

TEST_CASE(
    "subscriptions: an event older than the last one is stale; at the same time arrival order "
    "holds",
    "[engine][subscription]") {
  Subscriptions held;
  REQUIRE(held.hear(subscription("2026-01-05", "s", Sub::active), kP, 0));
  CHECK_FALSE(held.hear(subscription("2026-01-04", "s", Sub::canceled), kP, 0));
  CHECK(only(held).status == Sub::active);
  CHECK(held.hear(subscription("2026-01-05", "s", Sub::paused), kP, 0));
  CHECK(only(held).status == Sub::paused);
}

TEST_CASE("subscriptions: at one envelope time modified_at decides, and none counts as earliest",
          "[engine][subscription]") {
  Subscriptions held;
  const auto event = [](Sub status) { return subscription("2026-01-05", "s", status); };
  REQUIRE(held.hear(modified("2026-01-03", event(Sub::active)), kP, 0));
  CHECK_FALSE(held.hear(modified("2026-01-02", event(Sub::paused)), kP, 0));
  CHECK_FALSE(held.hear(event(Sub::paused), kP, 0));
  CHECK(held.hear(modified("2026-01-03", event(Sub::trialing)), kP, 0));
  CHECK(held.hear(modified("2026-01-04", event(Sub::canceled)), kP, 0));
  CHECK(only(held).status == Sub::canceled);
}

TEST_CASE(
    "subscriptions: without an envelope time it is the arrival that counts, and modified_at "
    "does not",
    "[engine][subscription]") {
  Subscriptions held;
  const auto event = [](std::string_view when, Sub status) {
    return arriving(when, subscription("", "s", status));
  };
  REQUIRE(held.hear(modified("2026-01-09", event("2026-01-05", Sub::active)), kP, 0));
  CHECK(held.hear(modified("2026-01-01", event("2026-01-05", Sub::paused)), kP, 0));
  CHECK_FALSE(held.hear(subscription("2026-01-04", "s", Sub::active), kP, 0));
  CHECK(held.hear(subscription("2026-01-05", "s", Sub::active), kP, 0));
}

TEST_CASE("subscriptions: an envelope time ahead of the clock orders as sent",
          "[engine][subscription]") {
  Subscriptions held;
  REQUIRE(held.hear(arriving("2026-01-01", subscription("2026-01-20", "s", Sub::active)), kP, 0));
  CHECK_FALSE(
      held.hear(arriving("2026-01-10", subscription("2026-01-10", "s", Sub::canceled)), kP, 0));
  CHECK(only(held).status == Sub::active);
}

TEST_CASE("subscriptions: whatever the order of arrival, the newest event decides",
          "[engine][subscription]") {
  std::vector<PolarEvent> events = {
      subscription("2026-01-01", "s", Sub::incomplete),
      subscription("2026-01-02", "s", Sub::trialing),
      modified("2026-01-01", subscription("2026-01-02", "s", Sub::active)),
      subscription("2026-01-03", "s", Sub::past_due),
      subscription("2026-01-04", "s", Sub::paused, "cortex_enterprise"),
  };
  std::vector<int> order(events.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    Subscriptions held;
    int newest = -1, stale = 0;
    for (const int i : order) {
      const bool effect = held.hear(events[i], kP, 0);
      CHECK(effect == (i > newest));
      newest = std::max(newest, i);
      stale += effect ? 0 : 1;
      CHECK(only(held).status == *events[newest].status);
    }
    CHECK(only(held).product_id.view() == "cortex_enterprise");
    CHECK((stale == 0) == std::is_sorted(order.begin(), order.end()));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("subscriptions: past due since the time given, else the event's; repeats keep it",
          "[engine][subscription]") {
  Subscriptions held;
  held.hear(arriving("2026-01-02", subscription("2026-01-03", "s", Sub::past_due)), kP, 2 * kDay);
  CHECK(only(held).past_due_since == at("2026-01-02"));  // not after it arrived
  CHECK(only(held).grace_end == at("2026-01-04"));
  PolarEvent repeat = subscription("2026-01-05", "s", Sub::past_due);
  repeat.past_due_at = at("2025-12-01");
  held.hear(repeat, kP, 9 * kDay);
  CHECK(only(held).past_due_since == at("2026-01-02"));
  CHECK(only(held).grace_end == at("2026-01-04"));
  held.hear(subscription("2026-01-06", "s", Sub::active), kP, 0);
  CHECK(only(held).past_due_since == kDistantPast);
  repeat.sent = at("2026-01-07");
  held.hear(repeat, kP, kDay);
  CHECK(only(held).past_due_since == at("2025-12-01"));
  CHECK(only(held).grace_end == at("2025-12-02"));
}

TEST_CASE("subscriptions: the next end of grace is the first after an instant",
          "[engine][subscription]") {
  Subscriptions held;
  CHECK(held.next_grace_end(kDistantPast) == kDistantFuture);
  held.hear(subscription("2026-01-05", "s", Sub::past_due), kP, kDay);
  held.hear(subscription("2026-01-02", "t", Sub::past_due), kP, kDay);
  held.hear(subscription("2026-01-01", "u", Sub::active), kP, kDay);
  CHECK(held.next_grace_end(kDistantPast) == at("2026-01-03"));
  CHECK(held.next_grace_end(at("2026-01-03")) == at("2026-01-06"));
  CHECK(held.next_grace_end(at("2026-01-06")) == kDistantFuture);
  held.hear(subscription("2026-01-05", "s", Sub::canceled), kP, kDay);
  CHECK(held.next_grace_end(at("2026-01-03")) == kDistantFuture);
}

// --- payments and failures --------------------------------------------------------------------

TEST_CASE("subscriptions: a payment makes active again what is past due, and nothing else",
          "[engine][subscription]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto before = static_cast<Sub>(i);
    Subscriptions held = two(before, Sub::paused);
    CHECK(held.hear(payment("2026-01-02", "i"), kP, 0));
    const Sub after = before == Sub::past_due ? Sub::active : before;
    CHECK(status_of(held, "s") == after);
    CHECK(status_of(held, "t") == Sub::paused);
    // A payment is the last event of what it changed.
    CHECK(held.hear(subscription("2026-01-01 12:00", "s", Sub::unpaid), kP, 0) ==
          (after == before));
  }
}

TEST_CASE("subscriptions: a failure makes past due what is active or trialing, and nothing else",
          "[engine][subscription]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto before = static_cast<Sub>(i);
    Subscriptions held = two(before, Sub::paused);
    CHECK(held.hear(payment_failed("2026-01-02"), kP, kDay));
    const bool changes = before == Sub::active || before == Sub::trialing;
    CHECK(status_of(held, "s") == (changes ? Sub::past_due : before));
    CHECK(status_of(held, "t") == Sub::paused);
    CHECK(held.hear(subscription("2026-01-01 12:00", "s", Sub::unpaid), kP, 0) == !changes);
  }
}

TEST_CASE("subscriptions: a payment or failure touches only what it means",
          "[engine][subscription]") {
  const auto [meant, id, product, s, t] =
      GENERATE(table<Meant, std::string, std::string, bool, bool>({
          {Meant::all, "", "", true, true},
          {Meant::named, "s", "", true, false},
          {Meant::named, "t", "cortex_starter", false, true},
          {Meant::named, "u", "", false, false},
          {Meant::of_product, "", "cortex_starter", true, false},
          {Meant::of_product, "", "cortex_enterprise", false, false},
          {Meant::none, "s", "cortex_starter", false, false},
      }));
  INFO("meant " << static_cast<int>(meant) << " '" << id << "' '" << product << "'");
  PolarEvent paid = payment("2026-01-02", "i"), failed = payment_failed("2026-01-03");
  for (PolarEvent* event : {&paid, &failed}) {
    event->meant = meant;
    event->subscription_id = id;
    event->product_id = product;
  }
  Subscriptions held = two(Sub::past_due, Sub::past_due);
  held.hear(paid, kP, 0);
  CHECK(status_of(held, "s") == (s ? Sub::active : Sub::past_due));
  CHECK(status_of(held, "t") == (t ? Sub::active : Sub::past_due));
  held = two(Sub::active, Sub::active);
  held.hear(failed, kP, 0);
  CHECK(status_of(held, "s") == (s ? Sub::past_due : Sub::active));
  CHECK(status_of(held, "t") == (t ? Sub::past_due : Sub::active));
}

TEST_CASE(
    "subscriptions: a payment that does not revive, or a payment or failure older than the "
    "last event, changes nothing",
    "[engine][subscription]") {
  Subscriptions held = two(Sub::past_due, Sub::active);
  const Subscriptions before = held;
  PolarEvent paid = payment("2026-01-02", "i");
  paid.revives = false;
  held.hear(paid, kP, 0);
  held.hear(payment("2025-12-31", "i"), kP, 0);
  held.hear(payment_failed("2025-12-31"), kP, 0);
  CHECK(held == before);
}

TEST_CASE("subscriptions: a failure's past_due_at begins the grace", "[engine][subscription]") {
  Subscriptions held = two(Sub::active, Sub::canceled);
  PolarEvent failed = payment_failed("2026-01-05");
  failed.past_due_at = at("2026-01-03");
  held.hear(failed, kP, kDay);
  CHECK(held.next_grace_end(kDistantPast) == at("2026-01-04"));
}

// --- whose, and how long ----------------------------------------------------------------------

TEST_CASE("subscriptions: an event touches only those of its own Polar customer",
          "[engine][subscription]") {
  Subscriptions held;
  held.hear(subscription("2026-01-01", "s", Sub::active), kP, 0);
  held.hear(subscription("2026-01-01", "s", Sub::active), kQ, 0);
  REQUIRE(held.all().size() == 2);
  const std::vector<PolarEvent> events = {
      subscription("2026-01-02", "s", Sub::paused), payment_failed("2026-01-02"),
      support::snapshot("2026-01-02", {}), deleted("2026-01-02")};
  for (const PolarEvent& event : events) {
    Subscriptions changed = held;
    changed.hear(event, kP, 0);
    CHECK(status_of(changed, "s", kP) != Sub::active);
    CHECK(status_of(changed, "s", kQ) == Sub::active);
  }
}

TEST_CASE("subscriptions: a deletion ends what has no newer event, and is its last event",
          "[engine][subscription]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto before = static_cast<Sub>(i);
    Subscriptions held = two(before, Sub::active);
    held.hear(subscription("2026-01-09", "t", Sub::active), kP, 0);
    held.hear(deleted("2026-01-05"), kP, 0);
    const bool ended = before == Sub::canceled || before == Sub::incomplete_expired;
    CHECK(status_of(held, "s") == (ended ? before : Sub::canceled));
    CHECK(status_of(held, "t") == Sub::active);
    CHECK_FALSE(held.hear(subscription("2026-01-04", "s", Sub::active), kP, 0));
    CHECK(held.hear(subscription("2026-01-06", "s", Sub::active), kP, 0));
  }
}

TEST_CASE(
    "subscriptions: those that ended over 400 days ago are forgotten, and no late event "
    "brings them back",
    "[engine][subscription]") {
  const Instant end = at("2026-01-01");
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto status = static_cast<Sub>(i);
    const bool ended = status == Sub::canceled || status == Sub::incomplete_expired;
    Subscriptions held = two(status, Sub::active);
    CHECK(held.forget_ended(end + kEndedSubscriptionKept).empty());
    const auto gone = held.forget_ended(end + kEndedSubscriptionKept + 1);
    CHECK(gone.size() == (ended ? 1 : 0));
    CHECK(held.all().size() == (ended ? 1 : 2));
    if (!ended) continue;
    CHECK(gone.front().id.view() == "s");
    for (const PolarEvent& late : {subscription("2026-01-01", "s", Sub::active),
                                   subscription("2025-11-01", "s", Sub::active)})
      CHECK_FALSE(held.hear(late, kP, 0));
    held.hear(support::snapshot("2026-01-01", {support::listed("s", Sub::active)}), kP, 0);
    CHECK(held.all().size() == 1);
    // A newer one is of a new subscription.
    CHECK(held.hear(subscription("2026-01-02", "u", Sub::active), kP, 0));
    CHECK(held.all().size() == 2);
  }
}

TEST_CASE("subscriptions: kinds that are about none change none", "[engine][subscription]") {
  const Subscriptions before = two(Sub::active, Sub::past_due);
  for (const auto kind : {PolarEventKind::customer_created, PolarEventKind::customer_updated,
                          PolarEventKind::order_refunded, PolarEventKind::refund,
                          PolarEventKind::other, PolarEventKind::customer_state_changed}) {
    PolarEvent event = subscription("2026-01-05", "s", Sub::canceled);
    event.kind = kind;
    event.meant = Meant::all;
    Subscriptions held = before;
    CHECK(held.hear(event, kP, 0));
    CHECK(held == before);
  }
}

}  // namespace reckoner
