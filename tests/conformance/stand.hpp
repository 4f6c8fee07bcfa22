// Where a store under test stands: opens it, owns it, commits to it.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store/loader.hpp"
#include "tests/conformance/subject.hpp"
#include "tests/support/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::conformance {

using storage::Batch;
using storage::Fault;
using storage::Reader;
using storage::ShardState;
using storage::Store;
using storage::StoreInfo;
using storage::StoreStatus;
using storage::Table;
using support::Lines;

using StorePtr = std::unique_ptr<Store>;
using ReaderPtr = std::unique_ptr<Reader>;

inline constexpr std::uint32_t kShards = 4;
inline constexpr std::size_t kLongestKey = 1024, kLongestValue = 8 << 20;

// One who holds the store's lock, has taken its epochs and knows where its shards are.
class Owner {
 public:
  explicit Owner(StorePtr store) : store_(std::move(store)) {}

  Store& store() { return *store_; }
  StorePtr release() { return std::move(store_); }
  std::vector<ShardState> states;

  StoreStatus own(bool take_over = false);
  // A batch with right claims on these shards.
  Batch batch(std::initializer_list<std::uint32_t> shards = {0}) const;
  // Appends what comes next in the shard.
  void append(Batch& batch, std::uint32_t shard, std::uint32_t count, std::string block) const;
  // And moves the states on where it went well.
  StoreStatus try_commit(const Batch& batch, std::uint32_t lane = 0);
  void commit(const Batch& batch) { REQUIRE_OK(try_commit(batch)); }
  // A row or a block alone.
  void put(Table table, std::string key, std::string value);
  void append(std::uint32_t shard, std::uint32_t count, std::string block);

  ReaderPtr reader();

 private:
  StorePtr store_;
};

class Stand {
 public:
  explicit Stand(const Subject& subject) : url_(subject.fresh_url(folder_)) {}

  const std::string& url() const { return url_; }
  storage::StoreOptions options() const;
  // Opens the store, and makes it if it is not there.
  StorePtr open() const;
  StorePtr open(storage::StoreOptions options) const;
  // Opened, locked, epochs taken.
  Owner owner(bool take_over = false) const;

 private:
  support::TemporaryFolder folder_;
  std::string url_;
};

ReaderPtr reader_of(Store& store);

// A row of a table whose column `text` holds what is said, for every table but the key log.
inline void put_some(Batch& batch, Table table, std::string_view key, std::string_view text) {
  batch.put(table, support::some_key(table, key), support::some_value(table, text));
}

}  // namespace reckoner::conformance
