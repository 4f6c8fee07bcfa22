// A live engine on a store in memory, Polar over real HTTP, and the settlement between them.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/engine/engine.hpp"
#include "actors/http/client.hpp"
#include "actors/polar/charges_api.hpp"
#include "actors/settlement/settlement.hpp"
#include "tests/actors/settlement/http_polar.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::settlement {

class LiveStand {
 public:
  // A short timeout is for a Polar that hangs: under load good calls may run into it, too.
  explicit LiveStand(std::chrono::milliseconds timeout = std::chrono::seconds(60))
      : engine_(start_engine()) {
    http::ClientOptions client;
    client.timeout = timeout;
    auto started = http::Client::start(client);
    REQUIRE(started.ok());
    client_ = std::move(started).value();
    options.requests_per_minute = 1'000'000;
    options.backoff = {Delay(20), Delay(100), Delay(5)};
    options.look_again = Delay(200);
    options.grace = Delay(60'000);
  }
  ~LiveStand() {
    stop();
    engine_->stop();
  }

  HttpPolar polar;
  SettlementOptions options;

  void start(bool with_key = true) {
    SettlementHooks hooks;
    hooks.alarm = [this](std::string_view what, std::string_view) {
      const std::lock_guard lock(mutex_);
      alarms_.emplace_back(what);
    };
    std::shared_ptr<polar::SettlementAdapter> adapter;
    if (with_key) adapter = std::make_shared<polar::ChargesApi>(client_, polar.base_url(), "key");
    auto made = std::make_shared<SettlementService>(*engine_, adapter, options, hooks);
    const std::lock_guard lock(mutex_);
    settlement_ = std::move(made);
  }
  // In order; what it was about stays in the engine.
  bool stop() {
    const auto settlement = take();
    return settlement == nullptr || settlement->stop();
  }
  // As a death: it is gone in the middle of what it does.
  void kill() { take(); }
  std::shared_ptr<SettlementService> settlement() {
    const std::lock_guard lock(mutex_);
    return settlement_;
  }
  std::vector<std::string> alarms() {
    const std::lock_guard lock(mutex_);
    return alarms_;
  }

  void customer(const std::string& id, const std::string& polar_customer_id) {
    std::promise<bool> done;
    CustomerLine line;
    line.customer_id = id;
    line.polar_customer_id = polar_customer_id;
    engine_->customer(
        {line, false, std::nullopt,
         [&](Result<const actors::CustomerAnswer*> answer) { done.set_value(answer.ok()); }});
    REQUIRE(done.get_future().get());
  }
  // One dollar's worth: a charge.
  void use(const std::string& id) {
    std::promise<bool> done;
    auto batch = std::make_shared<actors::UsageBatch>();
    batch->body = id;
    storage::UsageEvent event;
    event.customer_id = batch->body;
    event.request.usage.tokens = 5'000;
    event.request.usage.operation = "chat";
    batch->events.push_back(event);
    batch->on_done = [&](actors::UsageBatch&, const Error* error) {
      done.set_value(error == nullptr);
    };
    engine_->usage(batch);
    REQUIRE(done.get_future().get());
  }
  std::vector<actors::CustomersCharge> charges() {
    std::promise<std::vector<actors::CustomersCharge>> done;
    actors::ChargesQuery query;
    query.limit = 10'000;
    engine_->charges(query, [&](Result<actors::ChargesPage> page) {
      done.set_value(page.ok() ? page->charges : std::vector<actors::CustomersCharge>{});
    });
    return done.get_future().get();
  }
  std::size_t count(ChargeStatus status) {
    std::size_t out = 0;
    for (const auto& charge : charges()) out += charge.charge.status == status ? 1 : 0;
    return out;
  }
  std::uint64_t journal_length() const { return engine_->figures().entries; }

  // Waits until it holds, however long that takes; the test's own limit ends it.
  template <class Condition>
  static void until(Condition condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  void until_settled() {
    until([this] { return count(ChargeStatus::pending) + count(ChargeStatus::unknown) == 0; });
  }

 private:
  std::unique_ptr<actors::Engine> start_engine() {
    storage::DriverOptions driver;
    driver.owner = "a test";
    storage::OpenedStore opened;
    REQUIRE_FALSE(storage::open_store_to_work(store_.open_store(), driver, opened));
    actors::EngineEvents events;
    events.charge = [this](const actors::ChargeNews& news) {
      if (const auto settlement = this->settlement()) settlement->charge_changed(news);
    };
    return std::make_unique<actors::Engine>(std::move(opened), actors::EngineOptions{},
                                            std::move(events));
  }
  std::shared_ptr<SettlementService> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(settlement_, nullptr);
  }

  support::TestStore store_{"memory"};
  std::mutex mutex_;
  std::shared_ptr<SettlementService> settlement_;
  std::vector<std::string> alarms_;
  std::shared_ptr<http::Client> client_;
  std::unique_ptr<actors::Engine> engine_;
};

}  // namespace reckoner::settlement
