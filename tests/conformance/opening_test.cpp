// Opening, making, closing and opening again; what the store says of itself.
#include "tests/conformance/stand.hpp"

namespace reckoner::conformance {
namespace {

storage::StoreOptions without_create(const Stand& stand) {
  storage::StoreOptions out = stand.options();
  out.create = false;
  return out;
}

StoreStatus opened(const storage::StoreOptions& options) {
  StorePtr store;
  return storage::open_store(options, store);
}

}  // namespace

CONFORMANCE(not_made, "a store that is not there is not made unless asked for") {
  const Stand stand(subject);
  CHECK_FAULT("fatal", opened(without_create(stand)));
  INFO("and opening it left nothing behind that a second one would find");
  CHECK_FAULT("fatal", opened(without_create(stand)));
  storage::StoreOptions read_only = without_create(stand);
  read_only.read_only = true;
  CHECK_FAULT("fatal", opened(read_only));
  CHECK_OK(opened(stand.options()));
}

CONFORMANCE(no_shards, "a new store has at least one shard") {
  const Stand stand(subject);
  storage::StoreOptions none = stand.options();
  none.shards = 0;
  CHECK_FAULT("fatal", opened(none));
  storage::StoreOptions one = stand.options();
  one.shards = 1;
  const StorePtr store = stand.open(one);
  StoreInfo info;
  REQUIRE_OK(store->info(info));
  CHECK(info.shards == 1);
}

CONFORMANCE(empty_store, "a new store is empty") {
  const Stand stand(subject);
  const StorePtr store = stand.open();
  const ReaderPtr reader = reader_of(*store);
  for (const Table table : storage::kTables) {
    INFO(storage::table_name(table));
    CHECK(support::rows_of(*reader, table) == Lines{});
    CHECK(support::value_of(*reader, table, support::some_key(table, "k")) == "nothing");
  }
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    INFO("shard " << shard);
    CHECK(support::blocks_of(*reader, shard) == Lines{});
    ShardState state{7, 7};
    CHECK_OK(store->shard_state(shard, state));
    CHECK(state.epoch == 0);
    CHECK(state.last_sequence == 0);
  }
}

CONFORMANCE(shards_are_kept, "a store keeps the number of shards that it was made with") {
  const Stand stand(subject);
  storage::StoreOptions options = stand.options();
  options.shards = 7;
  stand.open(options).reset();
  options.shards = 3;
  const StorePtr store = stand.open(options);
  StoreInfo info;
  REQUIRE_OK(store->info(info));
  CHECK(info.shards == 7);
  std::vector<ShardState> states;
  REQUIRE_OK(store->lock("one", false));
  REQUIRE_OK(store->take_epochs(states));
  CHECK(states.size() == 7);
}

CONFORMANCE(info_is_sane, "what a store says of itself makes sense") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  StoreInfo info;
  REQUIRE_OK(owner.store().info(info));
  CHECK(info.schema_version == info.schema_newest);
  CHECK(info.schema_version >= 1);
  CHECK(info.shards == kShards);
  CHECK(info.lanes >= 1);
  CHECK_FALSE(info.engine.empty());
  CHECK_FALSE(info.place.empty());
  if (info.bytes_free) CHECK(*info.bytes_free > 0);

  for (int i = 0; i < 4; ++i) owner.append(0, 1, std::string(1 << 20, 'x'));
  StoreInfo later;
  REQUIRE_OK(owner.store().info(later));
  INFO("after 4 MB of blocks; before " << info.bytes_used << " bytes, now " << later.bytes_used);
  CHECK(later.bytes_used >= 4 << 20);
}

CONFORMANCE(migrate_new, "a store of the newest schema has nothing to migrate") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.put(Table::meta, "k", "v");
  CHECK_OK(owner.store().migrate(nullptr));
  CHECK(support::rows_of(*owner.reader(), Table::meta) == Lines{"k = v"});
  StoreInfo info;
  CHECK_OK(owner.store().info(info));
  CHECK(info.schema_version == info.schema_newest);
}

