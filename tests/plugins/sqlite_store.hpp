// The plugin's table of functions with C++ types, for tests; and a look at its file through SQLite.
#pragma once

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sdk/plugin.hpp"
#include "storage/sdk/row.hpp"

namespace reckoner::support {

using storage::sdk::to_bytes;
using storage::sdk::to_view;
using Rows = std::vector<std::pair<std::string, std::string>>;

inline const reckoner_storage_plugin& sqlite_plugin() {
  static const reckoner_storage_plugin kPlugin = [] {
    reckoner_storage_plugin out{};
    out.struct_size = sizeof out;
    reckoner_error error{};
    REQUIRE(reckoner_storage_plugin_v1(RECKONER_STORAGE_CONTRACT_VERSION, &out, &error) == 0);
    return out;
  }();
  return kPlugin;
}

inline std::int32_t collect_row(void* rows, reckoner_bytes key, reckoner_bytes value) {
  static_cast<Rows*>(rows)->emplace_back(to_view(key), to_view(value));
  return 0;
}

class SqliteReaderHandle {
 public:
  explicit SqliteReaderHandle(reckoner_store* store) {
    INFO(error_.detail);
    REQUIRE(sqlite_plugin().open_reader(store, &reader_, &error_) == RECKONER_OK);
  }
  ~SqliteReaderHandle() { sqlite_plugin().close_reader(reader_); }
  SqliteReaderHandle(const SqliteReaderHandle&) = delete;
  SqliteReaderHandle& operator=(const SqliteReaderHandle&) = delete;

  reckoner_status refresh() { return sqlite_plugin().refresh(reader_, &error_); }
  // "(none)" where there is no such key.
  std::string get(std::uint32_t table, std::string_view key) {
    Rows rows;
    status = sqlite_plugin().get(reader_, table, to_bytes(key), collect_row, &rows, &error_);
    return rows.empty() ? "(none)" : rows[0].second;
  }
  Rows scan(std::uint32_t table, std::string_view from = {}) {
    Rows rows;
    status = sqlite_plugin().scan(reader_, table, to_bytes(from), collect_row, &rows, &error_);
    return rows;
  }
  // `first+count:block`
  std::vector<std::string> journal(std::uint32_t shard, std::uint64_t from) {
    std::vector<std::string> out;
    const auto on_block = [](void* to, std::uint64_t first, std::uint32_t count,
                             reckoner_bytes block) -> std::int32_t {
      static_cast<std::vector<std::string>*>(to)->push_back(
          std::to_string(first) + '+' + std::to_string(count) + ':' + std::string(to_view(block)));
      return 0;
    };
    status = sqlite_plugin().scan_journal(reader_, shard, from, on_block, &out, &error_);
    return out;
  }
  std::string code() const { return error_.code; }
  std::string detail() const { return error_.detail; }

  reckoner_status status = RECKONER_OK;

 private:
  reckoner_reader* reader_ = nullptr;
  reckoner_error error_{};
};

// Operations on texts that outlive it.
class SqliteBatch {
 public:
  SqliteBatch& claim(std::uint32_t shard, std::uint64_t epoch, std::uint64_t last) {
    claims_.push_back({shard, 0, epoch, last});
    return *this;
  }
  SqliteBatch& append(std::uint32_t shard, std::uint64_t first, std::uint32_t count,
                      std::string_view block) {
    operations_.push_back({RECKONER_APPEND, shard, first, count, 0, {}, to_bytes(block)});
    return *this;
  }
  SqliteBatch& put(std::uint32_t table, std::string_view key, std::string_view value) {
    operations_.push_back({RECKONER_PUT, table, 0, 0, 0, to_bytes(key), to_bytes(value)});
    return *this;
  }
  SqliteBatch& erase(std::uint32_t table, std::string_view key) {
    operations_.push_back({RECKONER_DELETE, table, 0, 0, 0, to_bytes(key), {}});
    return *this;
  }
  reckoner_batch get() const {
    return {sizeof(reckoner_batch), 0, claims_.data(), claims_.size(), operations_.data(),
            operations_.size()};
  }

