// What apply brought about besides the new state (what fell due before the entry included): what
// an answer says, what derived rows and settlement need. All of it follows from the entry, so
// writing it twice writes it once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/customer/customer_state.hpp"
#include "engine/customer/usage.hpp"

namespace reckoner {

struct PricedUsage {
  Period period;
  PlanNumber plan;
  Money cost;
};

struct ClosedUsage {
  Period period;
  PeriodUsage usage;
};

struct Effects {
  Rejection rejected = Rejection::none;  // unknown_customer, where the settings say so
  bool set_aside = false;                // the entry was not applied, and none will be
  bool unknown_charge = false;           // no such charge, or not in a status that it applies to
  int stale = 0;                         // events without effect, for they came too late
  std::optional<PricedUsage> priced;
  std::vector<Charge> charges;            // decided, or changed in status, in that order
  std::vector<ClosedUsage> closed_usage;  // left the state
  std::vector<Text> payments_changed;     // invoice and order ids

  void clear() {
    rejected = Rejection::none;
    set_aside = unknown_charge = false;
    stale = 0;
    priced.reset();
    charges.clear();
    closed_usage.clear();
    payments_changed.clear();
  }
};

}  // namespace reckoner
