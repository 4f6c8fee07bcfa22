// customer.state_changed: a snapshot of the subscriptions that are active, which other events can
// overtake (billing-rules.md, Webhooks).
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::listed;
using support::payment;
using support::snapshot;
using support::subscription;
using Sub = SubscriptionStatus;

Subscriptions heard(const std::vector<PolarEvent>& events) {
  Subscriptions out;
  for (const PolarEvent& event : events) out.hear(event, 0, kDay);
  return out;
}

const Subscription& only(const Subscriptions& held) {
  REQUIRE(held.all().size() == 1);
  return held.all().front();
}

}  // namespace

TEST_CASE("snapshots: each listed subscription takes the listed product and status",
          "[engine][subscription]") {
  const Subscriptions held = heard({
      subscription("2026-01-01", "s", Sub::canceled, "a"),
      snapshot("2026-01-02", {listed("s", Sub::trialing, "b"), listed("new", Sub::active, "c"),
                              listed("odd", std::nullopt, "d")}),
  });
  REQUIRE(held.all().size() == 3);
  CHECK(held.all()[0].status == Sub::trialing);
  CHECK(held.all()[0].product_id.view() == "b");
  CHECK(held.all()[1].status == Sub::active);
  CHECK(held.all()[2].status == Sub::incomplete);
}

TEST_CASE("snapshots: a product or status that is not said stays", "[engine][subscription]") {
  const Subscriptions held = heard({
      subscription("2026-01-01", "s", Sub::trialing, "a"),
      snapshot("2026-01-02", {listed("s", std::nullopt, "")}),
  });
  CHECK(only(held).status == Sub::trialing);
  CHECK(only(held).product_id.view() == "a");
  // It is confirmed by being listed: what was sent before is stale.
  Subscriptions later = held;
  CHECK_FALSE(later.hear(subscription("2026-01-01 12:00", "s", Sub::paused), 0, 0));
}

TEST_CASE("snapshots: an event newer than the snapshot wins over what it lists",
          "[engine][subscription]") {
  const Subscriptions held = heard({
      subscription("2026-01-03", "s", Sub::paused),
      snapshot("2026-01-02", {listed("s", Sub::active)}),
  });
  CHECK(only(held).status == Sub::paused);
}

TEST_CASE("snapshots: at the time of the last event arrival order holds, for other events too",
          "[engine][subscription]") {
  const std::string when = "2026-01-02";
  const auto then = [&](Sub before, const PolarEvent& event) {
    return only(heard({subscription(when, "s", before), event})).status;
  };
  CHECK(then(Sub::paused, snapshot(when, {listed("s", Sub::active)})) == Sub::active);
  CHECK(then(Sub::active, snapshot(when, {})) == Sub::canceled);
  CHECK(then(Sub::active, support::deleted(when)) == Sub::canceled);
  CHECK(then(Sub::past_due, payment(when, "i")) == Sub::active);
  CHECK(then(Sub::active, support::payment_failed(when)) == Sub::past_due);
}

TEST_CASE("snapshots: what is not listed ends if it was active or trialing",
          "[engine][subscription]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto before = static_cast<Sub>(i);
    const Subscriptions held =
        heard({subscription("2026-01-01", "s", before), snapshot("2026-01-02", {})});
    const bool ends = before == Sub::active || before == Sub::trialing;
    CHECK(only(held).status == (ends ? Sub::canceled : before));
    // Not where its last event is newer.
    const Subscriptions newer =
        heard({subscription("2026-01-03", "s", before), snapshot("2026-01-02", {})});
    CHECK(only(newer).status == before);
  }
}

TEST_CASE("snapshots: one without a list says nothing of subscriptions", "[engine][subscription]") {
  PolarEvent event = snapshot("2026-01-02", {});
  event.listed.reset();
  const Subscriptions held = heard({subscription("2026-01-01", "s", Sub::active), event});
  CHECK(only(held).status == Sub::active);
}

