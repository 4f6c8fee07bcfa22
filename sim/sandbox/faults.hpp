// What goes wrong on purpose, and when: decided by the seed and by how many calls there were, so
// that a run can be repeated.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/result.hpp"

namespace reckoner::sim::sandbox {

enum class FaultKind : std::uint8_t {
  // What happens to a call of the API
  error_500,
  error_429,
  error_401,
  error_402,  // charges only, as 422
  error_422,
  hang,
  reset,
  lost,
  lost_late,
  slow,
  down,
  // to a payment of a charge taken
  payment_failed,
  // and to a webhook
  webhook_drop,
  webhook_delay,
  webhook_duplicate,
  webhook_reorder,
};
inline constexpr int kFaultKinds = 16;

// As in --faults: "500", "lost_late".
std::string_view fault_name(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::error_500;
  std::string text;             // as asked for: "500:0.1"
  Int128 chance = kPicoPerUsd;  // of 10^12
  std::uint64_t every = 0;      // the n-th, the 2n-th …; 0: by chance
  std::optional<Micros> lasts;  // from `begun` on; then it is over
  Micros length = 0;            // slow and webhook_delay: how long
  Instant begun;
  std::uint64_t asked = 0;  // how often it could have fired
};

// What becomes of one call.
struct CallFate {
  std::optional<FaultKind> fault;  // none: it is answered as it should be
  Micros delay = 0;                // before the answer
};

struct WebhookFate {
  bool drop = false, duplicate = false, reorder = false;
  Micros delay = 0;
};

// Not for use by two threads at once.
class Faults {
 public:
  explicit Faults(std::uint64_t seed = 0) : seed_(seed) {}

  // Puts a list ("500:0.1,slow:20,down:30s") in place of what there was; "" is none. Error
  // `invalid_faults`: names what it got and what there is; then nothing has changed.
  Status set(std::string_view list, Instant now);
  // Adds those of the list, each in place of one of the same kind.
  Status add(std::string_view list, Instant now);
  // Takes away those named: "down,500". The error is as above.
  Status remove(std::string_view names);

  CallFate on_call(bool is_charge, Instant now);
  bool payment_fails(Instant now);
  WebhookFate on_webhook(Instant now);

  const std::vector<Fault>& all() const { return faults_; }
  // How often each has fired since the start, also those taken away since.
  const std::map<FaultKind, std::uint64_t>& fired() const { return fired_; }
  void forget_fired() { fired_.clear(); }

 private:
  bool fires(Fault& fault, Instant now);

  std::uint64_t seed_;
  std::vector<Fault> faults_;
  std::map<FaultKind, std::uint64_t> fired_;
};

// "5s", "250ms", "10m", "1h"; empty where it is none.
std::optional<Micros> parse_length(std::string_view text);

}  // namespace reckoner::sim::sandbox
