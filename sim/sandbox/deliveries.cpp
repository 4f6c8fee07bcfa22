#include "sim/sandbox/deliveries.hpp"

#include <algorithm>

#include "sim/generate/random.hpp"

namespace reckoner::sim::sandbox {
namespace {

constexpr Micros kFirstPause = 4 * kSecond;
constexpr Micros kLongestPause = 1'200 * kSecond;

bool is_success(unsigned status) {
  return status >= 200 && status < 300;
}

}  // namespace

std::string_view delivery_state_name(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending:
      return "pending";
    case DeliveryState::delivered:
      return "delivered";
    case DeliveryState::failed:
      return "failed";
    default:
      return "skipped";
  }
}

bool Deliveries::add(Webhook webhook, WebhookFate fate, Instant now) {
  if (!endpoint_) return false;
  if (!enabled_ || pending_.size() >= kMostPending) {
    ++counts_.not_created;
    return false;
  }
  const std::uint64_t number = first_number_ + records_.size();
  records_.push_back({webhook.id, webhook.type, 0, DeliveryState::pending, 0});
  ++counts_.created;
  ++counts_.pending;
  pending_[number] = {std::move(webhook.body), fate.duplicate ? 1 : 0};
  if (fate.drop) {
    finish(number, DeliveryState::failed);
  } else if (fate.delay > 0) {
    pausing_.insert({now + fate.delay, number});
  } else if (fate.reorder && fresh_.empty()) {
    pausing_.insert({now + kSecond, number});  // nothing to change places with: what comes next
  } else if (fate.reorder) {
    fresh_.insert(fresh_.end() - 1, number);
  } else {
    fresh_.push_back(number);
  }
  return true;
}

Deliveries::Attempt Deliveries::start(std::uint64_t number) {
  ++in_flight_;
  DeliveryRecord& started = record(number);
  ++started.attempts;
  ++counts_.attempts;
  return {number, started.id.str(), pending_.at(number).body};
}

std::optional<Deliveries::Attempt> Deliveries::next(Instant now) {
  if (in_flight_ >= kMostInFlight) return std::nullopt;
  if (!pausing_.empty() && pausing_.begin()->first <= now) {
    const std::uint64_t number = pausing_.begin()->second;
    pausing_.erase(pausing_.begin());
    return start(number);
  }
  if (first_in_flight_ || fresh_.empty()) return std::nullopt;
  first_in_flight_ = fresh_.front();
  fresh_.pop_front();
  return start(*first_in_flight_);
}

// Polar's: 4, 8, 16 … seconds, at most 20 minutes; half of it fixed and half of it random.
Micros Deliveries::pause_after(std::uint64_t number, int attempts) const {
  const Micros nominal = std::min(kFirstPause << (attempts - 1), kLongestPause);
  const std::uint64_t drawn = mix(mix(seed_, number), static_cast<std::uint64_t>(attempts));
  return nominal / 2 + static_cast<Micros>(drawn % static_cast<std::uint64_t>(nominal / 2));
}

void Deliveries::done(std::uint64_t number, unsigned status, Instant now) {
  --in_flight_;
  if (first_in_flight_ == number) first_in_flight_.reset();
  if (number < first_number_) return;  // forgotten
  DeliveryRecord& tried = record(number);
  tried.last_status = static_cast<std::uint16_t>(status);
  const auto found = pending_.find(number);
  if (found == pending_.end()) return;  // skipped meanwhile
  Pending& pending = found->second;
  if (is_success(status) && pending.extra > 0) {
    --pending.extra;
    pausing_.insert({now, number});
  } else if (is_success(status)) {
    finish(number, DeliveryState::delivered);
  } else if (tried.attempts < kAttempts) {
    pausing_.insert({now + pause_after(number, tried.attempts), number});
  } else {
    finish(number, DeliveryState::failed);
    if (++failed_in_a_row_ >= kFailuresToDisable) set_enabled(false);
    return;
  }
  if (is_success(status)) failed_in_a_row_ = 0;
}

void Deliveries::finish(std::uint64_t number, DeliveryState state) {
  record(number).state = state;
  pending_.erase(number);
  --counts_.pending;
  if (state == DeliveryState::delivered) ++counts_.delivered;
  if (state == DeliveryState::failed) ++counts_.failed;
  if (state == DeliveryState::skipped) ++counts_.skipped;
}

void Deliveries::set_enabled(bool enabled) {
  enabled_ = enabled && endpoint_;
  failed_in_a_row_ = 0;
  if (enabled_) return;
  fresh_.clear();
  pausing_.clear();
  while (!pending_.empty()) finish(pending_.begin()->first, DeliveryState::skipped);
}

void Deliveries::clear() {
  fresh_.clear();
  pausing_.clear();
  pending_.clear();
  first_in_flight_.reset();
  failed_in_a_row_ = 0;
  first_number_ += records_.size();
  records_ = {};
  counts_ = {};
}

std::optional<Instant> Deliveries::due() const {
  if (pausing_.empty()) return std::nullopt;
  return pausing_.begin()->first;
}

}  // namespace reckoner::sim::sandbox