TEST_CASE(
    "snapshots: after one that did not list it, an event from before applies if it says "
    "anything but active or trialing",
    "[engine][subscription]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto said = static_cast<Sub>(i);
    Subscriptions held =
        heard({subscription("2026-01-01", "s", Sub::active), snapshot("2026-01-03", {})});
    const bool applies = said != Sub::active && said != Sub::trialing;
    CHECK(held.hear(subscription("2026-01-02", "s", said), 0, 0) == applies);
    CHECK(only(held).status == (applies ? said : Sub::canceled));
    // From after it, anything does.
    CHECK(held.hear(subscription("2026-01-04", "s", said), 0, 0));
    CHECK(only(held).status == said);
  }
}

TEST_CASE("snapshots: an older one does not bring back what a newer one did not list",
          "[engine][subscription]") {
  const PolarEvent created = subscription("2026-01-01", "s", Sub::active);
  const PolarEvent older = snapshot("2026-01-02", {listed("s", Sub::active)});
  const PolarEvent newer = snapshot("2026-01-03", {});
  CHECK(only(heard({created, older, newer})).status == Sub::canceled);
  CHECK(only(heard({created, newer, older})).status == Sub::canceled);
  // Past due in the older one is what the newer one could not show.
  const PolarEvent past_due = snapshot("2026-01-02", {listed("s", Sub::past_due)});
  CHECK(only(heard({created, newer, past_due})).status == Sub::past_due);
}

TEST_CASE("snapshots: of several that did not list it the newest counts",
          "[engine][subscription]") {
  Subscriptions held = heard({subscription("2026-01-01", "s", Sub::active),
                              snapshot("2026-01-05", {}), snapshot("2026-01-03", {})});
  CHECK_FALSE(held.hear(subscription("2026-01-04", "s", Sub::active), 0, 0));
  CHECK(held.hear(subscription("2026-01-05", "s", Sub::active), 0, 0));
}

TEST_CASE("snapshots: a payment from before one still revives what it did not list",
          "[engine][subscription]") {
  const Subscriptions held = heard({subscription("2026-01-01", "s", Sub::past_due),
                                    snapshot("2026-01-03", {}), payment("2026-01-02", "i")});
  CHECK(only(held).status == Sub::active);
}

TEST_CASE("snapshots: past_due_at of what is listed begins its grace, and repeats keep it",
          "[engine][subscription]") {
  ListedSubscription past_due = listed("s", Sub::past_due);
  past_due.past_due_at = at("2025-12-31");
  Subscriptions held = heard({snapshot("2026-01-02", {past_due})});
  CHECK(only(held).past_due_since == at("2025-12-31"));
  past_due.past_due_at = at("2026-01-01");
  held.hear(snapshot("2026-01-03", {past_due}), 0, kDay);
  CHECK(only(held).past_due_since == at("2025-12-31"));
  // Without a time: when the snapshot took effect.
  held = heard({snapshot("2026-01-02", {listed("s", Sub::past_due)})});
  CHECK(only(held).past_due_since == at("2026-01-02"));
}

TEST_CASE("snapshots: what one ended is kept for 400 days from then, be its last event ever so old",
          "[engine][subscription]") {
  Subscriptions held =
      heard({subscription("2024-01-10", "s", Sub::active), snapshot("2026-01-20", {})});
  CHECK(held.forget_ended(at("2026-02-01")).empty());
  CHECK_FALSE(held.hear(subscription("2026-01-19", "s", Sub::active), 0, 0));
  CHECK(only(held).status == Sub::canceled);
  CHECK(held.forget_ended(at("2026-01-20") + kEndedSubscriptionKept + 1).size() == 1);
  CHECK_FALSE(held.hear(subscription("2026-01-19", "s", Sub::active), 0, 0));
  CHECK(held.all().empty());
}

}  // namespace reckoner
