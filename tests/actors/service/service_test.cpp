// The moments around being ready, which no program's test can choose.
#include "actors/service/service.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>
#include <optional>

#include "actors/config/configuration.hpp"
#include "storage/faults/faulty_store.hpp"
#include "tests/actors/http/raw_client.hpp"
#include "tests/support/files.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::service {
namespace {

using storage::FaultKind;
using storage::StoreCall;

class ServiceStand {
 public:
  ServiceStand() {
    log::Options logging;
    logging.descriptor = descriptor_;
    log_.emplace(logging);
    options.open_store = [this](const storage::StoreOptions&,
                                std::unique_ptr<storage::Store>& store) {
      store = std::make_unique<storage::FaultyStore>(store_.open_store(), faults);
      return storage::StoreStatus();
    };
  }
  ~ServiceStand() {
    log_.reset();
    close(descriptor_);
  }

  ServiceOptions options;
  const std::shared_ptr<storage::Faults> faults = std::make_shared<storage::Faults>();

  Result<std::unique_ptr<Service>> start() {
    config::Sources sources;
    sources.settings = {"server.listen=127.0.0.1:0", "engine.tick=100ms",
                        "polar.webhook_secret=a secret for webhooks"};
    const auto configuration = config::load(sources);
    REQUIRE(configuration.ok());
    return Service::start(*configuration, *log_, options);
  }
  std::string said() {
    log_->flush();
    return support::read_file(folder_.file("log"));
  }
  std::uint16_t port() {
    const std::string text = said();
    const std::size_t at = text.find("port=", text.find(" listening "));
    REQUIRE(at != text.npos);
    return static_cast<std::uint16_t>(std::stoi(text.substr(at + 5)));
  }
  int readyz() { return http::RawClient(port()).ask(http::RawClient::get("/readyz")).status; }

 private:
  const support::TestStore store_{"memory"};
  const support::TemporaryFolder folder_;
  const int descriptor_ =
      open(folder_.file("log").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::optional<log::Log> log_;
};

}  // namespace

TEST_CASE("service: it is told that it is to be stopped in order before it takes a request") {
  ServiceStand stand;
  int readyz = 0;
  stand.options.before_ready = [&] { readyz = stand.readyz(); };
  const auto service = stand.start();
  REQUIRE(service.ok());
  CHECK(readyz == 503);
  CHECK(stand.readyz() == 200);
  CHECK((*service)->stop().ok());
}

TEST_CASE("service: a store that is lost while it starts is not followed by being ready") {
  ServiceStand stand;
  std::promise<void> dead;
  stand.options.on_dead = [&](const storage::StoreError&) { dead.set_value(); };
  stand.options.before_ready = [&] {
    stand.faults->plan({1, StoreCall::shard_state, FaultKind::fenced, true});
    dead.get_future().wait();
  };
  const auto service = stand.start();
  CHECK_FALSE(service.ok());
  CHECK(stand.said().find(" store_lost ") != std::string::npos);
  CHECK(stand.said().find(" ready ") == std::string::npos);
}

}  // namespace reckoner::service
