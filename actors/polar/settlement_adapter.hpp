// How a charge is asked of Polar: one face, an adapter for each `polar.settlement`.
//
// Polar *takes* a charge id at most once: an adapter sends it as the idempotency key. What Polar
// answers is untrusted and read leniently; an adapter never throws and never blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "engine/basics/money.hpp"
#include "engine/customer/charge.hpp"

namespace reckoner::polar {

struct ChargeOrder {
  std::string charge_id;          // "<customer_id>:<number>"
  std::string polar_customer_id;  // may be empty for a look-up
  Cents amount = 0;
  std::int64_t tokens = 0;
};

// Polar holds this charge, for the amount asked.
struct Taken {
  std::string polar_charge_id;
  ChargeStatus status = ChargeStatus::submitted;  // or paid, or failed
};
// Polar refuses this charge, and would refuse it again.
struct Refused {
  std::string why;
};
// Polar holds something else under this charge's id. Nothing may be sent.
struct Drift {
  std::string polar_charge_id;
  std::string why;
};
// Sent, and Polar says that it holds the id already: look it up.
struct Held {};
// Looked up: Polar does not hold it.
struct Absent {};
// Looked up: this Polar has no way to tell. To send it again under the same id is the look-up.
struct CannotLook {};

// Nothing is wrong with this charge: others would fare the same.
struct NotNow {
  enum class Cause : std::uint8_t {
    key,          // 401, 403: who asks is not let in
    address,      // 404, 405, redirects, other 4xx: what is asked is not understood
    too_many,     // 429
    broken,       // 5xx
    unreadable,   // an answer that says nothing: no charge in it
    unreachable,  // no connection, no answer, an answer that broke off
  };
  Cause cause = Cause::unreachable;
  std::string why;                                  // one line, without secrets
  std::optional<std::chrono::seconds> retry_after;  // as Polar asked
  bool may_be_taken = true;                         // false: certainly not
};

// `send` ends with Taken, Refused, Drift, Held or NotNow; `look_up` with Taken, Drift, Absent,
// CannotLook or NotNow.
using Outcome = std::variant<Taken, Refused, Drift, Held, Absent, CannotLook, NotNow>;
using OnOutcome = std::function<void(Outcome)>;

class SettlementAdapter {
 public:
  virtual ~SettlementAdapter() = default;

  // From any thread; `on_outcome` is called once, on any thread, perhaps before the call returns.
  virtual void send(const ChargeOrder& order, OnOutcome on_outcome) = 0;
  virtual void look_up(const ChargeOrder& order, OnOutcome on_outcome) = 0;
};

}  // namespace reckoner::polar
