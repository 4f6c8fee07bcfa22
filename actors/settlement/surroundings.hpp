// What the settlement runs on: an actor, or a test's clock.
#pragma once

#include <functional>

#include "actors/settlement/backoff.hpp"

namespace reckoner::settlement {

struct Surroundings {
  std::function<Moment()> now;
  // From any thread: runs it later, one at a time with all others. Once the settlement has ended it
  // is dropped.
  std::function<void(std::function<void()>)> post;
  std::function<void(Delay, std::function<void()>)> after;
  Random random;
};

}  // namespace reckoner::settlement
