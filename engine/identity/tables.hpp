// What identity remembers: who is linked to whom, e-mails, parked webhooks. An interface, because
// the live engine keeps these in its store and looks them up by index, while the simulator and
// the tests keep them in memory; the rules (identity/identity.hpp) are the same code over both.
// One caller at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/customer/polar_event.hpp"

namespace reckoner {

struct PolarCustomer {
  std::string id;
  std::string customer_id;  // linked to, or was when it was deleted; empty: never linked
  bool deleted = false;     // after having been linked
  std::string email;        // not linked: remembered under this one; empty: not remembered

  bool linked() const { return !customer_id.empty() && !deleted; }
  friend bool operator==(const PolarCustomer&, const PolarCustomer&) = default;
};

// A customer that a line or a webhook named. One known only from usage has no record: it has no
// e-mail and is not linked.
struct KnownCustomer {
  std::string id;
  std::string email;
  std::string polar_customer_id;  // empty: not linked

  friend bool operator==(const KnownCustomer&, const KnownCustomer&) = default;
};

class IdentityTables {
 public:
  virtual ~IdentityTables() = default;

  virtual std::optional<PolarCustomer> polar_customer(std::string_view id) = 0;
  virtual std::optional<KnownCustomer> customer(std::string_view id) = 0;
  // The smallest customer id (by bytes) that is not linked and has this e-mail, ignoring case;
  // empty if there is none.
  virtual std::string unlinked_with_email(std::string_view email) = 0;
  // The smallest id of a Polar customer remembered under this e-mail, ignoring case.
  virtual std::string remembered_with_email(std::string_view email) = 0;

  virtual void put(const PolarCustomer& polar) = 0;
  virtual void put(const KnownCustomer& customer) = 0;

  // Events of a Polar customer that nobody is linked to, in order of arrival.
  virtual void park(const PolarEvent& event) = 0;
  virtual std::vector<PolarEvent> take_parked(std::string_view polar_customer_id) = 0;
};

}  // namespace reckoner
