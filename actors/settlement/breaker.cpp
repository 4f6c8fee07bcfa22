#include "actors/settlement/breaker.hpp"

#include <algorithm>

namespace reckoner::settlement {

Breaker::Pass Breaker::start(Moment now) {
  if (!paused()) return Pass::go;
  if (probing_ || now < probe_at_) return Pass::no;
  probing_ = true;
  return Pass::probe;
}

void Breaker::failed(Pass pass, Moment now, std::optional<Delay> asked) {
  // Those that were on their way when it paused are no failures of their own.
  const bool straggler = pass == Pass::go && paused();
  if (!straggler) probe_at_ = now + backoff(options_, ++failures_, random_);
  if (asked) probe_at_ = std::max(probe_at_, now + *asked);
  released(pass);
}

void Breaker::succeeded(Pass pass) {
  if (pass == Pass::probe) failures_ = 0;
  released(pass);
}

void Breaker::released(Pass pass) {
  if (pass == Pass::probe) probing_ = false;
}

}  // namespace reckoner::settlement
