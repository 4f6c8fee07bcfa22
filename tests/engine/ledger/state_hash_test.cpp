// The two hashes that say whether two folds came to the same (architecture.md, State hash).
#include "engine/ledger/state_hash.hpp"

#include <functional>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::customer_news;
using support::payment;
using support::subscription;
using support::World;
using Sub = SubscriptionStatus;

const Instant kUntil = at("2026-04-15");

World base_world() {
  World world;
  world.line("2026-01-01", "P", 15, "a@x.io");
  world.webhook(subscription("2026-01-02", "s", Sub::active));
  world.usage("2026-01-03", 20'000);
  world.webhook(payment("2026-01-04", "i", 100));
  world.customer_id = "b";
  world.usage("2026-01-05", 77);
  world.customer_id = "c";
  return world;
}

Digest hash_of(const World& world) {
  return state_hash(world.ledger, kUntil);
}

}  // namespace

TEST_CASE("state hash: the same fold gives the same hash, and the ledger stays as it is",
          "[engine][hash]") {
  const World one = base_world(), other = base_world();
  CHECK(hash_of(one) == hash_of(other));
  CHECK(hash_of(one) == hash_of(one));
  CHECK(one.ledger.find("c")->brought_to == at("2026-01-04"));
}

TEST_CASE("state hash: everybody is brought forward to one instant, slept or not",
          "[engine][hash]") {
  World slept = base_world(), awake = base_world();
  for (Instant when = at("2026-01-06"); when <= kUntil; when = when + 11 * kDay)
    awake.clock(format_instant(when));
  CHECK(hash_of(slept) == hash_of(awake));
  CHECK(money_hash(slept.ledger, kUntil) == money_hash(awake.ledger, kUntil));
  CHECK(state_hash(slept.ledger, at("2026-01-20")) != hash_of(slept));
}

TEST_CASE("state hash: the order in which customers came does not show", "[engine][hash]") {
  World one, other;
  for (const std::string id : {"a", "b", "c"}) {
    one.customer_id = id;
    one.usage("2026-01-05", 7);
  }
  for (const std::string id : {"c", "a", "b"}) {
    other.customer_id = id;
    other.usage("2026-01-05", 7);
  }
  CHECK(hash_of(one) == hash_of(other));
}

TEST_CASE("state hash: whatever differs in a customer or in who waits differs in it",
          "[engine][hash]") {
  const std::vector<std::function<void(World&)>> changes = {
      [](World&) {},
      [](World& w) { w.usage("2026-01-06", 0); },
      [](World& w) { w.usage("2026-01-06", 1); },
      [](World& w) { w.usage("2026-01-06", 1, "2025-12-20"); },
      [](World& w) { w.line("2026-01-06", "P", 16); },
      [](World& w) { w.line("2026-01-06", "P", 15, "b@x.io"); },
      [](World& w) { w.webhook(support::deleted("2026-01-06")); },
      [](World& w) { w.webhook(subscription("2026-01-06", "s", Sub::active)); },
      [](World& w) { w.webhook(subscription("2026-01-06", "s", Sub::trialing)); },
      [](World& w) { w.webhook(subscription("2026-01-06", "s", Sub::active, "other")); },
      [](World& w) { w.webhook(subscription("2026-01-06", "t", Sub::incomplete)); },
      [](World& w) { w.webhook(payment("2026-01-06", "j", 1)); },
      [](World& w) { w.settle("2026-01-06", 1, ChargeStatus::unknown); },
      [](World& w) { w.settle("2026-01-06", 1, ChargeStatus::submitted); },
      [](World& w) { w.settle("2026-01-06", 1, ChargeStatus::submitted, "pc"); },
      [](World& w) { w.settle("2026-01-06", 1, ChargeStatus::paid); },
      [](World& w) { w.act("2026-01-06", 1, OperatorDecision::write_off); },
      [](World& w) {
        w.customer_id = "d";
        w.usage("2026-01-06", 0);
      },
      [](World& w) {
        w.webhook(support::of(
            "Q", customer_news(PolarEventKind::customer_created, "2026-01-06", "q@x.io")));
      },
      [](World& w) {
        w.webhook(support::of(
            "R", customer_news(PolarEventKind::customer_created, "2026-01-06", "q@x.io")));
      },
      [](World& w) { w.webhook(support::of("Q", payment("2026-01-06", "j"))); },
      [](World& w) { w.webhook(support::of("Q", payment("2026-01-07", "j"))); },
      [](World& w) {
        REQUIRE(w.ledger.add_book(at("2026-01-06"), support::book_with_gold()).ok());
      },
  };
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    World world = base_world();
    changes[i](world);
    hashes.push_back(hash_of(world));
    for (std::size_t j = 0; j < i; ++j) {
      INFO("changes " << j << " and " << i);
      CHECK(hashes[i] != hashes[j]);
    }
  }
}

