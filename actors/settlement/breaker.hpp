// A circuit breaker: after a failure everything pauses, and one probe at a time finds out whether
// it goes on. Knows no clock; one caller at a time.
#pragma once

#include <optional>

#include "actors/settlement/backoff.hpp"

namespace reckoner::settlement {

class Breaker {
 public:
  enum class Pass : std::uint8_t { no, go, probe };

  Breaker(BackoffOptions options, Random random) : options_(options), random_(std::move(random)) {}

  bool paused() const { return failures_ > 0; }
  // Failures in a row, of the one that paused it and of probes.
  unsigned failures() const { return failures_; }
  // Where it is paused: when the next probe may start.
  Moment probe_at() const { return probe_at_; }
  bool probing() const { return probing_; }

  // Whether a call may start now. Each `probe` is given back by exactly one of the three below.
  Pass start(Moment now);

  // A call that had this pass failed; the other side asked for a pause of at least `asked`.
  void failed(Pass pass, Moment now, std::optional<Delay> asked);
  // A success of what started before the pause proves nothing of now.
  void succeeded(Pass pass);
  // It was not found out; or it was, and the next may follow at once.
  void released(Pass pass);

 private:
  const BackoffOptions options_;
  const Random random_;
  unsigned failures_ = 0;
  Moment probe_at_{};
  bool probing_ = false;
};

}  // namespace reckoner::settlement
