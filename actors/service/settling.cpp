#include "actors/service/settling.hpp"

#include "actors/http/client.hpp"
#include "actors/polar/charges_api.hpp"

namespace reckoner::service {

Settling::Settling(const config::PolarConfiguration& polar, log::Log& log)
    : polar_(polar), log_(log) {}

// The service goes first: its calls are under way at the client.
Settling::~Settling() {
  service_.reset();
  if (client_ != nullptr) client_->stop();
}

void Settling::begin(actors::Engine& engine) {
  std::shared_ptr<polar::SettlementAdapter> adapter;
  if (!polar_.api_key.empty()) {
    http::ClientOptions options;
    options.timeout = polar_.request_timeout;
    options.connections_per_origin = polar_.concurrency;
    // Only a file of certificates could fail, and none is named.
    client_ = std::move(http::Client::start(options)).value();
    adapter = std::make_shared<polar::ChargesApi>(client_, polar_.base_url,
                                                  std::string(polar_.api_key.reveal()));
  }
  settlement::SettlementOptions options;
  options.in_flight = polar_.concurrency;
  options.requests_per_minute = static_cast<std::uint32_t>(polar_.requests_per_minute);
  settlement::SettlementHooks hooks;
  hooks.alarm = [this](std::string_view what, std::string_view detail) {
    if (what == "settlement_resumed") return log_.info(what, {{"detail", detail}});
    log_.alarm(what, {{"detail", detail}});
  };
  hooks.log = [this](std::string_view line) { log_.debug("settlement", {{"detail", line}}); };
  service_ =
      std::make_unique<settlement::SettlementService>(engine, adapter, options, std::move(hooks));
  std::lock_guard lock(mutex_);
  begun_ = service_.get();
  for (const actors::ChargeNews& news : early_) service_->charge_changed(news);
  early_.clear();
}

void Settling::charge_changed(const actors::ChargeNews& news) {
  if (settlement::SettlementService* const service = begun_) return service->charge_changed(news);
  std::lock_guard lock(mutex_);
  if (settlement::SettlementService* const service = begun_)
    service->charge_changed(news);
  else
    early_.push_back(news);
}

bool Settling::stop() {
  return service_ == nullptr || service_->stop();
}

}  // namespace reckoner::service
