// Whether Polar can be had: the breaker in front of it, the reason, and who has been told.
#pragma once

#include <string>

#include "actors/polar/settlement_adapter.hpp"
#include "actors/settlement/breaker.hpp"
#include "actors/settlement/options.hpp"

namespace reckoner::settlement {

class Pause {
 public:
  Pause(const SettlementOptions& options, const SettlementHooks& hooks, Random random)
      : hooks_(hooks), breaker_(options.backoff, std::move(random)) {}

  Breaker::Pass start(Moment now) { return breaker_.start(now); }
  void failed(Breaker::Pass pass, Moment now, const polar::NotNow& why);
  void succeeded(Breaker::Pass pass);
  void released(Breaker::Pass pass) { breaker_.released(pass); }

  bool on() const { return breaker_.paused(); }
  const Breaker& breaker() const { return breaker_; }
  const std::string& reason() const { return reason_; }  // empty: it is not

 private:
  void tell(Moment now, const polar::NotNow& why);

  const SettlementHooks& hooks_;
  Breaker breaker_;
  std::string reason_;
  unsigned told_ = 0;  // causes, by bit
};

}  // namespace reckoner::settlement
