// All that the engine knows of one customer. Only apply (customer/apply.hpp) changes it.
//
// It stays bounded: charges that are closed, periods too old for any usage and subscriptions long
// ended leave it (charges and usage go out as effects, for derived rows), and Departed keeps their
// count, sum and digest.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/sha256.hpp"
#include "engine/basics/text.hpp"
#include "engine/books/books.hpp"
#include "engine/customer/charge.hpp"
#include "engine/customer/payment.hpp"
#include "engine/customer/period.hpp"
#include "engine/customer/subscription.hpp"
#include "engine/customer/tier.hpp"

namespace reckoner {

// Usage of one period on one plan.
struct PeriodUsage {
  Instant period_start;
  std::int64_t tokens = 0;
  std::int64_t requests = 0;
  Money cost;
  PlanNumber plan = 0;

  friend bool operator==(const PeriodUsage&, const PeriodUsage&) = default;
};

// What has left the state. The digest is a chain over the canonical encodings, in the order in
// which they left.
struct Departed {
  std::int64_t charges = 0;
  Money charged;
  std::int64_t period_usages = 0;
  std::int64_t tokens = 0;  // at most INT64_MAX
  std::int64_t requests = 0;
  Money cost;
  std::int64_t subscriptions = 0;
  Digest digest{};

  friend bool operator==(const Departed&, const Departed&) = default;
};

// A customer on whom apply found a broken invariant is set aside: nothing is applied or charged
// any more, until the fault is mended and its journal folded anew. So is one whose stored record
// cannot be read: its state holds nothing but the id, and is never encoded.
enum class SetAside : std::uint8_t {
  no,
  tokens_out_of_range,
  money_out_of_range,
  record_unreadable,
};
inline constexpr int kSetAside = 3;  // that an encoded state can have

inline constexpr PolarNumber kNotLinked = 0xFFFF'FFFF;

struct CustomerState {
  Text id;
  Text email, name, company;
  CompactVector<Text> polar_ids;  // every Polar customer it was linked to, by PolarNumber
  BillingDays billing_days;
  Subscriptions subscriptions;
  TierTimeline timeline;
  CompactVector<PeriodUsage> usage;  // by period_start, then plan
  CompactVector<Charge> charges;     // the open ones, by number
  Payments payments;
  std::unique_ptr<Departed> departed;  // null: nothing has left yet

  Money accrued;  // exact cost of usage not yet charged
  std::int64_t unbilled_tokens = 0;
  std::uint32_t charges_made = 0;  // the last charge's number
  PolarNumber link = kNotLinked;   // into polar_ids
  SetAside set_aside = SetAside::no;

  // Derived from the above and from how far time has come; in no encoding and no hash.
  std::uint32_t blocking_charges = 0;  // those that are failed or held
  Instant brought_to;                  // all that fell due up to here has happened
  Period current;                      // the period of brought_to
  Instant own_due;                     // the first instant after brought_to at which something
                                       // falls due by itself (not by a new book)

  CustomerState() = default;
  CustomerState(CustomerState&&) = default;
  CustomerState& operator=(CustomerState&&) = default;
  CustomerState(const CustomerState& other);

  bool linked() const { return link != kNotLinked; }
  std::string_view polar_customer_id() const {
    return linked() ? polar_ids[link].view() : std::string_view();
  }
  // A failed or held charge stands in the way of a new one.
  bool blocked() const { return blocking_charges > 0; }
};

// The period of an instant. One that begins after the current one has the end that it will have if
// the billing day asked for stays as it is.
Period period_at(const CustomerState& state, Instant at);

// Cost of accepted usage − amount of all charges − accrued: zero, always.
Money conservation_gap(const CustomerState& state);

}  // namespace reckoner
