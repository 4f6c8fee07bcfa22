#include "actors/log/alarm_limit.hpp"

#include <algorithm>

namespace reckoner::log {
namespace {

constexpr Micros kMinute = 60 * kSecond;
// Names of events are literals, so there are few; should there be more, the others share one.
constexpr std::size_t kMostEvents = 256;
constexpr std::string_view kOthers = "other_alarms";

// Also where the clock was set back.
bool is_over(Instant start, Instant now) {
  return now < start || now - start >= kMinute;
}

}  // namespace

bool AlarmLimit::admit(std::string_view event, Instant now) {
  auto found = minutes_.find(event);
  if (found == minutes_.end()) {
    const bool room = minutes_.size() < kMostEvents;
    found = minutes_.try_emplace(std::string(room ? event : kOthers), Minute{now}).first;
  }
  Minute& minute = found->second;
  if (++minute.seen <= in_a_minute_) return true;
  next_over_ = std::min(next_over_, minute.start + kMinute);
  return false;
}

void AlarmLimit::take(std::vector<Counted>& out, const std::string& event,
                      const Minute& minute) const {
  if (minute.seen > in_a_minute_) out.push_back({event, minute.seen - in_a_minute_});
}

std::vector<AlarmLimit::Counted> AlarmLimit::take_over(Instant now) {
  std::vector<Counted> out;
  next_over_ = kDistantFuture;
  for (auto at = minutes_.begin(); at != minutes_.end();) {
    const auto& [event, minute] = *at;
    if (is_over(minute.start, now)) {
      take(out, event, minute);
      at = minutes_.erase(at);
      continue;
    }
    if (minute.seen > in_a_minute_) next_over_ = std::min(next_over_, minute.start + kMinute);
    ++at;
  }
  return out;
}

std::vector<AlarmLimit::Counted> AlarmLimit::take_all() {
  std::vector<Counted> out;
  for (const auto& [event, minute] : minutes_) take(out, event, minute);
  minutes_.clear();
  next_over_ = kDistantFuture;
  return out;
}

}  // namespace reckoner::log
