// A live engine on the deterministic scheduler, on a store in memory that refuses when it is told
// to: everything, or only batches with customers' rows, as a disk does that is nearly full; or
// fails at one call.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/engine/engine.hpp"
#include "storage/faults/faulty_store.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::support {

struct Refusals {
  bool all = false, rows = false;
  int most = 1'000;  // then it takes again: what goes on for ever would not end
  int told = 0;
};

class StoreThatRefuses final : public storage::FaultyStore {
 public:
  StoreThatRefuses(std::unique_ptr<storage::Store> inner, std::shared_ptr<Refusals> refusals,
                   std::shared_ptr<storage::Faults> faults)
      : FaultyStore(std::move(inner), std::move(faults)), refusals_(std::move(refusals)) {}

  storage::StoreStatus commit(std::uint32_t lane, const storage::Batch& batch) override {
    Refusals& now = *refusals_;
    if ((now.all || (now.rows && has_rows(batch))) && now.told < now.most) {
      ++now.told;
      return storage::StoreError{storage::Fault::full, "disk_full", "as the test wants it"};
    }
    return FaultyStore::commit(lane, batch);
  }

 private:
  static bool has_rows(const storage::Batch& batch) {
    for (const auto& operation : batch.operations())
      if (operation.kind == RECKONER_PUT && operation.target == RECKONER_CUSTOMERS) return true;
    return false;
  }

  std::shared_ptr<Refusals> refusals_;
};

class RefusedEngine {
 public:
  explicit RefusedEngine(actors::EngineOptions options = {}) {
    storage::OpenedStore opened;
    const auto failed = storage::open_store_to_work(
        std::make_unique<StoreThatRefuses>(store_.open_store(), refusals, faults), {}, opened);
    REQUIRE_FALSE(failed);
    options.deterministic = true;
    options.now = [this] { return now; };
    actors::EngineEvents events;
    events.alarm = [this](std::string_view what, std::string_view) { ++alarms[std::string(what)]; };
    events.applied = [this](const CustomerEntry& entry, const Effects&) {
      clocks += std::holds_alternative<Clock>(entry.body);
    };
    engine = std::make_unique<actors::Engine>(std::move(opened), options, std::move(events));
  }

  // Each says under which name its answer will be found: "ok", or an error's code.
  void usage(const std::string& name, const std::vector<std::string>& customers,
             std::int64_t tokens = 10) {
    auto batch = std::make_shared<actors::UsageBatch>();
    for (const std::string& customer : customers) batch->body += customer;
    batch->body += name;
    const std::string_view key =
        std::string_view(batch->body).substr(batch->body.size() - name.size());
    std::size_t at = 0;
    for (const std::string& customer : customers) {
      storage::UsageEvent event;
      event.customer_id = std::string_view(batch->body).substr(at, customer.size());
      event.request.usage.tokens = tokens;
      event.request.usage.operation = "chat";
      event.request.usage.idempotency_key = key;
      batch->events.push_back(event);
      at += customer.size();
    }
    batch->on_done = [this, name](actors::UsageBatch& done, const Error* error) {
      const bool all = std::all_of(done.verdicts.begin(), done.verdicts.end(),
                                   [](const storage::Verdict& one) { return one.accepted(); });
      answers[name].push_back(error != nullptr ? error->code : all ? "ok" : "rejected");
    };
    engine->usage(std::move(batch));
  }
  template <class Value>
  std::function<void(Result<Value>)> answer(const std::string& name) {
    return [this, name](const Result<Value>& result) {
      answers[name].push_back(result.ok() ? "ok" : result.error().code);
    };
  }
  // As a line of a history: taken as it is, whether there is such a charge or not.
  void settle(const std::string& name, const std::string& customer) {
    engine->settlement({customer, Settlement{}, now, answer<const actors::ChargeAnswer*>(name)});
  }
  void list(const std::string& name) { engine->charges({}, answer<actors::ChargesPage>(name)); }

  using Answers = std::vector<std::string>;
  std::map<std::string, Answers> answers;
  std::map<std::string, int> alarms;
  int clocks = 0;  // entries of the clock's that were applied
  Instant now = parse_instant("2026-01-10T12:00:00Z").value();
  std::shared_ptr<Refusals> refusals = std::make_shared<Refusals>();
  std::shared_ptr<storage::Faults> faults = std::make_shared<storage::Faults>();

 private:
  TestStore store_{"memory", 2};

 public:
  std::unique_ptr<actors::Engine> engine;
};

}  // namespace reckoner::support
