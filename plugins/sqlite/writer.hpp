// The one connection that writes the main file. Every decision is made inside the transaction, by
// what the file says: nothing is kept in memory that a rollback would have to undo.
#pragma once

#include <memory>
#include <vector>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/health.hpp"
#include "plugins/sqlite/owner_lock.hpp"
#include "plugins/sqlite/tables.hpp"
#include "plugins/sqlite/wal_watch.hpp"

namespace reckoner::storage::sqlite {

class Writer {
 public:
  Writer(Connection& db, std::uint32_t shards, std::uint32_t timeout_ms,
         std::shared_ptr<WalWatch> watch, Health& health);

  void commit(const reckoner_batch& batch);
  void take_epochs(const OwnerLock& owner, reckoner_shard_state* states);
  reckoner_shard_state shard_state(std::uint32_t shard);

 private:
  // A transaction around `work`: all of it or nothing, and never left open.
  template <class Work>
  void transact(std::uint32_t timeout_ms, Work work);
  void undo(const sdk::Failure& failure);

  reckoner_shard_state read_state(std::uint32_t shard);
  void check_claims(const reckoner_batch& batch);
  void run_operation(const reckoner_operation& operation);
  void append(const reckoner_operation& block);
  void write_sequences(const reckoner_batch& batch);
  Statement& append_statement(std::uint32_t shard);

  Connection& db_;
  std::uint32_t timeout_ms_;
  std::shared_ptr<WalWatch> watch_;
  Health& health_;
  Tables tables_;
  Statement begin_, read_shard_, write_shard_;
  Statements appends_;
  // Of the batch at work, by shard: whether it is claimed, and the last sequence so far.
  struct Claimed {
    bool claimed = false;
    std::uint64_t last_sequence = 0;
  };
  std::vector<Claimed> claimed_;
};

// Puts and deletes of API keys in a transaction of their own, which a living owner's commits wait
// for. Beside commits only where another process makes them.
void write_beside(Connection& db, const reckoner_batch& batch);

}  // namespace reckoner::storage::sqlite
