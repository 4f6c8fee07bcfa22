// What the guide's API answers about charges, read leniently: fields of other types, or too long,
// are as not given.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/polar/settlement_adapter.hpp"

namespace reckoner::polar {

// A charge as Polar shows it; empty fields were not given.
struct ShownCharge {
  std::string id;
  std::string status;
  std::string amount_usd;  // a number as written, a string's text
  bool amount_is_number = false;
  std::string currency;
  std::string idempotency_key, metadata_charge_id;

  // Whether it says of itself that it is the one of this id.
  bool is(std::string_view charge_id) const;
  // Whether it says whose it is at all.
  bool named() const { return !idempotency_key.empty() || !metadata_charge_id.empty(); }
};

struct ShownCharges {
  ShownCharge charge;      // the outermost object, as one
  bool has_items = false;  // it has a list of them
  std::vector<ShownCharge> items;
  std::string message;  // `detail`, `message` or `error`, on one line
};

// Empty: no JSON object.
std::optional<ShownCharges> read_charges(std::string_view body);

// Taken or Drift, of a charge that Polar holds under this order's id; it has an id.
Outcome outcome_of(const ShownCharge& charge, const ChargeOrder& order);

// Seconds, or a date (RFC 9110); at most a day. Empty where it is neither.
std::optional<std::chrono::seconds> read_retry_after(std::string_view value, std::int64_t now);

}  // namespace reckoner::polar
