#include "actors/settlement/pause.hpp"

#include <algorithm>

namespace reckoner::settlement {
namespace {

using Cause = polar::NotNow::Cause;

std::string_view advice(Cause cause) {
  switch (cause) {
    case Cause::key:
      return "check that polar.api_key is valid and may make charges";
    case Cause::address:
      return "check polar.base_url and polar.settlement";
    case Cause::too_many:
      return "lower polar.requests_per_minute if it comes again";
    case Cause::broken:
      return "Polar is in trouble; nothing to do here unless it lasts";
    case Cause::unreadable:
      return "check polar.base_url: this does not look like Polar";
    default:
      return "check the network, polar.base_url and Polar's status page";
  }
}

// One lost connection, or one 429, is everyday; what Polar refuses is not.
bool is_everyday(Cause cause) {
  return cause == Cause::unreachable || cause == Cause::too_many;
}

}  // namespace

void Pause::failed(Breaker::Pass pass, Moment now, const polar::NotNow& why) {
  std::optional<Delay> asked;
  if (why.retry_after) asked = std::chrono::duration_cast<Delay>(*why.retry_after);
  breaker_.failed(pass, now, asked);
  reason_ = why.why;
  tell(now, why);
}

void Pause::tell(Moment now, const polar::NotNow& why) {
  constexpr Delay kLong{60'000};
  const Moment next = breaker_.probe_at();
  if (is_everyday(why.cause) && breaker_.failures() < 2 && next - now < kLong) return;
  const unsigned bit = 1u << static_cast<unsigned>(why.cause);
  if ((told_ & bit) != 0) return;
  told_ |= bit;
  if (!hooks_.alarm) return;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::max(next - now, Moment::duration(0)));
  hooks_.alarm("settlement_paused", why.why + "; charges wait and none fails; " +
                                        std::string(advice(why.cause)) + "; next attempt in " +
                                        std::to_string(seconds.count() + 1) + " s");
}

void Pause::succeeded(Breaker::Pass pass) {
  const bool was_on = on();
  breaker_.succeeded(pass);
  if (!was_on || on()) return;
  reason_.clear();
  if (told_ != 0 && hooks_.alarm)
    hooks_.alarm("settlement_resumed", "Polar takes charges again; those that waited are sent");
  told_ = 0;
}

}  // namespace reckoner::settlement
