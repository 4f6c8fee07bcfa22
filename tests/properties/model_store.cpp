#include "tests/properties/model_store.hpp"

#include <utility>

namespace reckoner::properties {
namespace {

using storage::Batch;
using storage::Fault;
using storage::ShardState;
using storage::StoreStatus;
using storage::Table;

StoreStatus failed(Fault fault) {
  return storage::StoreError{fault, "model", "the model says so"};
}

// Makes the batch's changes in `data`; where it fails, `data` is good for nothing.
StoreStatus change(ModelData& data, const Batch& batch) {
  for (const reckoner_claim& claim : batch.claims())
    if (data.shards[claim.shard].state.epoch != claim.epoch) return failed(Fault::fenced);
  for (const reckoner_claim& claim : batch.claims())
    if (data.shards[claim.shard].state.last_sequence != claim.last_sequence)
      return failed(Fault::wrong_sequence);
  for (const Batch::Operation& each : batch.operations()) {
    if (each.kind == RECKONER_PUT) {
      data.tables[static_cast<Table>(each.target)][each.key] = each.value;
    } else if (each.kind == RECKONER_DELETE) {
      data.tables[static_cast<Table>(each.target)].erase(each.key);
    } else {
      ModelData::Shard& shard = data.shards[each.target];
      if (each.first_sequence != shard.state.last_sequence + 1)
        return failed(Fault::wrong_sequence);
      shard.blocks[each.first_sequence] = {each.count, each.value};
      shard.state.last_sequence += each.count;
    }
  }
  return {};
}

class ModelReader : public storage::Reader {
 public:
  explicit ModelReader(std::shared_ptr<Model> model)
      : model_(std::move(model)), seen_(model_->data) {}

  StoreStatus refresh() override {
    seen_ = model_->data;
    return {};
  }
  StoreStatus get(Table table, std::string_view key, std::optional<std::string>& value) override {
    value.reset();
    const auto found = seen_.tables[table].find(std::string(key));
    if (found != seen_.tables[table].end()) value = found->second;
    return {};
  }
  StoreStatus scan(Table table, std::string_view from, const storage::OnRow& on_row) override {
    for (const auto& [key, value] : seen_.tables[table])
      if (key >= from && !on_row(key, value)) break;
    return {};
  }
  StoreStatus scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                           const storage::OnBlock& on_block) override {
    for (const auto& [first, block] : seen_.shards[shard].blocks)
      if (first + block.count > from_sequence && !on_block(first, block.count, block.bytes)) break;
    return {};
  }

 private:
  std::shared_ptr<Model> model_;
  ModelData seen_;
};

class ModelStore : public storage::Store {
 public:
  explicit ModelStore(std::shared_ptr<Model> model) : model_(std::move(model)) {}
  ~ModelStore() override {
    if (model_->holder == this) model_->holder = nullptr;
  }
  ModelStore(const ModelStore&) = delete;
  ModelStore& operator=(const ModelStore&) = delete;

  StoreStatus lock(std::string_view, bool take_over) override {
    if (model_->holder != nullptr && model_->holder != this && !take_over)
      return failed(Fault::held);
    model_->holder = this;
    return {};
  }
  StoreStatus take_epochs(std::vector<ShardState>& states) override {
    states.clear();
    for (ModelData::Shard& shard : model_->data.shards) {
      ++shard.state.epoch;
      states.push_back(shard.state);
    }
    return {};
  }
  StoreStatus commit(std::uint32_t, const Batch& batch) override {
    ModelData changed = model_->data;
    if (StoreStatus status = change(changed, batch)) return status;
    model_->data = std::move(changed);
    return {};
  }
  StoreStatus commit_aside(const Batch& batch) override { return commit(0, batch); }
  StoreStatus commit_beside(const Batch& batch) override { return commit(0, batch); }
  StoreStatus shard_state(std::uint32_t shard, ShardState& state) override {
    state = model_->data.shards[shard].state;
    return {};
  }
  StoreStatus open_reader(std::unique_ptr<storage::Reader>& reader) override {
    reader = std::make_unique<ModelReader>(model_);
    return {};
  }
  StoreStatus info(storage::StoreInfo&) override { return {}; }
  StoreStatus migrate(const storage::OnProgress&) override { return {}; }
  StoreStatus check(const storage::OnDamage&) override { return {}; }

 private:
  std::shared_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<storage::Store> open_model(std::shared_ptr<Model> model) {
  return std::make_unique<ModelStore>(std::move(model));
}

}  // namespace reckoner::properties
