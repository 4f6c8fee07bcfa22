#include "tests/conformance/stand.hpp"

#include <utility>

namespace reckoner::conformance {

StoreStatus Owner::own(bool take_over) {
  if (StoreStatus status = store_->lock("the conformance suite", take_over)) return status;
  return store_->take_epochs(states);
}

Batch Owner::batch(std::initializer_list<std::uint32_t> shards) const {
  Batch out;
  for (const std::uint32_t shard : shards)
    out.claim(shard, states.at(shard).epoch, states.at(shard).last_sequence);
  return out;
}

void Owner::append(Batch& batch, std::uint32_t shard, std::uint32_t count,
                   std::string block) const {
  std::uint64_t last = states.at(shard).last_sequence;
  for (const Batch::Operation& each : batch.operations())
    if (each.kind == RECKONER_APPEND && each.target == shard) last += each.count;
  batch.append(shard, last + 1, count, std::move(block));
}

StoreStatus Owner::try_commit(const Batch& batch, std::uint32_t lane) {
  if (StoreStatus status = store_->commit(lane, batch)) return status;
  for (const Batch::Operation& each : batch.operations())
    if (each.kind == RECKONER_APPEND) states.at(each.target).last_sequence += each.count;
  return {};
}

void Owner::put(Table table, std::string key, std::string value) {
  Batch one = batch();
  one.put(table, std::move(key), std::move(value));
  commit(one);
}

void Owner::append(std::uint32_t shard, std::uint32_t count, std::string block) {
  Batch one = batch({shard});
  append(one, shard, count, std::move(block));
  commit(one);
}

ReaderPtr Owner::reader() {
  return reader_of(*store_);
}

storage::StoreOptions Stand::options() const {
  storage::StoreOptions out;
  out.url = url_;
  out.plugin_dir = storage::default_plugin_dir();
  out.create = true;
  out.shards = kShards;
  return out;
}

StorePtr Stand::open() const {
  return open(options());
}

StorePtr Stand::open(storage::StoreOptions options) const {
  StorePtr out;
  REQUIRE_OK(storage::open_store(options, out));
  REQUIRE(out != nullptr);
  return out;
}

Owner Stand::owner(bool take_over) const {
  Owner out(open());
  REQUIRE_OK(out.own(take_over));
  return out;
}

ReaderPtr reader_of(Store& store) {
  ReaderPtr out;
  REQUIRE_OK(store.open_reader(out));
  REQUIRE(out != nullptr);
  return out;
}

}  // namespace reckoner::conformance
