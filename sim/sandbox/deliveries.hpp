// Webhooks on their way to one endpoint, as Polar sends them: in order, each up to ten times with
// growing pauses; an endpoint that fails ten webhooks in a row is disabled. No I/O: what is to be
// sent now is asked for, and what came of it is told. Times are the sandbox's.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/stable_vector.hpp"
#include "engine/basics/text.hpp"
#include "sim/sandbox/faults.hpp"

namespace reckoner::sim::sandbox {

struct Webhook {
  std::string id, type, body;
};

enum class DeliveryState : std::uint8_t {
  pending,
  delivered,
  failed,   // ten attempts, or dropped by a fault
  skipped,  // the endpoint was disabled
};
std::string_view delivery_state_name(DeliveryState state);

// What is kept of a webhook for good.
struct DeliveryRecord {
  Text id, type;
  std::uint8_t attempts = 0;
  DeliveryState state = DeliveryState::pending;
  std::uint16_t last_status = 0;  // 0: no answer
};

struct DeliveryCounts {
  std::uint64_t created = 0, attempts = 0, delivered = 0, failed = 0, skipped = 0;
  std::uint64_t pending = 0;
  std::uint64_t not_created = 0;  // it was disabled, or too many were waiting
};

// Not for use by two threads at once.
class Deliveries {
 public:
  static constexpr std::size_t kMostPending = 100'000;
  static constexpr std::size_t kMostInFlight = 32;
  static constexpr int kAttempts = 10;
  static constexpr int kFailuresToDisable = 10;

  // `any` false: there is no endpoint, and nothing is created.
  Deliveries(bool any, std::uint64_t seed) : endpoint_(any), enabled_(any), seed_(seed) {}

  // False: it was not created (no endpoint, disabled, or kMostPending wait).
  bool add(Webhook webhook, WebhookFate fate, Instant now);

  struct Attempt {
    std::uint64_t number = 0;  // of the webhook
    std::string id, body;
  };
  // What is to be sent now. The first attempts are in order, one at a time; second and further
  // ones overtake, and are overtaken (as at Polar).
  std::optional<Attempt> next(Instant now);
  // `status`: of the answer; 0: there was none.
  void done(std::uint64_t number, unsigned status, Instant now);
  // When a pause is over; none: nothing pauses.
  std::optional<Instant> due() const;

  bool enabled() const { return enabled_; }
  // Disabling skips what is pending. Without an endpoint it stays disabled.
  void set_enabled(bool enabled);
  // Forgets all webhooks; what is under way comes to nothing.
  void clear();

  const DeliveryCounts& counts() const { return counts_; }
  const StableVector<DeliveryRecord>& records() const { return records_; }

 private:
  struct Pending {
    std::string body;
    int extra = 0;  // copies to send beside it, by a fault
  };

  DeliveryRecord& record(std::uint64_t number) { return records_[number - first_number_]; }
  void finish(std::uint64_t number, DeliveryState state);
  Attempt start(std::uint64_t number);
  Micros pause_after(std::uint64_t number, int attempts) const;

  const bool endpoint_;
  bool enabled_;
  const std::uint64_t seed_;
  int failed_in_a_row_ = 0;
  std::size_t in_flight_ = 0;
  std::uint64_t first_number_ = 0;                // of the first record
  std::optional<std::uint64_t> first_in_flight_;  // a first attempt is under way
  std::deque<std::uint64_t> fresh_;               // not sent yet, in order
  std::set<std::pair<Instant, std::uint64_t>> pausing_;
  std::map<std::uint64_t, Pending> pending_;
  StableVector<DeliveryRecord> records_;
  DeliveryCounts counts_;
};

}  // namespace reckoner::sim::sandbox
