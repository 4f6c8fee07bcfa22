// A store as the host sees it: the contract (contract/reckoner_storage.h) with C++ types. Opened
// by open_store (store/loader.hpp) over a plugin; FaultyStore (faults/) stands in front of one in
// tests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"
#include "storage/contract/reckoner_storage.h"

namespace reckoner::storage {

enum class Table : std::uint32_t {
  meta = RECKONER_META,
  books = RECKONER_BOOKS,
  marks = RECKONER_MARKS,
  customers = RECKONER_CUSTOMERS,
  charges = RECKONER_CHARGES,
  closed_usage = RECKONER_CLOSED_USAGE,
  due = RECKONER_DUE,
  polar_customers = RECKONER_POLAR_CUSTOMERS,
  known_customers = RECKONER_KNOWN_CUSTOMERS,
  unlinked_emails = RECKONER_UNLINKED_EMAILS,
  remembered_emails = RECKONER_REMEMBERED_EMAILS,
  parked = RECKONER_PARKED,
  open_charges = RECKONER_OPEN_CHARGES,
  charges_by_time = RECKONER_CHARGES_BY_TIME,
  api_keys = RECKONER_API_KEYS,
  users = RECKONER_USERS,
  billing_events = RECKONER_BILLING_EVENTS,
  usage_daily = RECKONER_USAGE_DAILY,
  key_log = RECKONER_KEY_LOG,
};
// Every table, in the order above, and its name in messages ("billing_events").
inline constexpr Table kTables[] = {Table::meta,
                                    Table::books,
                                    Table::marks,
                                    Table::customers,
                                    Table::charges,
                                    Table::closed_usage,
                                    Table::due,
                                    Table::polar_customers,
                                    Table::known_customers,
                                    Table::unlinked_emails,
                                    Table::remembered_emails,
                                    Table::parked,
                                    Table::open_charges,
                                    Table::charges_by_time,
                                    Table::api_keys,
                                    Table::users,
                                    Table::billing_events,
                                    Table::usage_daily,
                                    Table::key_log};
std::string_view table_name(Table table);

// Why a call failed: the contract's statuses, without ok.
enum class Fault : std::uint8_t {
  fenced = RECKONER_FENCED,
  wrong_sequence = RECKONER_WRONG_SEQUENCE,
  full = RECKONER_FULL,
  retry = RECKONER_RETRY,
  in_doubt = RECKONER_IN_DOUBT,
  fatal = RECKONER_FATAL,
  held = RECKONER_HELD,
};

struct StoreError {
  Fault fault;
  std::string code;    // "disk_full"
  std::string detail;  // one line for people

  // As the rest of the program passes errors on.
  Error as_error() const;
};

// Empty: it went well.
using StoreStatus = std::optional<StoreError>;

// A batch to commit, gathered by its owner. Owns its bytes.
class Batch {
 public:
  void claim(std::uint32_t shard, std::uint64_t epoch, std::uint64_t last_sequence);
  void append(std::uint32_t shard, std::uint64_t first_sequence, std::uint32_t count,
              std::string block);
  void put(Table table, std::string key, std::string value);
  void erase(Table table, std::string key);

  bool empty() const { return operations_.empty(); }
  std::size_t size() const { return operations_.size(); }
  void clear();

  struct Operation {
    std::uint32_t kind;    // RECKONER_APPEND …
    std::uint32_t target;  // shard or table
    std::uint64_t first_sequence;
    std::uint32_t count;
    std::string key, value;
  };
  const std::vector<Operation>& operations() const { return operations_; }
  // Hands the operations over, and is empty then.
  std::vector<Operation> take() {
    claims_.clear();
    return std::exchange(operations_, {});
  }
  const std::vector<reckoner_claim>& claims() const { return claims_; }

 private:
  std::vector<Operation> operations_;
  std::vector<reckoner_claim> claims_;
};

struct ShardState {
  std::uint64_t epoch = 0;
  std::uint64_t last_sequence = 0;
};

struct StoreInfo {
  std::uint32_t schema_version = 0, schema_newest = 0, shards = 0, lanes = 1;
  std::uint64_t bytes_used = 0;
  std::optional<std::uint64_t> bytes_free;
  std::string engine, place;
};

// Return false to stop.
using OnRow = std::function<bool(std::string_view key, std::string_view value)>;
using OnBlock =
    std::function<bool(std::uint64_t first_sequence, std::uint32_t count, std::string_view block)>;
using OnProgress =
    std::function<void(std::uint64_t done, std::uint64_t total, std::string_view what)>;
using OnDamage = std::function<void(std::string_view where, std::string_view what)>;

// The store as it was when this was opened or last refreshed. One thread at a time.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual StoreStatus refresh() = 0;
  // `value` is empty where there is no such key.
  virtual StoreStatus get(Table table, std::string_view key, std::optional<std::string>& value) = 0;
  virtual StoreStatus scan(Table table, std::string_view from, const OnRow& on_row) = 0;
  virtual StoreStatus scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                                   const OnBlock& on_block) = 0;
};

// Threads, durability and statuses: as the contract says of each call.
class Store {
 public:
  virtual ~Store() = default;  // close; its readers must be gone

  virtual StoreStatus lock(std::string_view owner, bool take_over) = 0;
  // By shard.
  virtual StoreStatus take_epochs(std::vector<ShardState>& states) = 0;
  virtual StoreStatus commit(std::uint32_t lane, const Batch& batch) = 0;
  virtual StoreStatus commit_aside(const Batch& batch) = 0;
  virtual StoreStatus commit_beside(const Batch& batch) = 0;
  virtual StoreStatus shard_state(std::uint32_t shard, ShardState& state) = 0;
  virtual StoreStatus open_reader(std::unique_ptr<Reader>& reader) = 0;
  virtual StoreStatus info(StoreInfo& info) = 0;
  virtual StoreStatus migrate(const OnProgress& on_progress) = 0;
  virtual StoreStatus check(const OnDamage& on_damage) = 0;
};

}  // namespace reckoner::storage
