#include "actors/engine/lane_actor.hpp"

#include <algorithm>
#include <utility>

namespace reckoner::actors {
namespace {

using storage::StoreError;
using storage::StoreStatus;

// Customers whose rows go into one commit: it stays short.
constexpr std::size_t kWrittenAtOnce = 4'000;
constexpr std::size_t kSlowedDown = 8;

Error unavailable(const StoreError& error) {
  return {"unavailable", error.detail, Retry::later};
}

}  // namespace

LaneActor::LaneActor(caf::actor_config& config, Surroundings& surroundings,
                     std::shared_ptr<storage::OpenedStore> store)
    : caf::event_based_actor(config),
      surroundings_(surroundings),
      store_(std::move(store)),
      intake_(store_->intake.get()),
      write_behind_(intake_->lane().customer_shards(), surroundings.options.entries_unwritten,
                    [this](const SlotPtr& slot) { send(slot->customer, HandOver{slot}); }),
      clock_(surroundings, intake_->reader()) {}

caf::behavior LaneActor::make_behavior() {
  take_over_customers();
  if (!surroundings_.options.deterministic)
    delayed_send(this, std::chrono::microseconds(surroundings_.options.tick), Tick{});
  return {
      [this](const Submit& message) { submit(message.request); },
      [this](CommitNow) { commit(); },
      [this](AdmitWaiting) { admit_waiting(); },
      [this](const Handed& message) {
        write_behind_.handed(message.slot, std::move(*message.rows));
        commit_soon();
      },
      [this](const Wake& message) { wake_for(message); },
      [this](Tick) { tick(); },
      [this](const WriteAll& message) { write_all(message); },
      [this](const ChangeBook& message) { *message.done = change_book(message); },
      [](const RunThere& message) { message.run(); },
      [this](Leave) { quit(caf::exit_reason::user_shutdown); },
  };
}

// Whoever still holds a customer would keep it from ending.
void LaneActor::on_exit() {
  write_behind_.forget();
  surroundings_.directory.clear();
  const StoreError stopping{storage::Fault::retry, "stopping", "the engine is stopping"};
  fail_all(stopping, stopping.as_error());
}

void LaneActor::take_over_customers() {
  intake_->ask_who_is_registered([this](std::string_view customer_id, bool& is) -> StoreStatus {
    is = surroundings_.directory.find(customer_id) != nullptr;
    if (is) return std::nullopt;
    std::optional<std::string> record;
    StoreStatus failed = intake_->reader().get(storage::Table::customers, customer_id, record);
    is = record.has_value();
    return failed;
  });
  storage::Customers& folded = *store_->customers;
  for (std::uint32_t shard = 0; shard < write_behind_.shards(); ++shard)
    write_behind_.start_shard(shard, folded.applied(shard), folded.marked(shard));
  auto customers = folded.release();
  store_->customers.reset();
  // The unwritten of each shard are noted in order of sequence.
  std::sort(customers.begin(), customers.end(), [](const auto& a, const auto& b) {
    return a->unwritten_since() < b->unwritten_since();
  });
  for (auto& customer : customers) {
    const std::string id = customer->state().id.str();
    const std::uint64_t since = customer->unwritten_since();
    const SlotPtr slot = add(id, intake_->shard_of(id), std::move(customer), false);
    if (since != 0) write_behind_.note(slot, since);
  }
  if (StoreStatus failed = clock_.start()) die(*failed);
}

// --- gathering ------------------------------------------------------------------------------

void LaneActor::submit(RequestPtr request) noexcept {
  if (dead_) return request->failed({"unavailable", "the store is lost", Retry::later});
  if (ending_) return request->failed({"stopping", "the engine is stopping", Retry::later});
  if (!is_crowded() && waiting_room_.empty()) return stage(std::move(request));
  // What makes room is written with the next commits; where the store refuses them, nothing does.
  if (refused_)
    return request->failed(
        {"unavailable", "the store does not take what is to be written", Retry::later});
  waiting_room_.push_back(std::move(request));
  commit_soon();
}

// More customers are awake, or unwritten, than there should be: those go first, and who sends
// waits. The front door bounds how many wait.
bool LaneActor::is_crowded() const {
  const std::size_t most = surroundings_.options.awake;
  return write_behind_.far_behind() || awake() > most + most / 2;
}

void LaneActor::admit_waiting() {
  while (!waiting_room_.empty() && !is_crowded() && !dead_ &&
         intake_->lane().entries() < most_entries()) {
    RequestPtr next = std::move(waiting_room_.front());
    waiting_room_.pop_front();
    stage(std::move(next));
  }
  // Otherwise those who hand over, or the next tick, bring it on.
  if (!waiting_room_.empty() && !is_crowded()) commit_soon();
}

void LaneActor::stage(RequestPtr request) {
  lately_ = surroundings_.now();
  const Instant at = std::max(request->at().value_or(lately_), intake_->lane().last_at());
  const std::size_t before = intake_->added().size();
  std::optional<Error> refused;
  if (StoreStatus failed = request->stage(*intake_, at, refused)) {
    gathered_.push_back({std::move(request), 0});
    clock_.not_written();
    return fail_gathered(unavailable(*failed));
  }
  if (refused) return request->failed(*refused);
  const std::size_t entries = intake_->added().size() - before;
  if (request->waits_for_customers()) request->hold(static_cast<std::uint32_t>(entries));
  gathered_.push_back({std::move(request), entries});
  if (intake_->lane().entries() >= most_entries())
    commit();
  else
    commit_soon();
}

void LaneActor::turn_away_waiting(const Error& error) {
  for (RequestPtr& request : std::exchange(waiting_room_, {})) request->failed(error);
}

// The message goes behind all that came in meanwhile, so one commit takes all of that.
void LaneActor::commit_soon() {
  if (commit_pending_) return;
  commit_pending_ = true;
  send(this, CommitNow{});
}

void LaneActor::fail_gathered(const Error& error) {
  for (Gathered& one : std::exchange(gathered_, {}))
    if (one.request != nullptr) one.request->failed(error);
}

// Nobody waits for what does not come: neither who asked for a list, nor an engine that ends.
void LaneActor::fail_all(const StoreError& failed, const Error& said) {
  fail_gathered(said);
  turn_away_waiting(said);
  for (Waiting& waiting : std::exchange(waiting_, {})) waiting.message.done(failed);
}

// While more are awake than there should be, a commit wakes fewer at a time.
std::size_t LaneActor::most_entries() const {
  const EngineOptions& options = surroundings_.options;
  const bool many = awake() > options.awake;
  return many ? std::max<std::size_t>(1, options.entries_in_commit / kSlowedDown)
              : options.entries_in_commit;
}

// --- committing -----------------------------------------------------------------------------

void LaneActor::commit() noexcept {
  commit_pending_ = false;
  if (dead_) return;
  // While the store refuses, entries go in without rows: what was handed over is tried by itself,
  // so that nobody is turned away for it.
  write_batch(!refused_ || (try_rows_ && !write_behind_.has_handed()));
  if (refused_ && try_rows_ && !dead_) write_batch(true);
  if (dead_) return;
  write_behind_.ask_due(waited_for());
  if (told_.size() > 0 || awake() > surroundings_.options.awake) put_to_sleep();
  end_waiting();
  if (write_behind_.has_handed() && !refused_) commit_soon();
  if (!waiting_room_.empty()) send(this, AdmitWaiting{});
  go_on_ticking();
}

void LaneActor::write_batch(bool with_rows) {
  std::vector<std::uint32_t> shards;
  if (!make_durable(with_rows, shards)) return;
  hand_out(shards);
  answer();
}

// `shards`: of the customers' entries in the batch, in order.
bool LaneActor::make_durable(bool with_rows, std::vector<std::uint32_t>& shards) {
  using Outcome = storage::CommitResult::Outcome;
  if (with_rows) {
    if (StoreStatus failed =
            write_behind_.stage(intake_->rows(), intake_->reader(), kWrittenAtOnce)) {
      intake_->drop();
      const bool again =
          failed->fault == storage::Fault::full || failed->fault == storage::Fault::retry;
      return not_durable({again ? Outcome::rolled_back : Outcome::dead, std::move(failed)});
    }
  }
  clock_.add_rows(intake_->rows());
  shards = intake_->added();
  const bool anything = !intake_->lane().empty();
  // A trial of nothing is none: customers who were asked may not have handed over yet.
  if (anything && with_rows) try_rows_ = false;
  storage::CommitResult result = intake_->commit();
  if (!result.committed()) return not_durable(result);
  clock_.written();
  if (with_rows) write_behind_.written();
  if (with_rows && anything) recovered();
  if (!shards.empty()) surroundings_.commits.fetch_add(1, std::memory_order_relaxed);
  surroundings_.entries.fetch_add(shards.size(), std::memory_order_relaxed);
  return true;
}

bool LaneActor::not_durable(const storage::CommitResult& result) {
  write_behind_.not_written();
  clock_.not_written();
  tick_again_ = try_rows_ = false;
  if (result.outcome == storage::CommitResult::Outcome::dead) return die(*result.error), false;
  if (!std::exchange(refused_, true))
    surroundings_.events.alarm("store_refuses", result.error->code + ": " + result.error->detail);
  fail_all(*result.error, unavailable(*result.error));
  return false;
}

// Rows were taken, too; that an empty batch was says nothing.
void LaneActor::recovered() {
  if (std::exchange(refused_, false))
    surroundings_.events.alarm("store_takes_again", "what waited to be written is being written");
}

// Each customer gets one message with all of its entries.
void LaneActor::hand_out(const std::vector<std::uint32_t>& shards) {
  auto commit = std::make_shared<Commit>();
  commit->blocks = intake_->lane().take_blocks();
  if (shards.empty()) return;
  decode(*commit, shards);
  ++commit_number_;
  std::vector<std::pair<SlotPtr, std::uint32_t>> touched;
  std::uint32_t index = 0;
  for (const storage::TakenBlock& block : commit->blocks) {
    if (block.shard == intake_->lane().identity_shard()) continue;
    for (std::uint32_t left = BlockReader(block.bytes).header().entries; left > 0; --left)
      if (StoreStatus failed = route(*commit, index++, block.shard, touched)) {
        // Entries are durable that nobody has applied: only a new start finds them.
        return die(*failed);
      }
  }
  const std::shared_ptr<const Commit> shared = std::move(commit);
  for (auto& [slot, first] : touched) send(slot->customer, ApplyEntries{shared, first});
}

// Reads the very blocks that were written, and finds who waits for which entry: those of a shard
// are in its blocks in the order in which they were added.
void LaneActor::decode(Commit& commit, const std::vector<std::uint32_t>& shards) {
  struct Awaited {
    Request* request;
    std::uint32_t place;
  };
  std::vector<std::vector<Awaited>> by_shard(write_behind_.shards());
  std::size_t at = 0;
  for (const Gathered& one : gathered_) {
    const bool waits = one.request != nullptr && one.request->waits_for_customers();
    for (std::uint32_t place = 0; place < one.entries; ++place)
      by_shard[shards[at++]].push_back({waits ? one.request.get() : nullptr, place});
    if (waits && one.entries > 0) commit.requests.push_back(one.request);
  }
  std::vector<std::size_t> next(by_shard.size());
  commit.entries.reserve(shards.size());
  for (const storage::TakenBlock& block : commit.blocks) {
    if (block.shard == intake_->lane().identity_shard()) continue;
    BlockReader reader(block.bytes);
    std::uint64_t sequence = block.first_sequence;
    for (std::uint32_t left = reader.header().entries; left > 0; --left) {
      Commit::Entry& entry = commit.entries.emplace_back();
      reader.next(entry.entry);
      entry.sequence = sequence++;
      const Awaited& awaited = by_shard[block.shard][next[block.shard]++];
      entry.request = awaited.request;
      entry.place = awaited.place;
    }
    RECKONER_CHECK(reader.ended(), "a block that was just written cannot be read");
  }
}

StoreStatus LaneActor::route(Commit& commit, std::uint32_t index, std::uint32_t shard,
                             std::vector<std::pair<SlotPtr, std::uint32_t>>& touched) {
  Commit::Entry& entry = commit.entries[index];
  SlotPtr slot = surroundings_.directory.find(entry.entry.customer_id);
  if (slot == nullptr) {
    const bool by_clock = std::holds_alternative<reckoner::Clock>(entry.entry.body);
    const bool registers = storage::LiveCustomer::registers(entry.entry);
    if (StoreStatus failed = wake(entry.entry.customer_id, registers, by_clock, slot))
      return failed;
  }
  if (slot == nullptr) {
    write_behind_.pass(shard, entry.sequence);
    if (entry.request == nullptr) return std::nullopt;
    Effects effects;
    effects.unknown_charge = true;
    entry.request->applied(entry.place,
                           {entry.entry, effects, nullptr, surroundings_.books, false});
    entry.request->let_go();
    return std::nullopt;
  }
  write_behind_.note(slot, entry.sequence);
  slot->told_at = entry.entry.at;
  if (entry.request != nullptr) {
    touch(*slot);
  }
  if (slot->commit == commit_number_) {
    commit.entries[slot->last_entry].next = index;
  } else {
    slot->commit = commit_number_;
    touched.emplace_back(slot, index);
  }
  slot->last_entry = index;
  return std::nullopt;
}

void LaneActor::answer() {
  for (Gathered& one : std::exchange(gathered_, {})) {
    if (one.request == nullptr) continue;
    for (const Request::Look& look : one.request->looks()) {
      one.request->hold(1);
      const auto looked = [request = one.request, place = look.place,
                           &books = surroundings_.books](const storage::LiveCustomer* customer) {
        request->looked(place, customer, books);
        request->let_go();
      };
      wake_for({look.customer_id, [&](const SlotPtr& slot, const StoreError*) {
                  if (slot == nullptr) return looked(nullptr);
                  send(slot->customer,
                       Look{[looked](const storage::LiveCustomer* customer,
                                     const ClosedRows::Rows&) { looked(customer); }});
                }});
    }
    one.request->let_go();
  }
}

void LaneActor::die(const StoreError& error) {
  if (std::exchange(dead_, true)) return;
  intake_->lane().die();
  // What is durable and not applied is found by the next start; who sends it again learns that.
  fail_all(error, unavailable(error));
  surroundings_.events.dead(error);
}

}  // namespace reckoner::actors
