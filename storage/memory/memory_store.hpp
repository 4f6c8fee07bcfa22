// What a store in memory holds, for all handles on it. Any thread may call anything.
#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "storage/memory/versioned_table.hpp"
#include "storage/sdk/plugin.hpp"

namespace reckoner::storage::memory {

struct StoredBlock {
  std::uint64_t first_sequence;
  std::uint32_t count;
  Value bytes;
};

// Where a reader stands.
struct Snapshot {
  std::uint64_t commit = 0;
  std::vector<std::uint64_t> last_sequences;  // by shard
};

class MemoryStore {
 public:
  MemoryStore(std::string place, std::uint32_t shards)
      : place_(std::move(place)), shards_(shards) {}

  // A handle is who it is by its address.
  void lock(const void* handle, std::string_view owner, bool take_over);
  void unlock(const void* handle);
  void take_epochs(const void* handle, reckoner_shard_state* states);

  void commit(const reckoner_batch& batch);
  void commit_aside(const void* handle, const reckoner_batch& batch);
  void commit_beside(const reckoner_batch& batch);
  reckoner_shard_state shard_state(std::uint32_t shard) const;

  Snapshot take_snapshot();
  void drop_snapshot(const Snapshot& snapshot);
  Value get(std::uint32_t table, std::string_view key, const Snapshot& snapshot) const;
  void copy_rows(std::uint32_t table, std::string_view from, bool after, const Snapshot& snapshot,
                 std::size_t most, std::vector<KeyValue>& out) const;
  void copy_blocks(std::uint32_t shard, std::uint64_t from_sequence, const Snapshot& snapshot,
                   std::size_t most, std::vector<StoredBlock>& out) const;

  std::uint32_t shards() const { return static_cast<std::uint32_t>(shards_.size()); }
  const std::string& place() const { return place_; }
  std::uint64_t bytes() const;

 private:
  struct Shard {
    reckoner_shard_state state{};
    std::deque<StoredBlock> blocks;
  };

  void check_holder(const void* handle) const;
  void check_claims(const reckoner_batch& batch) const;
  void check_appends(const reckoner_batch& batch) const;
  void apply(const reckoner_batch& batch, std::vector<Value> values);
  void collect();

  const std::string place_;
  mutable std::mutex mutex_;  // of all below; held for one batch, or some rows of a scan
  std::vector<Shard> shards_;
  std::array<VersionedTable, RECKONER_KEY_LOG + 1> tables_;  // few of them in use
  Snapshots snapshots_;
  std::uint64_t latest_ = 0;  // number of the latest commit
  std::uint64_t journal_bytes_ = 0;
  const void* holder_ = nullptr;
  std::string owner_;
};

}  // namespace reckoner::storage::memory
