// Keeps an alarm that goes on for hours from filling the log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/instant.hpp"

namespace reckoner::log {

// An event is let through so many times in a minute, which begins with its first time; the others
// are counted. Not for use by two threads at once.
class AlarmLimit {
 public:
  explicit AlarmLimit(unsigned in_a_minute) : in_a_minute_(in_a_minute) {}

  struct Counted {
    std::string event;
    std::uint64_t suppressed = 0;
  };

  // Whether to log it.
  bool admit(std::string_view event, Instant now);
  // Takes what was suppressed in minutes that are over; at the end, in all.
  std::vector<Counted> take_over(Instant now);
  std::vector<Counted> take_all();
  // When the first minute that suppressed anything is over; kDistantFuture: none did.
  Instant next_over() const { return next_over_; }

 private:
  struct Minute {
    Instant start;
    std::uint64_t seen = 0;
  };
  void take(std::vector<Counted>& out, const std::string& event, const Minute& minute) const;

  unsigned in_a_minute_;
  std::map<std::string, Minute, std::less<>> minutes_;
  Instant next_over_ = kDistantFuture;
};

}  // namespace reckoner::log
