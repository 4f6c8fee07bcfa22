#include "storage/lane/lane.hpp"

#include <utility>

namespace reckoner::storage {
namespace {

// Blocks of 32 to 64 entries are written and looked into fastest (docs/performance.md).
constexpr std::uint32_t kEntriesInBlock = 64;
// With large entries fewer: a store takes blocks of up to 8 MiB.
constexpr std::size_t kBytesInBlock = 1024 * 1024;
constexpr int kQuestions = 3;  // how often a store is asked what became of a commit

bool holds(std::string_view bytes, std::uint64_t sequence) {
  if (bytes.empty()) return false;
  const BlockReader block(bytes);
  const std::uint64_t first = block.header().first_sequence;
  return block.good() && first <= sequence && sequence - first < block.header().entries;
}

StoreError damaged_entry(std::uint32_t shard, std::uint64_t sequence) {
  return {Fault::fatal, "damaged",
          "the block of entry " + std::to_string(sequence) + " of shard " + std::to_string(shard) +
              " is damaged; `reckoner storage verify` says what else is"};
}

}  // namespace

Lane::Lane(Store& store, FreshReader& reader, std::uint32_t shards, const KeySecret& secret,
           std::uint32_t fetching)
    : store_(store),
      reader_(reader),
      shards_(shards),
      hasher_(secret),
      keys_(shards + 1, secret),
      heads_(shards + 1),
      fetcher_(store, fetching),
      looked_into_(shards + 1) {}

void Lane::start_shard(std::uint32_t shard, std::uint64_t epoch, const ShardHead& head) {
  Head& mine = heads_[shard];
  mine.epoch = epoch;
  mine.durable = head;
  mine.writer = BlockWriter(in_block(shard), head.last_sequence + 1, head.last_hash);
  last_at_ = durable_last_at_ = std::max(last_at_, head.last_at);
}

// --- judging --------------------------------------------------------------------------------

StoreStatus Lane::prepare_to_judge(std::span<const ShardKey> keys) {
  fetched_.clear();
  fetched_used_ = 0;
  if (!fetcher_.has_threads()) {
    for (const ShardKey& key : keys) keys_.prefetch(key.shard, key.hash);
    return std::nullopt;
  }
  // Asked for this much ahead of being looked for.
  constexpr std::size_t kAhead = 16;
  // Fewer are read sooner than threads wake up; more need not be in memory at once.
  constexpr std::size_t kFewest = 4, kMost = 512;
  std::vector<std::uint64_t> last(heads_.size());
  for (std::size_t i = 0; i < keys.size() && fetched_.size() < kMost; ++i) {
    if (i + kAhead < keys.size()) keys_.prefetch(keys[i + kAhead].shard, keys[i + kAhead].hash);
    const std::uint32_t shard = keys[i].shard;
    keys_.find(shard, keys[i].hash, [&](std::uint64_t sequence) {
      // The one before will have brought this one's block along, if they lie this close.
      const bool along = last[shard] <= sequence && sequence - last[shard] < kEntriesInBlock / 2;
      if (sequence <= heads_[shard].durable.last_sequence && !along)
        fetched_.push_back({shard, last[shard] = sequence, {}});
      return false;
    });
  }
  if (fetched_.size() < kFewest) {
    fetched_.clear();
    return std::nullopt;
  }
  if (StoreStatus failed = reader_.catch_up()) return failed;
  fetcher_.fetch(fetched_);
  return std::nullopt;
}

StoreStatus Lane::judge(std::uint32_t shard, std::uint64_t hash, std::string_view customer_id,
                        const Usage& usage, KeyVerdict& verdict) {
  return judge_by(shard, hash, customer_entry_, verdict, [&](const CustomerEntry& stored) {
    const Usage* known = std::get_if<Usage>(&stored.body);
    if (known == nullptr || stored.customer_id != customer_id ||
        known->idempotency_key != usage.idempotency_key)
      return KeyVerdict::fresh;
    return *known == usage ? KeyVerdict::duplicate : KeyVerdict::conflict;
  });
}

StoreStatus Lane::judge(std::uint64_t hash, std::string_view webhook_id, KeyVerdict& verdict) {
  return judge_by(shards_, hash, identity_entry_, verdict, [&](const IdentityEntry& stored) {
    const Webhook* known = std::get_if<Webhook>(&stored.body);
    const bool same = known != nullptr && known->id == webhook_id;
    return same ? KeyVerdict::duplicate : KeyVerdict::fresh;
  });
}

// `compare` says what a stored entry makes of the new one; fresh: the two only share a hash.
template <class Entry, class Compare>
StoreStatus Lane::judge_by(std::uint32_t shard, std::uint64_t hash, Entry& scratch,
                           KeyVerdict& verdict, Compare compare) {
  verdict = KeyVerdict::fresh;
  StoreStatus failed;
  keys_.find(shard, hash, [&](std::uint64_t sequence) {
    failed = look_up(shard, sequence, scratch);
    if (!failed) verdict = compare(scratch);
    return failed.has_value() || verdict != KeyVerdict::fresh;
  });
  return failed;
}

template <class Entry>
StoreStatus Lane::look_up(std::uint32_t shard, std::uint64_t sequence, Entry& entry) {
  std::string_view bytes;
  if (StoreStatus failed = block_with(shard, sequence, bytes)) return failed;
  BlockReader block(bytes);
  std::uint64_t at = block.header().first_sequence;
  while (block.good() && at <= sequence && block.next(entry)) {
    if (at++ == sequence) return std::nullopt;
  }
  return damaged_entry(shard, sequence);
}

// The block that holds an entry: of the batch, or of the store.
StoreStatus Lane::block_with(std::uint32_t shard, std::uint64_t sequence, std::string_view& block) {
  if (sequence > heads_[shard].durable.last_sequence) {
    block = staged_block_with(shard, sequence);
    return std::nullopt;
  }
  std::string& kept = looked_into_[shard];
  StoreStatus failed;
  if (!holds(kept, sequence)) {
    kept.clear();
    if (!take_fetched(shard, sequence))
      failed = reader_.scan_journal(shard, sequence, [&](auto, auto, std::string_view found) {
        kept = found;
        return false;
      });
    // A damaged key would make a repeat look new.
    if (!failed && !BlockReader(kept).whole()) failed = damaged_entry(shard, sequence);
    if (failed) kept.clear();
  }
  block = kept;
  return failed;
}

std::string_view Lane::staged_block_with(std::uint32_t shard, std::uint64_t sequence) {
  if (sequence >= heads_[shard].writer.next_sequence()) cut(shard);
  for (const Batch::Operation& operation : batch_.operations())
    if (operation.kind == RECKONER_APPEND && operation.target == shard &&
        sequence < operation.first_sequence + operation.count)
      return operation.value;
  return {};
}

bool Lane::take_fetched(std::uint32_t shard, std::uint64_t sequence) {
  for (std::size_t i = fetched_used_; i < fetched_.size(); ++i)
    if (fetched_[i].shard == shard && fetched_[i].sequence == sequence) {
      fetched_used_ = i + 1;
      looked_into_[shard] = std::move(fetched_[i].block);
      return holds(looked_into_[shard], sequence);
    }
  return false;
}

// --- gathering ------------------------------------------------------------------------------

std::uint64_t Lane::add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash,
                        std::uint32_t book) {
  return add_entry(shard, entry, hash, book);
}

