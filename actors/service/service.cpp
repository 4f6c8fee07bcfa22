#include "actors/service/service.hpp"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/engine/engine.hpp"
#include "actors/http/api/front_door.hpp"
#include "actors/http/server.hpp"
#include "actors/keys/stored_keys.hpp"
#include "actors/service/books.hpp"
#include "actors/service/settling.hpp"
#include "actors/service/telling.hpp"

namespace reckoner::service {
namespace {

using config::Configuration;

http::ServerOptions server_options(const Configuration& configuration) {
  const config::ServerConfiguration& from = configuration.server;
  http::ServerOptions options;
  options.listen = config::address_text(from.listen);
  options.tls_certificate = from.tls_certificate;
  options.tls_key = from.tls_key;
  options.max_body = from.max_body;
  options.max_receiving = from.max_in_flight_bytes;
  options.max_connections = from.max_connections;
  options.request_timeout = from.request_timeout;
  options.idle_timeout = from.idle_timeout;
  options.threads = static_cast<unsigned>(from.threads);
  return options;
}

http::api::FrontDoorOptions front_door_options(const Configuration& configuration,
                                               const ServiceOptions& service, log::Log& log) {
  http::api::FrontDoorOptions options;
  options.max_batch = configuration.server.max_batch;
  options.webhook_secrets = configuration.polar.webhook_secret.reveal();
  switch (configuration.polar.webhook_scheme) {
    case config::WebhookScheme::any:
      options.webhook_scheme = polar::Scheme::any;
      break;
    case config::WebhookScheme::standard:
      options.webhook_scheme = polar::Scheme::standard;
      break;
    case config::WebhookScheme::guide:
      options.webhook_scheme = polar::Scheme::guide;
      break;
  }
  options.usage = {configuration.server.max_in_flight_events,
                   configuration.server.max_in_flight_bytes};
  options.now = service.now;
  options.on_access = [&log](const http::api::AccessRecord& record) { tell_access(log, record); };
  return options;
}

actors::EngineOptions engine_options(const Configuration& configuration,
                                     const ServiceOptions& service) {
  actors::EngineOptions options;
  options.now = service.now;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  options.threads = configuration.engine.threads == 0 ? cores : configuration.engine.threads;
  options.awake = configuration.engine.awake_customers;
  options.idle = std::chrono::microseconds(configuration.engine.idle).count();
  options.tick = std::chrono::microseconds(configuration.engine.tick).count();
  options.enforce_allowance = configuration.billing.enforce_allowance;
  return options;
}

Error of_store(const storage::StoreError& error) {
  if (error.fault == storage::Fault::held) return {"held", error.detail};
  return error.as_error();
}

Error configured(std::string_view key, const Error& error) {
  return {"configuration", std::string(key) + ": " + error.detail};
}

// Of opening it: what is wrong may be the configuration.
Error of_opening(const storage::StoreError& error) {
  if (storage::is_fault_of_url(error)) return configured("storage.url", error.as_error());
  if (storage::is_fault_of_plugin(error)) return configured("storage.plugin_dir", error.as_error());
  return of_store(error);
}

}  // namespace

class Service::Impl {
 public:
  Impl(const Configuration& configuration, log::Log& log, ServiceOptions options)
      : configuration_(configuration), log_(log), options_(std::move(options)) {
    if (!options_.open_store)
      options_.open_store = [](const storage::StoreOptions& place,
                               std::unique_ptr<storage::Store>& store) {
        return storage::open_store(place, store);
      };
  }

  ~Impl() {
    if (server_ != nullptr && !stopped_) server_->stop(std::chrono::milliseconds(0));
    // Once it has stopped it asks nothing of the engine, which tells it of charges until the end.
    if (settling_ != nullptr && !stopped_) settling_->stop();
    keys_.reset();
    engine_.reset();
    settling_.reset();
  }

