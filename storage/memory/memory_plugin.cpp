#include "storage/memory/memory_plugin.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "storage/memory/check_batch.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/sdk/plugin.hpp"

namespace reckoner::storage {
namespace memory {
namespace {

constexpr std::uint32_t kSchema = 1;
constexpr std::uint32_t kLanes = 4;
// Rows are copied out in runs, for callbacks come while no lock is held: few at first, for many
// scans stop early.
constexpr std::size_t kFirstRun = 8, kLongestRun = 256;

void need_table(std::uint32_t table) {
  if (!is_table(table))
    throw sdk::Failure{RECKONER_FATAL, "unknown_table", "table " + std::to_string(table)};
}

class MemoryReader : public sdk::Reader {
 public:
  explicit MemoryReader(std::shared_ptr<MemoryStore> store)
      : store_(std::move(store)), snapshot_(store_->take_snapshot()) {}
  ~MemoryReader() override { store_->drop_snapshot(snapshot_); }
  MemoryReader(const MemoryReader&) = delete;
  MemoryReader& operator=(const MemoryReader&) = delete;

  void refresh() override {
    Snapshot next = store_->take_snapshot();
    store_->drop_snapshot(snapshot_);
    snapshot_ = std::move(next);
  }

  void get(std::uint32_t table, std::string_view key, sdk::OnRow on_row) override {
    need_table(table);
    if (const Value value = store_->get(table, key, snapshot_)) on_row(key, *value);
  }

  void scan(std::uint32_t table, std::string_view from, sdk::OnRow on_row) override {
    need_table(table);
    std::vector<KeyValue> rows;
    std::string last(from);
    bool after = false;
    for (std::size_t run = kFirstRun;; run = std::min(2 * run, kLongestRun)) {
      rows.clear();
      store_->copy_rows(table, last, after, snapshot_, run, rows);
      for (const KeyValue& row : rows)
        if (!on_row(row.key, *row.value)) return;
      if (rows.size() < run) return;
      last = std::move(rows.back().key);
      after = true;
    }
  }

  void scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                    sdk::OnBlock on_block) override {
    store_->shard_state(shard);  // refuses what is none
    std::vector<StoredBlock> blocks;
    for (std::size_t run = kFirstRun;; run = std::min(2 * run, kLongestRun)) {
      blocks.clear();
      store_->copy_blocks(shard, from_sequence, snapshot_, run, blocks);
      for (const StoredBlock& block : blocks)
        if (!on_block(block.first_sequence, block.count, *block.bytes)) return;
      if (blocks.size() < run) return;
      from_sequence = blocks.back().first_sequence + blocks.back().count;
    }
  }

 private:
  std::shared_ptr<MemoryStore> store_;
  Snapshot snapshot_;
};

class MemoryDriver : public sdk::Driver {
 public:
  MemoryDriver(std::shared_ptr<MemoryStore> store, bool read_only)
      : store_(std::move(store)), read_only_(read_only) {}
  ~MemoryDriver() override { store_->unlock(this); }
  MemoryDriver(const MemoryDriver&) = delete;
  MemoryDriver& operator=(const MemoryDriver&) = delete;

  void lock(std::string_view owner, bool take_over) override {
    need_writable();
    store_->lock(this, owner, take_over);
    locked_ = true;
  }
  void take_epochs(reckoner_shard_state* states) override {
    need_owner();
    store_->take_epochs(this, states);
  }
  void commit(std::uint32_t lane, const reckoner_batch& batch) override {
    need_owner();
    if (lane >= kLanes)
      throw sdk::Failure{RECKONER_FATAL, "unknown_lane", "lane " + std::to_string(lane)};
    store_->commit(batch);
  }
  void commit_aside(const reckoner_batch& batch) override {
    need_owner();
    store_->commit_aside(this, batch);
  }
  void commit_beside(const reckoner_batch& batch) override {
    need_writable();
    store_->commit_beside(batch);
  }
  reckoner_shard_state shard_state(std::uint32_t shard) override {
    return store_->shard_state(shard);
  }
  std::unique_ptr<sdk::Reader> open_reader() override {
    return std::make_unique<MemoryReader>(store_);
  }
  void info(reckoner_store_info& info) override {
    info.schema_version = info.schema_newest = kSchema;
    info.shards = store_->shards();
    info.lanes = kLanes;
    info.bytes_used = store_->bytes();
    info.bytes_free = UINT64_MAX;
    sdk::copy_text(info.engine, "memory");
    sdk::copy_text(info.place, store_->place());
  }
  void migrate(sdk::OnProgress) override { need_owner(); }
  void check(sdk::OnDamage) override {}

 private:
  void need_writable() const {
    if (read_only_) throw sdk::Failure{RECKONER_FATAL, "read_only", "the store was opened to read"};
  }

  void need_owner() const {
    need_writable();
    if (!locked_)
      throw sdk::Failure{RECKONER_FATAL, "not_locked", "who writes must have taken the lock"};
  }

  std::shared_ptr<MemoryStore> store_;
  bool read_only_;
  bool locked_ = false;  // at some time; who lost it since is fenced
};

struct Named {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<MemoryStore>> stores;
};
Named& named() {
  static Named all;
  return all;
}

std::shared_ptr<MemoryStore> make_store(const sdk::OpenOptions& options) {
  if (!options.create || options.read_only)
    throw sdk::Failure{RECKONER_FATAL, "no_store", "there is no store " + options.url};
  if (options.shards == 0)
    throw sdk::Failure{RECKONER_FATAL, "no_shards", "a new store has at least one shard"};
  return std::make_shared<MemoryStore>(options.url, options.shards);
}

std::unique_ptr<sdk::Driver> open_memory(const sdk::OpenOptions& options) {
  const std::string name = options.url.substr(options.url.find(':') + 1);
  if (name.empty()) return std::make_unique<MemoryDriver>(make_store(options), false);
  const std::lock_guard guard(named().mutex);
  std::shared_ptr<MemoryStore>& store = named().stores[name];
  if (store == nullptr) store = make_store(options);
  return std::make_unique<MemoryDriver>(store, options.read_only);
}

}  // namespace
}  // namespace memory

reckoner_status reckoner_storage_memory(std::uint32_t host_version, reckoner_storage_plugin* plugin,
                                        reckoner_error* error) {
  return sdk::fill_plugin<memory::open_memory>("memory", "0.1.0", host_version, plugin, error);
}

void forget_memory_store(const std::string& name) {
  const std::lock_guard guard(memory::named().mutex);
  memory::named().stores.erase(name);
}

}  // namespace reckoner::storage