std::uint64_t Lane::add(const IdentityEntry& entry, std::uint64_t hash, std::uint32_t book) {
  return add_entry(shards_, entry, hash, book);
}

template <class Entry>
std::uint64_t Lane::add_entry(std::uint32_t shard, const Entry& entry, std::uint64_t hash,
                              std::uint32_t book) {
  RECKONER_CHECK(entry.at >= last_at_, "an entry is stamped before the one before it");
  Head& head = heads_[shard];
  if (!head.writer.empty() &&
      (head.writer.book() != book || head.writer.entries() == kEntriesInBlock ||
       head.writer.bytes() >= kBytesInBlock))
    cut(shard);
  if (!head.touched) {
    head.touched = true;
    touched_.push_back(shard);
  }
  head.writer.add(entry, book);
  head.staged_at = last_at_ = entry.at;
  const std::uint64_t sequence = head.writer.next_sequence() + head.writer.entries() - 1;
  keys_.stage(shard, hash, sequence);
  ++entries_;
  return sequence;
}

void Lane::cut(std::uint32_t shard) {
  BlockWriter& writer = heads_[shard].writer;
  if (writer.empty()) return;
  const std::uint64_t first = writer.next_sequence();
  const std::uint32_t count = writer.entries();
  batch_.append(shard, first, count, writer.take());
}

