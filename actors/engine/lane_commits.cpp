// The lane's part of committing: the batch is made durable, its entries go to their customers, and
// the answers out; or it is refused, and whoever waits for it is told.
#include <algorithm>
#include <utility>

#include "actors/engine/lane_actor.hpp"

namespace reckoner::actors {
namespace {

using storage::StoreError;
using storage::StoreStatus;

// Customers whose rows go into one commit: it stays short.
constexpr std::size_t kWrittenAtOnce = 4'000;

}  // namespace

void LaneActor::commit() noexcept {
  if (dead_) return;
  // While the store refuses, entries go in without rows: what was handed over is tried by itself,
  // so that nobody is turned away for it.
  write_batch(!refused_ || (try_rows_ && !write_behind_.has_handed()));
  if (refused_ && try_rows_ && write_behind_.has_handed() && !dead_) write_batch(true);
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
  // Entries alone try nothing: customers who were asked may not have handed over yet.
  const bool is_trial = refused_ && with_rows && write_behind_.is_trial();
  if (is_trial) try_rows_ = false;
  storage::CommitResult result = intake_->commit();
  if (!result.committed()) return not_durable(result);
  clock_.written();
  if (with_rows) write_behind_.written();
  if (is_trial) recovered();
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

// Rows were taken; that entries were says nothing of them.
void LaneActor::recovered() {
  refused_ = false;
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
