// What lies in the main file, and how older files become newer ones.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "plugins/sqlite/connection.hpp"

namespace reckoner::storage::sqlite {

inline constexpr std::int64_t kApplicationId = 0x524B4E52;  // "RKNR"
inline constexpr std::uint32_t kNewestSchema = 3;
// The view over the journal joins a table for each shard; SQLite joins 500 at most.
inline constexpr std::uint32_t kMostShards = 400;

// The journal of a shard is a table of its own, so that each append goes to the end of a b-tree.
inline std::string journal_table(std::uint32_t shard) {
  return "journal_" + std::to_string(shard);
}

struct StoredSchema {
  bool empty;  // nothing has been made in it yet
  std::uint32_t version;
};
// Throws where the file is no store, or one that this program cannot use.
StoredSchema read_schema(Connection& db, bool older_is_fine);

// Makes all that a new store holds, in one transaction; does nothing where another has done so.
void make_store(Connection& db, std::uint32_t shards);

// One step, whole or not at all; from `version` to the next. Within its transaction `check_owner`
// throws where it may not be.
void raise_schema(Connection& db, std::uint32_t version, const std::function<void()>& check_owner);
std::string schema_step_name(std::uint32_t version);

// The same as steps within a transaction of the caller's.
void run_schema_step(Connection& db, std::uint32_t version, std::uint32_t shards);

// How many shards the store has; throws where they are not numbered from 0.
std::uint32_t read_shard_count(Connection& db);

}  // namespace reckoner::storage::sqlite
