// Requests a minute of one customer: as many at once as the tier allows a minute, then as they come
// back. Time comes in; nothing here is stored.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/basics/instant.hpp"

namespace reckoner::actors {

class RequestRate {
 public:
  // Takes one request at `now` if there is one; a_minute 0: none is ever allowed.
  bool take(std::int64_t a_minute, Instant now) {
    refill(a_minute, now);
    if (left_ < kOne) return false;
    left_ -= kOne;
    return true;
  }
  // Until one is there again; of a rate that refused.
  std::int64_t seconds_to_wait(std::int64_t a_minute) const {
    if (a_minute <= 0) return 60;
    const std::int64_t micros = (kOne - left_) / a_minute;
    return std::max<std::int64_t>(1, (micros + kSecond - 1) / kSecond);
  }

 private:
  static constexpr std::int64_t kOne = 60 * kSecond;  // a request, in parts that a microsecond adds

  void refill(std::int64_t a_minute, Instant now) {
    const std::int64_t full = a_minute * kOne;
    // A minute fills it up, whatever it was. A clock that goes back adds nothing.
    const std::int64_t passed = std::clamp<std::int64_t>(now.micros - at_.micros, 0, kOne);
    left_ = started_ ? std::min(full, left_ + passed * a_minute) : full;
    started_ = true;
    at_ = now;
  }

  std::int64_t left_ = 0;
  Instant at_;
  bool started_ = false;
};

}  // namespace reckoner::actors