CONFORMANCE(healthy, "the check of a healthy store reports nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const auto damage = [&] {
    Lines out;
    CHECK_OK(owner.store().check([&](std::string_view where, std::string_view what) {
      out.push_back(std::string(where) + ": " + std::string(what));
    }));
    return out;
  };
  CHECK(damage() == Lines{});
  for (int i = 0; i < 50; ++i) {
    Batch batch = owner.batch({0, 1});
    owner.append(batch, 0, 3, std::string(1000, 'b'));
    owner.append(batch, 1, 1, "block");
    for (const Table table : storage::kTables)
      if (table != Table::key_log) put_some(batch, table, std::to_string(i % 20), "text");
    batch.erase(Table::customers, std::to_string(i % 7));
    owner.commit(batch);
  }
  CHECK(damage() == Lines{});
}

CONFORMANCE(open_again, "all is there after closing and opening again") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch = owner.batch({0, 2});
  for (const Table table : storage::kTables)
    if (table != Table::key_log) put_some(batch, table, "key", "text");
  owner.append(batch, 0, 3, "block one");
  owner.append(batch, 2, 5, "block two");
  owner.append(batch, 2, 1, "block three");
  owner.commit(batch);
  owner.release().reset();

  const StorePtr again = stand.open(without_create(stand));
  const ReaderPtr reader = reader_of(*again);
  for (const Table table : storage::kTables) {
    INFO(storage::table_name(table));
    const std::string key = support::some_key(table, "key");
    const std::string row = support::shown_row(table, key, support::some_value(table, "text"));
    CHECK(support::rows_of(*reader, table) == (table == Table::key_log ? Lines{} : Lines{row}));
  }
  CHECK(support::blocks_of(*reader, 0) == Lines{"1+3 = block one"});
  CHECK(support::blocks_of(*reader, 2) == Lines{"1+5 = block two", "6+1 = block three"});
  ShardState state;
  CHECK_OK(again->shard_state(2, state));
  CHECK(state.epoch == 1);
  CHECK(state.last_sequence == 6);
}

CONFORMANCE(read_only, "one that is opened to read reads beside the owner and writes nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.put(Table::meta, "k", "v");
  storage::StoreOptions options = without_create(stand);
  options.read_only = true;
  const StorePtr beside = stand.open(options);
  const ReaderPtr reader = reader_of(*beside);
  CHECK(support::rows_of(*reader, Table::meta) == Lines{"k = v"});
  owner.put(Table::meta, "k", "later");
  CHECK_OK(reader->refresh());
  CHECK(support::rows_of(*reader, Table::meta) == Lines{"k = later"});
  ShardState state;
  CHECK_OK(beside->shard_state(0, state));
  CHECK(state.epoch == 1);

  Batch batch = owner.batch();
  batch.put(Table::meta, "k", "from the wrong one");
  CHECK_FAULT("fatal", beside->commit(0, batch));
  Batch aside;
  aside.put(Table::key_log, "k", "from the wrong one");
  CHECK_FAULT("fatal", beside->commit_aside(aside));
  std::vector<ShardState> states;
  CHECK_FAULT("fatal", beside->take_epochs(states));
  CHECK_OK(reader->refresh());
  CHECK(support::rows_of(*reader, Table::meta) == Lines{"k = later"});
  CHECK(support::rows_of(*reader, Table::key_log) == Lines{});
  INFO("and the owner goes on");
  owner.put(Table::meta, "k", "last");
}

CONFORMANCE(read_only_first, "one that is opened to read reads a store that nobody owns") {
  const Stand stand(subject);
  {
    Owner owner = stand.owner();
    owner.put(Table::meta, "k", "v");
  }
  storage::StoreOptions options = without_create(stand);
  options.read_only = true;
  const StorePtr alone = stand.open(options);
  CHECK(support::rows_of(*reader_of(*alone), Table::meta) == Lines{"k = v"});
  INFO("and keeps no owner out");
  Owner owner = stand.owner();
  owner.put(Table::meta, "k", "later");
}

}  // namespace reckoner::conformance
