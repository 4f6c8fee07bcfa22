// Which plan is in force when: entitlement and the timeline (billing-rules.md, Tier).
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::subscription;
using Sub = SubscriptionStatus;

const Books& standard_books() {
  static const Books books{Book()};
  return books;
}

std::string plan_at(const Subscriptions& subscriptions, std::string_view when,
                    const Books& books = standard_books()) {
  return books.plan_id(entitled_plan(subscriptions, at(when), books.latest()));
}

Subscriptions heard(const std::vector<PolarEvent>& events, Micros grace = 0) {
  Subscriptions out;
  for (const PolarEvent& event : events) out.hear(event, 0, grace);
  return out;
}

constexpr PlanNumber kFree = 0, kStarter = 1, kPro = 2;

}  // namespace

TEST_CASE("tier: active and trialing entitle, and no other status but past_due in its grace",
          "[engine][tier]") {
  for (int i = 0; i < kSubscriptionStatuses; ++i) {
    const auto status = static_cast<Sub>(i);
    const Subscriptions held = heard({subscription("2026-01-01", "s", status)}, 3 * kDay);
    const bool entitles = status == Sub::active || status == Sub::trialing;
    INFO("status " << i);
    CHECK(plan_at(held, "2026-01-04") == (entitles ? "starter" : "free"));
    const bool in_grace = entitles || status == Sub::past_due;
    CHECK(plan_at(held, "2026-01-03") == (in_grace ? "starter" : "free"));
  }
}

TEST_CASE("tier: at the very end of grace a subscription no longer entitles, with grace 0 never",
          "[engine][tier]") {
  const auto due = subscription("2026-01-01", "s", Sub::past_due);
  CHECK(plan_at(heard({due}, 0), "2026-01-01") == "free");
  const Subscriptions held = heard({due}, kDay);
  CHECK(entitled_plan(held, at("2026-01-02") - 1, standard_books().latest()) == kStarter);
  CHECK(entitled_plan(held, at("2026-01-02"), standard_books().latest()) == kFree);
}

TEST_CASE("tier: the highest-ranked plan of those that entitle counts, and the default of none",
          "[engine][tier]") {
  CHECK(plan_at({}, "2026-01-01") == "free");
  const Subscriptions held = heard({
      subscription("2026-01-01", "s1", Sub::active, "cortex_professional"),
      subscription("2026-01-01", "s2", Sub::active, "cortex_starter"),
      subscription("2026-01-01", "s3", Sub::canceled, "cortex_enterprise"),
      subscription("2026-01-01", "s4", Sub::active, "unknown product"),
      subscription("2026-01-01", "s5", Sub::active, ""),
  });
  CHECK(plan_at(held, "2026-01-01") == "professional");
}

TEST_CASE("tier: rank is the order in the price book, not that in which plans became known",
          "[engine][tier]") {
  Books books{Book()};
  Book reversed;
  std::reverse(reversed.prices.plans.begin(), reversed.prices.plans.end());
  REQUIRE(books.add(at("2026-02-01"), reversed).ok());
  const Subscriptions held = heard({
      subscription("2026-01-01", "s1", Sub::active, "cortex_professional"),
      subscription("2026-01-01", "s2", Sub::active, "cortex_starter"),
  });
  CHECK(plan_at(held, "2026-01-01", books) == "starter");
  CHECK(plan_at({}, "2026-01-01", books) == "enterprise");
}

TEST_CASE("timeline: before the first entry the default plan is in force", "[engine][tier]") {
  TierTimeline timeline;
  CHECK(timeline.at(at("2026-01-01"), kFree) == kFree);
  CHECK(timeline.at(at("2026-01-01"), kPro) == kPro);
  CHECK(timeline.latest(kPro) == kPro);
  CHECK_FALSE(timeline.enter(at("2026-01-01"), kFree, kFree));
  CHECK(timeline.entries().empty());
  CHECK(timeline.enter(at("2026-01-05"), kStarter, kFree));
  CHECK(timeline.at(at("2026-01-05") - 1, kFree) == kFree);
  CHECK(timeline.at(at("2026-01-05"), kFree) == kStarter);
  CHECK(timeline.latest(kFree) == kStarter);
}

TEST_CASE("timeline: an entry is never before the last one", "[engine][tier]") {
  TierTimeline timeline;
  timeline.enter(at("2026-01-01"), kStarter, kFree);
  timeline.enter(at("2026-01-05"), kPro, kFree);
  // Late, and as of the last entry's instant: back to what was there before it.
  CHECK(timeline.enter(at("2026-01-03"), kStarter, kFree));
  CHECK(timeline.at(at("2026-01-05"), kFree) == kStarter);
  // The last entry is still that of January 5.
  CHECK(timeline.enter(at("2026-01-02"), kFree, kFree));
  CHECK(timeline.at(at("2026-01-05") - 1, kFree) == kStarter);
  CHECK(timeline.at(at("2026-01-05"), kFree) == kFree);
  CHECK(timeline.enter(at("2026-01-07"), kPro, kFree));
  CHECK(timeline.at(at("2026-01-06"), kFree) == kFree);
  CHECK(timeline.at(at("2026-01-07"), kFree) == kPro);
}

TEST_CASE("timeline: of entries at one instant the last is in force", "[engine][tier]") {
  TierTimeline timeline;
  const Instant when = at("2026-01-05");
  for (const PlanNumber plan : {kStarter, kPro, kFree, kPro}) {
    timeline.enter(when, plan, kFree);
    CHECK(timeline.at(when, kFree) == plan);
    CHECK(timeline.at(when - 1, kFree) == kFree);
    CHECK(timeline.entries().size() == 1);
  }
}

TEST_CASE("timeline: what is forgotten is needed by no later instant", "[engine][tier]") {
  TierTimeline timeline;
  timeline.forget_before(at("2026-01-01"));
  CHECK(timeline.entries().empty());
  const PlanNumber plans[] = {kStarter, kPro, kFree, kStarter};
  for (int i = 0; i < 4; ++i) timeline.enter(at("2026-01-01") + i * 10 * kDay, plans[i], kFree);
  for (Instant oldest = at("2025-12-20"); oldest < at("2026-03-01"); oldest = oldest + kDay) {
    TierTimeline shorter = timeline;
    shorter.forget_before(oldest);
    for (Instant when = oldest; when < at("2026-03-10"); when = when + kDay)
      CHECK(shorter.at(when, kFree) == timeline.at(when, kFree));
  }
  timeline.forget_before(at("2026-02-15"));
  CHECK(timeline.entries().size() == 1);
}

}  // namespace reckoner
