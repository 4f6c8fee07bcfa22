// Replays a history through the live engine: its real actors on CAF's deterministic scheduler, the
// store called inline, time as the history says.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "actors/engine/engine.hpp"
#include "storage/history/history_feed.hpp"

namespace reckoner::sim {

struct ActorReplayOptions {
  std::optional<Instant> until;
  std::size_t lines_at_once = 200;  // go in before the actors run
  std::size_t awake = 1'000;        // customers; so that waking and sleeping are played, too
  std::uint64_t entries_unwritten = 16'384;  // of a shard
  // Each line's answer: its number, from 0; and what stood in the way, which otherwise ends the
  // replay. May be empty.
  std::function<void(std::size_t line, const Error* error)> on_answer;
};

class ActorReplay final : public storage::HistoryFeed {
 public:
  // On a store that was opened empty.
  ActorReplay(storage::OpenedStore store, ActorReplayOptions options);

  // After the last line: all of it is durable, applied and written.
  Status finish();
  // The figures, from the store alone. The report refers to `ledger`.
  Result<Report> report(Ledger& ledger);

  actors::Engine& engine() { return *engine_; }

 private:
  const Books& books() const override { return engine_->books(); }
  Status usage(const json::HistoryLine& line) override;
  Status webhook(Instant at, const Webhook& webhook) override;
  Status customer(Instant at, const CustomerLine& line) override;
  Status settlement(Instant at, std::string_view customer_id,
                    const Settlement& settlement) override;
  Status operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) override;
  Status begin_with(const Book& book) override;
  Status change_book(Instant at, const Book& book) override;

  Status sent(Instant at);
  Status run();
  void note(const Error& error);
  void answered(std::size_t line, const Error* error);
  template <class Body>
  actors::ChargeRequest<Body> charge_request(Instant at, std::string_view customer_id,
                                             const Body& body);

  ActorReplayOptions options_;
  Instant now_ = kDistantPast;
  std::size_t lines_ = 0;
  std::optional<Error> failed_;
  storage::Store* store_;
  std::unique_ptr<actors::Engine> engine_;
};

}  // namespace reckoner::sim
