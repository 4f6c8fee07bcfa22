// What apply brought about besides the new state: what an answer says, what derived rows and
// settlement need. All of it follows from the entry, so writing it twice writes it once.
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
  bool set_aside = false;                // nothing was applied
  bool unknown_charge = false;           // a settlement or act for a charge that is not open so
  int stale = 0;                         // events without effect, for they came too late
  bool tier_changed = false;
  std::optional<PricedUsage> priced;
  std::vector<Charge> charges;           // decided, or changed in status, in that order
  std::vector<ClosedUsage> closed_usage;  // left the state
  std::vector<Text> payments_changed;    // invoice and order ids

  void clear() {
    rejected = Rejection::none;
    set_aside = unknown_charge = tier_changed = false;
    stale = 0;
    priced.reset();
    charges.clear();
    closed_usage.clear();
    payments_changed.clear();
  }
};

}  // namespace reckoner
