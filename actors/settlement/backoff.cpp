#include "actors/settlement/backoff.hpp"

#include <algorithm>

namespace reckoner::settlement {

Delay backoff(const BackoffOptions& options, unsigned failures, const Random& random) {
  constexpr unsigned kMostDoublings = 20;
  const unsigned doublings = std::min(failures == 0 ? 0 : failures - 1, kMostDoublings);
  const Delay longest = std::min(options.most, options.first * (std::int64_t{1} << doublings));
  const Delay least = std::min(options.least, longest);
  const auto span = static_cast<std::uint64_t>((longest - least).count());
  return least + Delay(static_cast<Delay::rep>(random(span)));
}

}  // namespace reckoner::settlement
