#include "actors/settlement/request_budget.hpp"

#include <algorithm>

namespace reckoner::settlement {

RequestBudget::RequestBudget(std::uint32_t per_minute) {
  const std::int64_t rate = std::max<std::uint32_t>(per_minute, 1);
  const std::int64_t at_once = std::max<std::int64_t>(1, rate / 10);
  burst_ = at_once * kRequest;
  // What is saved up and what comes in a minute make the rate together.
  by_millisecond_ = std::max<std::int64_t>(1, rate - at_once);
  level_ = burst_;
}

void RequestBudget::refill(Moment now) {
  if (!begun_) filled_at_ = now;
  begun_ = true;
  const auto passed = std::chrono::duration_cast<Delay>(now - filled_at_);
  if (passed.count() <= 0) return;
  constexpr std::int64_t kLongest = 86'400'000;  // it is full long before
  level_ =
      std::min(burst_, level_ + std::min<std::int64_t>(passed.count(), kLongest) * by_millisecond_);
  filled_at_ += passed;
}

Delay RequestBudget::wait(Moment now) {
  refill(now);
  const std::int64_t missing = std::max<std::int64_t>(0, kRequest - level_);
  return Delay((missing + by_millisecond_ - 1) / by_millisecond_);
}

bool RequestBudget::take(Moment now) {
  if (wait(now) > Delay::zero()) return false;
  level_ -= kRequest;
  return true;
}

}  // namespace reckoner::settlement
