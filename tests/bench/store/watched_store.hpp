// Stands in front of a store: says how long commits took, and keeps the blocks that were appended,
// to be appended again elsewhere.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "storage/store/store.hpp"
#include "tests/bench/store/machine.hpp"
#include "tests/bench/store/raw_journal.hpp"

namespace reckoner::bench {

// What a WatchedStore saw. It outlives the store.
struct Seen {
  double seconds = 0;            // in commits
  double recording_seconds = 0;  // in keeping blocks
  bool recording = false;
  std::vector<RecordedBatch> batches;
  std::uint64_t rows = 0;  // put or erased
};

class WatchedStore : public storage::Store {
 public:
  using StoreStatus = storage::StoreStatus;
  WatchedStore(std::unique_ptr<storage::Store> store, Seen& seen)
      : store_(std::move(store)), seen_(seen) {}

  StoreStatus commit(std::uint32_t lane, const storage::Batch& batch) override {
    Stopwatch watch;
    StoreStatus failed = store_->commit(lane, batch);
    seen_.seconds += watch.lap();
    if (seen_.recording) seen_.batches.emplace_back();
    for (const storage::Batch::Operation& operation : batch.operations()) {
      const bool appends = operation.kind == RECKONER_APPEND;
      if (!appends) ++seen_.rows;
      if (appends && seen_.recording) seen_.batches.back().push_back(operation.value);
    }
    seen_.recording_seconds += watch.seconds();
    return failed;
  }

  StoreStatus lock(std::string_view owner, bool take_over) override {
    return store_->lock(owner, take_over);
  }
  StoreStatus take_epochs(std::vector<storage::ShardState>& states) override {
    return store_->take_epochs(states);
  }
  StoreStatus commit_aside(const storage::Batch& batch) override {
    return store_->commit_aside(batch);
  }
  StoreStatus commit_beside(const storage::Batch& batch) override {
    return store_->commit_beside(batch);
  }
  StoreStatus shard_state(std::uint32_t shard, storage::ShardState& state) override {
    return store_->shard_state(shard, state);
  }
  StoreStatus open_reader(std::unique_ptr<storage::Reader>& reader) override {
    return store_->open_reader(reader);
  }
  StoreStatus info(storage::StoreInfo& info) override { return store_->info(info); }
  StoreStatus migrate(const storage::OnProgress& on_progress) override {
    return store_->migrate(on_progress);
  }
  StoreStatus check(const storage::OnDamage& on_damage) override {
    return store_->check(on_damage);
  }

 private:
  std::unique_ptr<storage::Store> store_;
  Seen& seen_;
};

}  // namespace reckoner::bench
