// Settlement: brings charges to Polar, each exactly once, and what came of them back into the
// journal. An actor of its own: it never blocks, and holds a bounded number of charges in memory.
//
// Stop it before the engine, and the adapter's HTTP client after it.
#pragma once

#include <memory>

#include "actors/engine/requests.hpp"
#include "actors/polar/settlement_adapter.hpp"
#include "actors/settlement/options.hpp"

namespace reckoner::actors {
class Engine;
}

namespace reckoner::settlement {

class ChargeSource;

class SettlementService {
 public:
  // Begins at once: reads from the engine what there is to settle. A null adapter: there is no key,
  // so charges wait, and an alarm says so once. The engine outlives it.
  SettlementService(actors::Engine& engine, std::shared_ptr<polar::SettlementAdapter> adapter,
                    SettlementOptions options, SettlementHooks hooks);
  SettlementService(std::shared_ptr<ChargeSource> source,
                    std::shared_ptr<polar::SettlementAdapter> adapter, SettlementOptions options,
                    SettlementHooks hooks);
  ~SettlementService();  // without stop() before, as after a kill: nothing is lost by it

  // From any thread, at once: EngineEvents::charge.
  void charge_changed(const actors::ChargeNews& news);
  // From any thread.
  SettlementFigures figures() const;

  // Takes up no further charge, and waits (options.grace) until the outcomes of those under way are
  // durable; what is not is looked up at the next start. False: it was not so in time. Afterwards
  // nothing more is asked of the engine, whatever Polar still answers. Blocks. Once.
  bool stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::settlement
