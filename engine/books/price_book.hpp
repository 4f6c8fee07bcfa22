// The plans that can be bought, in order of rank: the first is the default, the last the highest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/money.hpp"
#include "engine/basics/result.hpp"
#include "engine/books/pricing.hpp"

namespace reckoner {

struct Plan {
  std::string id;    // the tier's name; stays what it is for as long as a journal names it
  std::string name;  // for people; may change
  std::vector<std::string> product_ids;  // at Polar
  Money price;                           // of the subscription, which Polar charges itself
  std::int64_t tokens_per_month = 0;     // allowance for entitlement checks, not free tokens
  std::int64_t rate_limit = 0;           // requests a minute
  Pricing pricing;
};

struct PriceBook {
  std::vector<Plan> plans;

  const Plan* find(std::string_view plan_id) const;
};

// The guide's four plans.
PriceBook default_price_book();

// Finds the first fault: no plan, an id missing or used twice, a product used twice, a price that
// is negative or above kMaxPrice, bands out of order or without an open end, a package size of 0.
// The detail names the plan, the field, what came and what is taken.
Status check_price_book(const PriceBook& book);

}  // namespace reckoner