TEST_CASE("money hash: instants of acceptance, statuses and Polar's ids are not in it",
          "[engine][hash]") {
  World one, other;
  const auto fold = [](World& world, std::string_view polar, Micros later) {
    const auto when = [&](std::string_view text) { return format_instant(at(text) + later); };
    const auto polar_event = [&](PolarEvent event) {
      event.polar_customer_id = polar;
      return event;
    };
    world.line(when("2026-01-01"), polar, 15, "a@x.io");
    world.webhook(when("2026-01-02"), polar_event(subscription("2026-01-02", "s", Sub::active)));
    world.usage(when("2026-01-03"), 20'000, "2026-01-03");
    world.webhook(when("2026-01-04"), polar_event(payment("2026-01-04", "i", 100)));
  };
  fold(one, "P", 0);
  fold(other, "Q", 3 * kSecond);
  other.settle("2026-01-06", 1, ChargeStatus::submitted, "pc_1");
  one.settle("2026-01-07", 1, ChargeStatus::paid);
  CHECK(hash_of(one) != hash_of(other));
  CHECK(money_hash(one.ledger, kUntil) == money_hash(other.ledger, kUntil));
}

TEST_CASE("money hash: money, tokens, plans, links and who there is are in it", "[engine][hash]") {
  const std::vector<std::function<void(World&)>> changes = {
      [](World&) {},
      [](World& w) { w.usage("2026-01-06", 0); },
      [](World& w) { w.usage("2026-01-06", 1); },
      [](World& w) { w.usage("2026-01-06", 50'000); },
      [](World& w) { w.usage("2026-01-06", 1, "2025-12-20"); },
      [](World& w) { w.line("2026-01-06", "P", 16); },
      [](World& w) { w.line("2026-01-06", "P", 15, "b@x.io"); },
      [](World& w) { w.webhook(subscription("2026-01-06", "s", Sub::canceled)); },
      [](World& w) {
        w.webhook(subscription("2026-01-06", "t", Sub::active, "cortex_enterprise"));
      },
      [](World& w) { w.webhook(payment("2026-01-06", "j", 1)); },
      [](World& w) { w.webhook(payment("2026-01-06", "j", 0)); },
      [](World& w) { w.webhook(support::deleted("2026-01-06")); },
      [](World& w) {
        w.customer_id = "d";
        w.usage("2026-01-06", 0);
      },
  };
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    World world = base_world();
    changes[i](world);
    hashes.push_back(money_hash(world.ledger, kUntil));
    for (std::size_t j = 0; j < i; ++j) {
      INFO("changes " << j << " and " << i);
      CHECK(hashes[i] != hashes[j]);
    }
  }
}

TEST_CASE("money hash: what has left the state is in it too", "[engine][hash]") {
  World one = base_world(), other = base_world();
  other.usage("2026-01-06", 0);
  for (World* world : {&one, &other}) world->clock("2027-01-01");
  REQUIRE(one.state().usage.empty());
  REQUIRE(other.state().usage.empty());
  CHECK(money_hash(one.ledger, at("2027-01-01")) != money_hash(other.ledger, at("2027-01-01")));
}

}  // namespace reckoner
