// What an answer to a usage event says of its customer.
#pragma once

#include "actors/engine/requests.hpp"

namespace reckoner::actors {

// After the event was applied, accepted at `at`.
UsageTotals totals_after(const CustomerState& state, const Books& books, const Effects& effects,
                         const Usage& usage, Instant at);
// Of one that was not counted.
UsageTotals totals_as_they_are(const CustomerState& state, const Books& books, const Usage& usage,
                               Instant at);

// What a period came to, over all plans.
struct PeriodTotals {
  std::int64_t tokens = 0, requests = 0;
  Money cost;
};
PeriodTotals totals_of_period(const CustomerState& state, const Period& period);

}  // namespace reckoner::actors