  Status start() {
    if (configuration_.polar.settlement != config::SettlementKind::charges)
      return Error{"configuration",
                   "polar.settlement: only `charges` is built so far; it takes charges"};
    if (Status listening = listen(); !listening) return listening;
    const auto began = std::chrono::steady_clock::now();
    storage::OpenedStore opened;
    if (Status done = open(opened); !done) return done;
    const storage::OpeningCounts counts = opened.counts;
    if (Status done = come_to_configured_book(*opened.intake, configuration_.book, now(), log_);
        !done)
      return done;
    if (Status done = begin(std::move(opened)); !done) return done;
    const auto took = std::chrono::steady_clock::now() - began;
    log_.info("ready",
              {{"listen", configuration_.server.listen.host},
               {"port", server_->port()},
               {"entries", counts.entries},
               {"folded", counts.folded},
               {"new_store", counts.created},
               {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
    return Done{};
  }

  Status stop() {
    stopped_ = true;
    front_door_->not_ready("stopping");
    server_->stop(configuration_.server.stop_timeout);
    const bool settled = settling_->stop();
    if (!settled)
      log_.warning("settlement_cut_off", {{"detail",
                                           "charges on their way are looked up at the "
                                           "next start"}});
    if (storage::StoreStatus failed = engine_->stop()) return of_store(*failed);
    const actors::EngineFigures figures = engine_->figures();
    log_.info("stopped", {{"commits", figures.commits}, {"entries", figures.entries}});
    return Done{};
  }

  std::uint16_t port() const { return server_->port(); }

 private:
  Status listen() {
    auto door = http::api::FrontDoor::make(front_door_options(configuration_, options_, log_));
    if (!door) return configured("polar.webhook_secret", door.error());
    front_door_ = std::move(*door);
    http::ServerOptions options = server_options(configuration_);
    options.on_refused = front_door_->on_refused();
    auto server = http::Server::start(std::move(options), front_door_->handler());
    if (!server)  // its detail begins with the key: listen, tls_certificate or tls_key
      return Error{"configuration", "server." + server.error().detail};
    server_ = std::move(*server);
    log_.info("listening", {{"listen", configuration_.server.listen.host},
                            {"port", server_->port()},
                            {"tls", !configuration_.server.tls_certificate.empty()}});
    return Done{};
  }

  Status open(storage::OpenedStore& opened) {
    storage::StoreOptions place;
    place.url = configuration_.storage.url;
    place.plugin_dir = configuration_.storage.plugin_dir.empty()
                           ? storage::default_plugin_dir()
                           : std::filesystem::path(configuration_.storage.plugin_dir);
    place.create = true;
    place.shards = storage::kDefaultShards + 1;
    std::unique_ptr<storage::Store> store;
    if (storage::StoreStatus failed = options_.open_store(place, store)) return of_opening(*failed);
    storage::DriverOptions driving;
    driving.book = configuration_.book;
    driving.owner = "reckoner serve, process " + std::to_string(getpid());
    driving.take_over = options_.take_over;
    driving.fetching_threads = 4;
    driving.on_progress = OpeningProgress(log_);
    if (storage::StoreStatus failed =
            storage::open_store_to_work(std::move(store), std::move(driving), opened))
      return of_store(*failed);
    return Done{};
  }

  Status begin(storage::OpenedStore opened) {
    storage::Store& store = opened.intake->store();
    settling_ = std::make_unique<Settling>(configuration_.polar, log_);
    actors::EngineEvents events;
    events.dead = [this](const storage::StoreError& error) { die(error); };
    events.alarm = [this](std::string_view what, std::string_view detail) {
      if (what == "store_takes_again") return log_.info(what, {{"detail", detail}});
      log_.alarm(what, {{"detail", detail}});
    };
    events.charge = [settling = settling_.get()](const actors::ChargeNews& news) {
      settling->charge_changed(news);
    };
    engine_ = std::make_unique<actors::Engine>(
        std::move(opened), engine_options(configuration_, options_), std::move(events));
    keys::StoredKeysOptions watching;
    watching.on_trouble = [this](const storage::StoreError& error) {
      log_.alarm("keys_unreadable", {{"detail", error.detail}});
    };
    watching.on_recovery = [this] { log_.info("keys_readable"); };
    keys_ = std::make_unique<keys::StoredKeys>(store, std::move(watching));
    if (options_.before_ready) options_.before_ready();
    settling_->begin(*engine_);
    return say_ready();
  }

  // Whoever has died meanwhile is not.
  Status say_ready() {
    const std::lock_guard lock(mutex_);
    if (lost_) return of_store(*lost_);
    front_door_->ready(*engine_, *keys_);
    return Done{};
  }

  void die(const storage::StoreError& error) {
    {
      const std::lock_guard lock(mutex_);
      lost_ = error;
      front_door_->not_ready("the store is lost: " + error.detail);
    }
    log_.error("store_lost", {{"code", error.code}, {"detail", error.detail}});
    if (options_.on_dead) options_.on_dead(error);
  }

  Instant now() const { return options_.now ? options_.now() : actors::system_now(); }

  const Configuration configuration_;
  log::Log& log_;
  ServiceOptions options_;
  std::unique_ptr<http::api::FrontDoor> front_door_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Settling> settling_;
  std::unique_ptr<actors::Engine> engine_;
  std::unique_ptr<keys::StoredKeys> keys_;
  bool stopped_ = false;
  std::mutex mutex_;
  std::optional<storage::StoreError> lost_;
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::start(const Configuration& configuration, log::Log& log,
                                                ServiceOptions options) {
  auto impl = std::make_unique<Impl>(configuration, log, std::move(options));
  if (Status started = impl->start(); !started) return started.error();
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

std::uint16_t Service::port() const {
  return impl_->port();
}

Status Service::stop() {
  return impl_->stop();
}

}  // namespace reckoner::service
