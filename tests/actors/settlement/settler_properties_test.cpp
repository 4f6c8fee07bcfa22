// Faults of every kind at random, and processes that die and start again: each charge is taken
// once, and all are settled in the end.
#include "tests/actors/settlement/settler_stand.hpp"

#include <rapidcheck.h>

namespace reckoner::settlement {
namespace {

constexpr Deed kDeeds[] = {Deed::good,          Deed::good,        Deed::good,
                           Deed::no_key,        Deed::too_many,    Deed::broken_before,
                           Deed::broken_after,  Deed::lost_before, Deed::lost_after,
                           Deed::no_connection, Deed::conflict,    Deed::cannot_look};

}  // namespace

TEST_CASE("settlement: whatever fails, each charge is taken once and settled", "[settlement]") {
  const bool held = rc::check([] {
    SettlerStand stand;
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const auto below = [&random](std::uint64_t end) { return random() % end; };
    stand.options.in_memory = 3 + below(30);
    stand.options.page = 1 + below(10);
    stand.options.in_flight = 1 + below(8);
    bool faults = true;
    stand.polar.deed = [&](const polar::ChargeOrder&, bool is_send) {
      const Deed deed = kDeeds[faults ? below(std::size(kDeeds)) : 0];
      return is_send && deed == Deed::cannot_look ? Deed::good : deed;
    };
    stand.polar.delay = [&] { return Delay(below(faults ? 2'000 : 20)); };
    stand.charges.available = [&] { return !faults || below(10) != 0; };
    stand.charges.delay = [&] { return Delay(below(faults ? 300 : 3)); };

    const int people = 1 + static_cast<int>(below(25));
    stand.customers(0, people);
    stand.start();
    for (int round = 0; round < 30; ++round) {
      stand.pass(static_cast<std::int64_t>(below(20'000)));
      for (std::uint64_t i = below(5); i > 0; --i)
        stand.charges.charge(stand.name(static_cast<int>(below(people))));
      if (below(4) == 0) stand.restart();
    }
    faults = false;
    stand.pass(3 * 3'600'000);
    RC_ASSERT(stand.charges.unsettled() == 0u);
    RC_ASSERT(stand.each_taken_once());
    const SettlementFigures figures = stand.settler->figures();
    RC_ASSERT(figures.waiting + figures.in_flight == 0u);
    RC_ASSERT(figures.paused.empty());
    RC_ASSERT(figures.drifts == 0u);
  });
  CHECK(held);
}

}  // namespace reckoner::settlement
