// What is the memory plugin's own; the contract's promises are in conformance/.
#include "storage/memory/memory_plugin.hpp"

#include <catch2/catch.hpp>

#include "storage/store/loader.hpp"
#include "tests/support/store.hpp"

namespace reckoner::storage {
namespace {

std::unique_ptr<Store> opened(const std::string& url, bool create = true) {
  StoreOptions options;
  options.url = url;
  options.create = create;
  options.shards = 1;
  std::unique_ptr<Store> store;
  REQUIRE_OK(open_store(options, store));
  return store;
}

StoreStatus cannot_open(const std::string& url) {
  StoreOptions options;
  options.url = url;
  std::unique_ptr<Store> store;
  return open_store(options, store);
}

void put(Store& store, const std::string& value) {
  std::vector<ShardState> states;
  REQUIRE_OK(store.lock("test", true));
  REQUIRE_OK(store.take_epochs(states));
  Batch batch;
  batch.claim(0, states[0].epoch, 0);
  batch.put(Table::meta, "k", value);
  REQUIRE_OK(store.commit(0, batch));
}

std::string value_in(Store& store) {
  std::unique_ptr<Reader> reader;
  REQUIRE_OK(store.open_reader(reader));
  return support::value_of(*reader, Table::meta, "k");
}

}  // namespace

TEST_CASE("memory: without a name each open has a store of its own", "[memory]") {
  const auto one = opened("memory:"), two = opened("memory:");
  put(*one, "one");
  CHECK(value_in(*one) == "one");
  CHECK(value_in(*two) == "nothing");
  CHECK_FAULT("fatal", cannot_open("memory:"));
}

TEST_CASE("memory: a name is one store, open or not, until it is forgotten", "[memory]") {
  put(*opened("memory:named"), "kept");
  CHECK(value_in(*opened("memory:named", false)) == "kept");
  CHECK(value_in(*opened("memory:another")) == "nothing");
  const auto still_open = opened("memory:named");
  forget_memory_store("named");
  forget_memory_store("another");
  CHECK_FAULT("fatal", cannot_open("memory:named"));
  CHECK(value_in(*still_open) == "kept");
  CHECK(value_in(*opened("memory:named")) == "nothing");
  forget_memory_store("named");
}

TEST_CASE("memory: who lost the lock writes nothing more, not even aside", "[memory]") {
  const auto one = opened("memory:epochs"), two = opened("memory:epochs");
  std::vector<ShardState> states;
  Batch aside;
  aside.put(Table::key_log, "k", "v");
  REQUIRE_OK(one->lock("the first", false));
  CHECK_OK(one->commit_aside(aside));
  REQUIRE_OK(two->lock("the second", true));
  CHECK_FAULT("fenced", one->take_epochs(states));
  CHECK_FAULT("fenced", one->commit_aside(aside));
  CHECK_OK(two->take_epochs(states));
  CHECK_OK(two->commit_aside(aside));
  forget_memory_store("epochs");
}

TEST_CASE("memory: keys of no bytes, or too many, are refused", "[memory]") {
  const auto store = opened("memory:");
  put(*store, "kept");
  for (const std::string& key : {std::string(), std::string(1025, 'k')}) {
    Batch batch;
    batch.claim(0, 1, 0);
    batch.put(Table::meta, key, "v");
    CHECK_FAULT("fatal", store->commit(0, batch));
  }
  Batch batch;
  batch.claim(0, 1, 0);
  batch.put(Table::usage_daily, "alice", support::some_value(Table::usage_daily, ""));
  CHECK_FAULT("fatal", store->commit(0, batch));
}

TEST_CASE("memory: bytes used are those of keys, values and blocks", "[memory]") {
  const auto store = opened("memory:");
  std::vector<ShardState> states;
  REQUIRE_OK(store->lock("test", false));
  REQUIRE_OK(store->take_epochs(states));
  const auto used = [&] {
    StoreInfo info;
    REQUIRE_OK(store->info(info));
    return info.bytes_used;
  };
  CHECK(used() == 0);
  Batch batch;
  batch.claim(0, 1, 0);
  batch.put(Table::meta, "key", "value");
  batch.append(0, 1, 1, "block");
  REQUIRE_OK(store->commit(0, batch));
  CHECK(used() == 13);
  batch.clear();
  batch.claim(0, 1, 1);
  batch.put(Table::meta, "key", "v");
  batch.put(Table::meta, "gone", "gone");
  batch.erase(Table::meta, "gone");
  REQUIRE_OK(store->commit(0, batch));
  CHECK(used() == 9);
}

}  // namespace reckoner::storage
