// What usage costs on one plan: a cumulative function F (billing-rules.md, Pricing). F(n) is the
// exact cost of the first n tokens of a period on that plan.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "engine/basics/money.hpp"

namespace reckoner {

struct PerUnit {
  Money unit_price;
};

// Prices the tokens above the previous band's `up_to`, up to and including its own.
struct Band {
  std::optional<std::int64_t> up_to;  // empty: no end; only the last band has none
  Money unit_price;
  Money flat;
};

// The tokens in each band at that band's price, plus its flat part once the band is entered.
struct Graduated {
  std::vector<Band> bands;
};

// The band that holds n prices all n tokens, plus its flat part.
struct Volume {
  std::vector<Band> bands;
};

// Whole packages, the last one begun counts.
struct Package {
  std::int64_t size;
  Money price;
};

using PricingModel = std::variant<PerUnit, Graduated, Volume, Package>;

struct Pricing {
  PricingModel model;
  std::int64_t included_tokens = 0;  // subtracted from n first, not below 0

  // F(n), for 0 <= n <= kMaxTokensSummed and a pricing that check_price_book found good.
  Money cost_of_first(std::int64_t tokens) const;

  // What `tokens` more cost after `before`: F(before + tokens) - F(before). Below zero where a
  // volume plan becomes cheaper for all tokens.
  Money cost_of_next(std::int64_t before, std::int64_t tokens) const;
};

}  // namespace reckoner
