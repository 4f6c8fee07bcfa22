// How long to wait after a failure: exponentially longer, with full jitter, so that many who failed
// together do not come back together.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace reckoner::settlement {

using Moment = std::chrono::steady_clock::time_point;
using Delay = std::chrono::milliseconds;
// A number from 0 to `most`, each as likely.
using Random = std::function<std::uint64_t(std::uint64_t most)>;

struct BackoffOptions {
  Delay first{1'000};   // the longest wait after the first failure; then twice as long, and so on
  Delay most{300'000};  // at most
  Delay least{50};      // at least
};

// After that many failures in a row (1 or more).
Delay backoff(const BackoffOptions& options, unsigned failures, const Random& random);

}  // namespace reckoner::settlement