 private:
  std::vector<reckoner_claim> claims_;
  std::vector<reckoner_operation> operations_;
};

class SqliteStore {
 public:
  SqliteStore(const std::string& path, std::uint32_t flags, std::uint32_t shards = 3,
              std::uint32_t timeout_ms = 2'000) {
    const std::string url = "sqlite:" + path;
    const reckoner_open_options options{sizeof options, flags, shards, timeout_ms, to_bytes(url)};
    opened = sqlite_plugin().open(&options, &store_, &error_);
  }
  ~SqliteStore() { close(); }
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  void close() {
    if (store_ != nullptr) sqlite_plugin().close(store_);
    store_ = nullptr;
  }
  reckoner_status lock(std::string_view owner = "a test", bool take_over = false) {
    return sqlite_plugin().lock(store_, to_bytes(owner), take_over ? 1 : 0, &error_);
  }
  reckoner_status take_epochs(std::vector<reckoner_shard_state>& states, std::size_t shards = 3) {
    states.resize(shards);
    return sqlite_plugin().take_epochs(store_, states.data(), &error_);
  }
  // Locked, and all epochs taken for the first time.
  void begin() {
    std::vector<reckoner_shard_state> states;
    INFO(error_.detail);
    REQUIRE(opened == RECKONER_OK);
    REQUIRE(lock() == RECKONER_OK);
    REQUIRE(take_epochs(states) == RECKONER_OK);
  }
  reckoner_status commit(const SqliteBatch& batch) {
    const reckoner_batch bytes = batch.get();
    return sqlite_plugin().commit(store_, 0, &bytes, &error_);
  }
  reckoner_status commit_aside(const SqliteBatch& batch) {
    const reckoner_batch bytes = batch.get();
    return sqlite_plugin().commit_aside(store_, &bytes, &error_);
  }
  reckoner_status commit_beside(const SqliteBatch& batch) {
    const reckoner_batch bytes = batch.get();
    return sqlite_plugin().commit_beside(store_, &bytes, &error_);
  }
  reckoner_shard_state state(std::uint32_t shard) {
    reckoner_shard_state out{};
    CHECK(sqlite_plugin().shard_state(store_, shard, &out, &error_) == RECKONER_OK);
    return out;
  }
  reckoner_store_info info() {
    reckoner_store_info out{};
    out.struct_size = sizeof out;
    CHECK(sqlite_plugin().info(store_, &out, &error_) == RECKONER_OK);
    return out;
  }
  std::vector<std::string> check() {
    std::vector<std::string> out;
    const auto on_damage = [](void* to, const char* where, const char* what) -> std::int32_t {
      static_cast<std::vector<std::string>*>(to)->push_back(std::string(where) + ": " + what);
      return 0;
    };
    CHECK(sqlite_plugin().check(store_, on_damage, &out, &error_) == RECKONER_OK);
    return out;
  }
  reckoner_status migrate() { return sqlite_plugin().migrate(store_, nullptr, nullptr, &error_); }
  std::string code() const { return error_.code; }
  std::string detail() const { return error_.detail; }
  reckoner_store* handle() const { return store_; }

  reckoner_status opened = RECKONER_FATAL;

 private:
  reckoner_store* store_ = nullptr;
  reckoner_error error_{};
};

// Rows of plain SQL, columns joined by '|'; NULL as it is.
inline std::vector<std::string> sql(const std::string& path, const std::string& text) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  sqlite3_busy_timeout(db, 2'000);
  std::vector<std::string> rows;
  const auto on_row = [](void* to, int columns, char** values, char**) {
    std::string row;
    for (int i = 0; i < columns; ++i)
      row += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "NULL" : values[i]);
    static_cast<std::vector<std::string>*>(to)->push_back(row);
    return 0;
  };
  const int result = sqlite3_exec(db, text.c_str(), on_row, &rows, nullptr);
  INFO(text << ": " << sqlite3_errmsg(db));
  CHECK(result == SQLITE_OK);
  sqlite3_close(db);
  return rows;
}

}  // namespace reckoner::support
