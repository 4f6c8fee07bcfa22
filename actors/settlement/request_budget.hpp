// So many requests a minute: in any 60 seconds no more, and never all of them at once. Knows no
// clock; one caller at a time.
#pragma once

#include <cstdint>

#include "actors/settlement/backoff.hpp"

namespace reckoner::settlement {

class RequestBudget {
 public:
  // A tenth of it may go at once (of fewer than 10: one).
  explicit RequestBudget(std::uint32_t per_minute);

  // How long until there is one to take; zero: now.
  Delay wait(Moment now);
  // Takes one if there is one.
  bool take(Moment now);

 private:
  void refill(Moment now);

  // In 1/60 000 of a request: what a millisecond brings is then a whole number.
  static constexpr std::int64_t kRequest = 60'000;
  std::int64_t burst_, by_millisecond_, level_;
  Moment filled_at_{};
  bool begun_ = false;
};

}  // namespace reckoner::settlement
