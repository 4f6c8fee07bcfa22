// What a customer's journal holds: everything that changes that customer, in order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/customer/charge.hpp"
#include "engine/customer/polar_event.hpp"
#include "engine/customer/usage.hpp"

namespace reckoner {

// What the application says of a customer; a field not given stays as it is.
struct Profile {
  std::optional<std::string> email, name, company;
  std::optional<std::uint8_t> billing_day;

  friend bool operator==(const Profile&, const Profile&) = default;
};

// The customer is now linked to this Polar customer, or to none.
struct Link {
  std::string polar_customer_id;
  friend bool operator==(const Link&, const Link&) = default;
};
struct Unlink {
  friend bool operator==(const Unlink&, const Unlink&) = default;
};

// What identity (identity/identity.hpp) found a line or a webhook to mean for one customer: acts,
// to be applied in order, as one. Registers the customer if it is new.
using Act = std::variant<Profile, Link, Unlink, PolarEvent>;
struct Notice {
  std::uint64_t identity_sequence = 0;  // of the identity entry whose meaning it is
  std::vector<Act> acts;

  friend bool operator==(const Notice&, const Notice&) = default;
};

// Time has passed, and something fell due for a customer whom nobody woke.
struct Clock {
  friend bool operator==(const Clock&, const Clock&) = default;
};

using CustomerEntryBody = std::variant<Usage, Notice, Settlement, OperatorAct, Clock>;

struct CustomerEntry {
  Instant at;                    // accepted; never before the entry that precedes it
  std::string_view customer_id;  // a view, as those in Usage are
  CustomerEntryBody body;

  friend bool operator==(const CustomerEntry&, const CustomerEntry&) = default;
};

}  // namespace reckoner
