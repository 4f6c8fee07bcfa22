// The live engine: per-customer actors on a store, behind one face without actors in it.
//
//   request ─▶ lane: stamped, judged, gathered ─▶ durable ─▶ customer: applied ─▶ answer
//
// Every call may come from any thread, returns at once, and answers through its callback: exactly
// once, on some thread of the engine's, which must not be blocked (post to your own executor). An
// answer that says `accepted` comes after the entry is durable and applied.
//
// Errors (Error::code): `unavailable` (nothing of it happened; again later), `stopping`,
// `unknown_customer`, and what each call names.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/engine/requests.hpp"
#include "engine/basics/result.hpp"
#include "storage/driver/opened.hpp"

namespace reckoner::actors {

// By the system's clock.
Instant system_now();

struct EngineOptions {
  // Now, for what is accepted. Empty: the system's clock.
  std::function<Instant()> now;
  // On CAF's deterministic scheduler, the store called inline: run() does all that there is to do.
  bool deterministic = false;
  std::size_t threads = 2;                   // of the pool that customers run in
  std::size_t entries_in_commit = 8'000;     // at most
  std::uint64_t entries_unwritten = 16'384;  // of a shard, before customers are written behind
  std::size_t awake = 100'000;               // customers; more go to sleep, the longest idle first
  Micros idle = 60 * kSecond;                // after which a customer is written and goes to sleep
  Micros tick = kSecond;                     // how often the clock looks for what falls due
  bool enforce_allowance = false;            // authorize refuses what goes beyond tokens_per_month
};

// What is told to whoever watches: the log, the program that has to end.
struct EngineEvents {
  // Nothing can be committed any more: answer nobody, exit, and recover.
  std::function<void(const storage::StoreError&)> dead;
  // Alarms, for people: `what` is stable ("customer_set_aside"), `detail` one line.
  std::function<void(std::string_view what, std::string_view detail)> alarm;
  // Of each entry of a customer's, once it is applied. May be empty.
  std::function<void(const CustomerEntry&, const Effects&)> applied;
  // A charge was decided, or its status changed; whoever settles charges listens.
  std::function<void(const ChargeNews&)> charge;
};

// Figures for the log and for readiness.
struct EngineFigures {
  std::uint64_t commits = 0, entries = 0;
  std::uint64_t customers_awake = 0, customers_set_aside = 0;
  std::uint64_t woken = 0, put_to_sleep = 0;
};

class Engine {
 public:
  // Takes over a store that was opened (storage/driver/opened.hpp). `events` may be called from any
  // thread of the engine.
  Engine(storage::OpenedStore store, EngineOptions options, EngineEvents events);
  // Without stop() before, as after a kill: what is durable is safe.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const Books& books() const;

  void usage(std::shared_ptr<UsageBatch> batch);
  void webhook(WebhookRequest request);
  // Registers, or changes what is given. Errors: `polar_customer_taken`, and `unknown_customer`
  // where the customer must be there already.
  void customer(CustomerRequest request);
  // Errors: `unknown_charge` (there is none such, or its status does not allow it).
  void operator_act(ChargeRequest<OperatorAct> request);
  void settlement(ChargeRequest<Settlement> request);

  // The customer as of now: durable, applied, brought forward. `unknown_customer`.
  void view(std::string customer_id, OnView on_view);
  // With what has left the state: closed periods and charges.
  void show(std::string customer_id, OnShow on_show);
  // Counts against the tier's requests a minute if it is allowed.
  void authorize(std::string customer_id, std::int64_t tokens, OnAuthorized on_authorized);
  void customers(CustomersQuery query, OnCustomers on_page);
  void charges(ChargesQuery query, OnCharges on_page);
  // Charges that are pending or unknown, in no order: those to settle. Up to `most` of them whose
  // place comes after `after` (empty: from the beginning).
  void charges_to_settle(std::string after, std::size_t most, OnCharges on_charges);
  // Over everybody, as of `at` (or now): writes all that is behind, and reads all of it. Heavy.
  void hashes(std::optional<Instant> at, OnHashes on_hashes);

  EngineFigures figures() const;

  // Accepts nothing more, finishes what is in flight, writes all that is behind. Blocks. An error
  // says what could not be written; nothing acknowledged is lost by it.
  storage::StoreStatus stop();

  // Only where it is deterministic: everything that is under way, or `most` messages of it.
  void run(std::size_t most = SIZE_MAX);
  // Likewise, between runs: another book, in force from `from` on; or (`from` is empty) in place of
  // the first, of a store that holds nothing yet. A live engine changes its book before it begins.
  Status change_book(std::optional<Instant> from, const Book& book);
  // What falls due up to now, as the clock does by itself; then as run().
  void tick();

 private:
  class System;
  std::unique_ptr<System> system_;
};

}  // namespace reckoner::actors
