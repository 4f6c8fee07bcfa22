#include "storage/memory/memory_store.hpp"

#include <algorithm>
#include <utility>

#include "storage/memory/check_batch.hpp"

namespace reckoner::storage::memory {
namespace {

// Copies of what a batch writes, made before the lock is taken.
std::vector<Value> copy_values(const reckoner_batch& batch) {
  std::vector<Value> out(batch.operation_count);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (batch.operations[i].kind != RECKONER_DELETE)
      out[i] = std::make_shared<const std::string>(sdk::to_view(batch.operations[i].value));
  return out;
}

[[noreturn]] void wrong_sequence(std::uint32_t shard, std::uint64_t last, std::uint64_t came) {
  throw sdk::Failure{RECKONER_WRONG_SEQUENCE, "wrong_sequence",
                     "shard " + std::to_string(shard) + " is at " + std::to_string(last) +
                         ", not at " + std::to_string(came)};
}

}  // namespace

void MemoryStore::lock(const void* handle, std::string_view owner, bool take_over) {
  const std::lock_guard guard(mutex_);
  if (holder_ != nullptr && holder_ != handle && !take_over)
    throw sdk::Failure{RECKONER_HELD, "held", "held by " + owner_};
  holder_ = handle;
  owner_ = owner;
}

void MemoryStore::unlock(const void* handle) {
  const std::lock_guard guard(mutex_);
  if (holder_ == handle) holder_ = nullptr;
}

void MemoryStore::take_epochs(const void* handle, reckoner_shard_state* states) {
  const std::lock_guard guard(mutex_);
  check_holder(handle);
  for (Shard& shard : shards_) {
    ++shard.state.epoch;
    *states++ = shard.state;
  }
}

void MemoryStore::commit(const reckoner_batch& batch) {
  memory::check_shape(batch, shards());
  std::vector<Value> values = copy_values(batch);
  const std::lock_guard guard(mutex_);
  check_claims(batch);
  check_appends(batch);
  apply(batch, std::move(values));
}

void MemoryStore::commit_aside(const void* handle, const reckoner_batch& batch) {
  check_shape_of(batch, RECKONER_KEY_LOG);
  std::vector<Value> values = copy_values(batch);
  const std::lock_guard guard(mutex_);
  check_holder(handle);
  apply(batch, std::move(values));
}

void MemoryStore::commit_beside(const reckoner_batch& batch) {
  check_shape_of(batch, RECKONER_API_KEYS);
  std::vector<Value> values = copy_values(batch);
  const std::lock_guard guard(mutex_);
  apply(batch, std::move(values));
}

reckoner_shard_state MemoryStore::shard_state(std::uint32_t shard) const {
  if (shard >= shards())
    throw sdk::Failure{RECKONER_FATAL, "unknown_shard",
                       "shard " + std::to_string(shard) + " of " + std::to_string(shards())};
  const std::lock_guard guard(mutex_);
  return shards_[shard].state;
}

void MemoryStore::check_holder(const void* handle) const {
  if (holder_ != handle)
    throw sdk::Failure{RECKONER_FENCED, "fenced", "the lock was taken over by " + owner_};
}

// One that was deposed is told so, also where it is behind as well.
void MemoryStore::check_claims(const reckoner_batch& batch) const {
  const reckoner_claim* end = batch.claims + batch.claim_count;
  for (const reckoner_claim* claim = batch.claims; claim != end; ++claim)
    if (const std::uint64_t epoch = shards_[claim->shard].state.epoch; epoch != claim->epoch)
      throw sdk::Failure{RECKONER_FENCED, "fenced",
                         "shard " + std::to_string(claim->shard) + " is in epoch " +
                             std::to_string(epoch) + ", not " + std::to_string(claim->epoch)};
  for (const reckoner_claim* claim = batch.claims; claim != end; ++claim)
    if (const std::uint64_t last = shards_[claim->shard].state.last_sequence;
        last != claim->last_sequence)
      wrong_sequence(claim->shard, last, claim->last_sequence);
}

void MemoryStore::check_appends(const reckoner_batch& batch) const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> lasts;  // by shard appended to: few
  for (std::size_t i = 0; i < batch.operation_count; ++i) {
    const reckoner_operation& append = batch.operations[i];
    if (append.kind != RECKONER_APPEND) continue;
    auto at = std::find_if(lasts.begin(), lasts.end(),
                           [&](const auto& last) { return last.first == append.target; });
    if (at == lasts.end())
      at = lasts.insert(at, {append.target, shards_[append.target].state.last_sequence});
    if (append.first_sequence != at->second + 1)
      wrong_sequence(append.target, at->second, append.first_sequence - 1);
    at->second += append.count;
  }
}

void MemoryStore::apply(const reckoner_batch& batch, std::vector<Value> values) {
  const std::uint64_t commit = latest_ + 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const reckoner_operation& operation = batch.operations[i];
    if (operation.kind != RECKONER_APPEND) {
      tables_[operation.target].write(sdk::to_view(operation.key), std::move(values[i]), commit,
                                      snapshots_);
      continue;
    }
    Shard& shard = shards_[operation.target];
    journal_bytes_ += values[i]->size();
    shard.blocks.push_back({operation.first_sequence, operation.count, std::move(values[i])});
    shard.state.last_sequence += operation.count;
  }
  latest_ = commit;
}

Snapshot MemoryStore::take_snapshot() {
  const std::lock_guard guard(mutex_);
  snapshots_.add(latest_);
  Snapshot out{latest_, {}};
  for (const Shard& shard : shards_) out.last_sequences.push_back(shard.state.last_sequence);
  return out;
}

void MemoryStore::drop_snapshot(const Snapshot& snapshot) {
  const std::lock_guard guard(mutex_);
  snapshots_.remove(snapshot.commit);
  collect();
}

void MemoryStore::collect() {
  const std::uint64_t oldest = snapshots_.oldest(latest_);
  for (VersionedTable& table : tables_) table.collect(oldest);
}

Value MemoryStore::get(std::uint32_t table, std::string_view key, const Snapshot& snapshot) const {
  const std::lock_guard guard(mutex_);
  return tables_[table].get(key, snapshot.commit);
}

void MemoryStore::copy_rows(std::uint32_t table, std::string_view from, bool after,
                            const Snapshot& snapshot, std::size_t most,
                            std::vector<KeyValue>& out) const {
  const std::lock_guard guard(mutex_);
  tables_[table].copy(from, after, snapshot.commit, most, out);
}

void MemoryStore::copy_blocks(std::uint32_t shard, std::uint64_t from_sequence,
                              const Snapshot& snapshot, std::size_t most,
                              std::vector<StoredBlock>& out) const {
  const std::lock_guard guard(mutex_);
  const std::deque<StoredBlock>& blocks = shards_[shard].blocks;
  auto block = std::partition_point(blocks.begin(), blocks.end(), [&](const StoredBlock& each) {
    return each.first_sequence + each.count <= from_sequence;
  });
  for (; block != blocks.end() && most > 0; ++block, --most) {
    if (block->first_sequence > snapshot.last_sequences[shard]) return;
    out.push_back(*block);
  }
}

std::uint64_t MemoryStore::bytes() const {
  const std::lock_guard guard(mutex_);
  std::uint64_t out = journal_bytes_;
  for (const VersionedTable& table : tables_) out += table.bytes();
  return out;
}

}  // namespace reckoner::storage::memory
