#include "sim/replay/actor_replay.hpp"

#include "storage/driver/loading.hpp"

namespace reckoner::sim {
namespace {

using actors::UsageBatch;
using storage::Verdict;

// The line's views end with the line; the batch owns what its event says.
std::shared_ptr<UsageBatch> own(const json::HistoryLine& line) {
  auto batch = std::make_shared<UsageBatch>();
  const Usage& usage = line.usage.usage;
  const std::string_view parts[] = {line.customer_id, usage.operation, usage.idempotency_key,
                                    usage.metadata, line.usage.unreadable_field};
  for (const std::string_view part : parts) batch->body += part;
  storage::UsageEvent event{line.customer_id, line.usage};
  std::string_view* const views[] = {
      &event.customer_id, &event.request.usage.operation, &event.request.usage.idempotency_key,
      &event.request.usage.metadata, &event.request.unreadable_field};
  std::size_t at = 0;
  for (std::string_view* view : views) {
    *view = std::string_view(batch->body).substr(at, view->size());
    at += view->size();
  }
  batch->events.push_back(event);
  batch->at = line.at;
  return batch;
}

}  // namespace

ActorReplay::ActorReplay(storage::OpenedStore store, ActorReplayOptions options)
    : HistoryFeed(options.until), options_(std::move(options)), store_(&store.intake->store()) {
  actors::EngineOptions engine;
  engine.deterministic = true;
  engine.awake = options_.awake;
  engine.entries_unwritten = options_.entries_unwritten;
  engine.now = [this] { return now_; };
  actors::EngineEvents events;
  events.dead = [this](const storage::StoreError& error) { note(error.as_error()); };
  events.applied = [this](const CustomerEntry&, const Effects& effects) {
    counts_.stale += effects.stale;
  };
  engine_ =
      std::make_unique<actors::Engine>(std::move(store), std::move(engine), std::move(events));
}

void ActorReplay::note(const Error& error) {
  if (!failed_) failed_ = error;
}

void ActorReplay::answered(std::size_t line, const Error* error) {
  if (options_.on_answer)
    options_.on_answer(line, error);
  else if (error != nullptr)
    note(*error);
}

Status ActorReplay::sent(Instant at) {
  now_ = at;
  return ++lines_ % options_.lines_at_once == 0 ? run() : Status(Done{});
}

Status ActorReplay::run() {
  engine_->run();
  engine_->tick();
  if (failed_) return *failed_;
  return Done{};
}

// --- lines ----------------------------------------------------------------------------------

Status ActorReplay::usage(const json::HistoryLine& line) {
  auto batch = own(line);
  batch->on_done = [this, number = lines_](UsageBatch& done, const Error* error) {
    answered(number, error);
    if (error != nullptr) return;
    const Verdict& verdict = done.verdicts[0];
    if (verdict.kind == Verdict::Kind::conflict) ++counts_.conflicts;
    if (verdict.kind == Verdict::Kind::rejected) return reject(verdict.rejection);
    ++(verdict.accepted() ? counts_.accepted : counts_.duplicates);
  };
  engine_->usage(std::move(batch));
  return sent(line.at);
}

Status ActorReplay::webhook(Instant at, const Webhook& webhook) {
  const auto on_done = [this, number = lines_](Result<actors::WebhookAnswer> answer) {
    answered(number, answer ? nullptr : &answer.error());
    if (!answer) return;
    const Verdict& verdict = answer->verdict;
    if (!verdict.accepted())
      ++counts_.duplicates;
    else
      ++(verdict.parked ? counts_.parked : counts_.accepted);
  };
  engine_->webhook(
      {std::string(webhook.id), std::string(webhook.body), webhook.event, at, on_done});
  return sent(at);
}

Status ActorReplay::customer(Instant at, const CustomerLine& line) {
  const auto on_done = [this, number = lines_](Result<const actors::CustomerAnswer*> answer) {
    answered(number, answer ? nullptr : &answer.error());
  };
  engine_->customer({line, false, at, on_done});
  return sent(at);
}

template <class Body>
actors::ChargeRequest<Body> ActorReplay::charge_request(Instant at, std::string_view customer_id,
                                                        const Body& body) {
  const auto on_done = [this, number = lines_](Result<const actors::ChargeAnswer*> answer) {
    const bool unknown = !answer && answer.error().code == "unknown_charge";
    answered(number, answer || unknown ? nullptr : &answer.error());
    if (answer) ++counts_.accepted;
    if (unknown) reject("unknown_charge");
  };
  return {std::string(customer_id), body, at, on_done};
}

Status ActorReplay::settlement(Instant at, std::string_view customer_id,
                               const Settlement& settlement) {
  engine_->settlement(charge_request(at, customer_id, settlement));
  return sent(at);
}

Status ActorReplay::operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) {
  engine_->operator_act(charge_request(at, customer_id, act));
  return sent(at);
}

Status ActorReplay::begin_with(const Book& book) {
  return engine_->change_book(std::nullopt, book);
}

Status ActorReplay::change_book(Instant at, const Book& book) {
  if (Status done = run(); !done) return done;
  return engine_->change_book(at, book);
}

// --- the end --------------------------------------------------------------------------------

Status ActorReplay::finish() {
  if (Status done = run(); !done) return done;
  if (storage::StoreStatus failed = engine_->stop()) return failed->as_error();
  if (until_) counts_.until = until_;
  return Done{};
}

Result<Report> ActorReplay::report(Ledger& ledger) {
  std::unique_ptr<storage::Reader> reader;
  ClosedRows closed;
  storage::StoreStatus failed = store_->open_reader(reader);
  if (!failed) failed = storage::load_tables(*reader, engine_->books(), {}, ledger, closed);
  if (failed) return failed->as_error();
  return make_report(ledger, closed, counts_);
}

}  // namespace reckoner::sim
