// Identity: what belongs to no single customer. Every webhook and every customer line is first an
// entry of the identity stream, and is folded here; what it means for one customer comes out as a
// notice, which is then an entry of that customer's journal. The live engine runs the two folds in
// two places (architecture.md, Identity); the simulator runs them one after the other. The
// deduplication of webhook ids is the caller's, before.
//
// Rules: billing-rules.md, Webhooks.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/books/settings.hpp"
#include "engine/customer/entry.hpp"
#include "engine/identity/tables.hpp"

namespace reckoner {

// What an application says of a customer of its own.
struct CustomerLine {
  std::string customer_id;
  Profile profile;
  std::string polar_customer_id;  // empty: not given

  friend bool operator==(const CustomerLine&, const CustomerLine&) = default;
};

// `event` is what `body` means; the body is kept as it came, for people and for export. Views: see
// Usage.
struct Webhook {
  std::string_view id;  // empty: nothing is a duplicate of it
  std::string_view body;
  PolarEvent event;

  friend bool operator==(const Webhook&, const Webhook&) = default;
};

struct IdentityEntry {
  Instant at;
  std::variant<CustomerLine, Webhook> body;

  friend bool operator==(const IdentityEntry&, const IdentityEntry&) = default;
};

struct IdentityEffects {
  bool parked = false;   // kept until somebody is linked to its Polar customer
  bool refused = false;  // claims a customer that has a Polar customer, or the other way round: a
                         // drift
  std::string customer_id;  // whom the notice is for; empty: nobody
  Notice notice;
};

IdentityEffects apply(IdentityTables& tables, const CustomerLine& line, const Settings& settings);
IdentityEffects apply(IdentityTables& tables, const Webhook& webhook, const Settings& settings);

// Whether the line claims a Polar customer that is, or was, somebody else's, or another than its
// customer has: folding it would be `refused`.
bool claims_anothers(IdentityTables& tables, const CustomerLine& line);

inline IdentityEffects apply(IdentityTables& tables, const IdentityEntry& entry,
                             const Settings& settings) {
  return std::visit([&](const auto& body) { return apply(tables, body, settings); }, entry.body);
}

}  // namespace reckoner
