// The settlement as it is configured, between an engine that tells of charges and Polar.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "actors/config/configuration.hpp"
#include "actors/engine/engine.hpp"
#include "actors/log/log.hpp"
#include "actors/settlement/settlement.hpp"

namespace reckoner::http {
class Client;
}

namespace reckoner::service {

class Settling {
 public:
  Settling(const config::PolarConfiguration& polar, log::Log& log);
  ~Settling();

  // The engine outlives it.
  void begin(actors::Engine& engine);
  // From any thread.
  void charge_changed(const actors::ChargeNews& news);
  // As SettlementService::stop.
  bool stop();

 private:
  const config::PolarConfiguration polar_;
  log::Log& log_;
  std::shared_ptr<http::Client> client_;
  std::unique_ptr<settlement::SettlementService> service_;
  std::atomic<settlement::SettlementService*> begun_{nullptr};
  std::mutex mutex_;
  std::vector<actors::ChargeNews> early_;  // before it has begun
};

}  // namespace reckoner::service