// --- committing -----------------------------------------------------------------------------

CommitResult Lane::commit() {
  using Outcome = CommitResult::Outcome;
  if (dead_)
    return {Outcome::dead, StoreError{Fault::fatal, "lane_dead", "an earlier commit failed"}};
  for (const std::uint32_t shard : touched_) cut(shard);
  if (batch_.empty()) return {};
  for (const std::uint32_t shard : touched_)
    batch_.claim(shard, heads_[shard].epoch, heads_[shard].durable.last_sequence);
  // Rows alone are written in the name of the identity shard.
  if (touched_.empty())
    batch_.claim(shards_, heads_[shards_].epoch, heads_[shards_].durable.last_sequence);
  StoreStatus failed = store_.commit(0, batch_);
  const bool in_doubt = failed && failed->fault == Fault::in_doubt;
  if (in_doubt && !touched_.empty()) return resolve(std::move(*failed));
  // Rows alone can be written twice, and name no sequence to ask for.
  for (int i = 1; i < kQuestions && failed && failed->fault == Fault::in_doubt; ++i)
    failed = store_.commit(0, batch_);
  if (!failed) {
    settle(true);
    return {};
  }
  // Once there was a doubt, a refusal says nothing of the commit before it.
  const bool again = !in_doubt && (failed->fault == Fault::full || failed->fault == Fault::retry);
  settle(false);
  dead_ = !again;
  return {again ? Outcome::rolled_back : Outcome::dead, std::move(failed)};
}

StoreStatus Lane::still_owned() {
  ShardState state;
  if (StoreStatus failed = store_.shard_state(shards_, state))
    return failed->fault == Fault::fenced ? failed : std::nullopt;
  const std::uint64_t epoch = heads_[shards_].epoch;
  if (state.epoch == epoch) return std::nullopt;
  return StoreError{Fault::fenced, "fenced",
                    "the store is at epoch " + std::to_string(state.epoch) + ", this engine at " +
                        std::to_string(epoch)};
}

// A commit is whole or not at all: what one of its shards says holds for all of it.
CommitResult Lane::resolve(StoreError in_doubt) {
  using Outcome = CommitResult::Outcome;
  const std::uint32_t shard = touched_.front();
  const Head& head = heads_[shard];
  ShardState state;
  StoreStatus failed;
  for (int i = 0; i < kQuestions; ++i)
    if (!(failed = store_.shard_state(shard, state))) break;
  const bool ours = !failed && state.epoch == head.epoch;
  if (ours && state.last_sequence == head.writer.next_sequence() - 1) {
    settle(true);
    return {};
  }
  const bool undone = ours && state.last_sequence == head.durable.last_sequence;
  settle(false);
  dead_ = !undone;
  return {undone ? Outcome::rolled_back : Outcome::dead, failed ? failed : std::move(in_doubt)};
}

void Lane::settle(bool committed) {
  if (committed) {
    for (const Batch::Operation& operation : batch_.operations())
      if (operation.kind == RECKONER_APPEND)
        written_.push_back({operation.target, operation.first_sequence, operation.value});
    keys_.commit_staged();
    durable_last_at_ = last_at_;
    reader_.fall_behind();
    fetcher_.committed();
  } else {
    keys_.drop_staged();
    last_at_ = durable_last_at_;
  }
  for (const std::uint32_t shard : touched_) {
    Head& head = heads_[shard];
    head.touched = false;
    if (committed)
      head.durable = {head.writer.next_sequence() - 1, head.writer.last_hash(), head.staged_at};
    head.writer =
        BlockWriter(in_block(shard), head.durable.last_sequence + 1, head.durable.last_hash);
  }
  touched_.clear();
  entries_ = 0;
  if (!committed) clear();
}

std::vector<TakenBlock> Lane::take_blocks() {
  written_.clear();
  std::vector<TakenBlock> taken;
  for (Batch::Operation& operation : batch_.take())
    if (operation.kind == RECKONER_APPEND)
      taken.push_back({operation.target, operation.first_sequence, std::move(operation.value)});
  return taken;
}

void Lane::clear() {
  written_.clear();
  batch_.clear();
}

}  // namespace reckoner::storage
