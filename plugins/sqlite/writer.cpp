#include "plugins/sqlite/writer.hpp"

#include <limits>

#include "plugins/sqlite/schema.hpp"

namespace reckoner::storage::sqlite {
namespace {

sdk::Failure bad_batch(std::string what) {
  return {RECKONER_FATAL, "bad_batch", std::move(what)};
}

std::string name_of(std::uint32_t shard) {
  return "shard " + std::to_string(shard);
}

}  // namespace

Writer::Writer(Connection& db, std::uint32_t shards, std::uint32_t timeout_ms,
               std::shared_ptr<WalWatch> watch, Health& health)
    : db_(db),
      timeout_ms_(timeout_ms),
      watch_(std::move(watch)),
      health_(health),
      tables_(db),
      begin_(db, "BEGIN IMMEDIATE"),
      read_shard_(db, "SELECT epoch, last_sequence FROM shards WHERE shard = ?1"),
      write_shard_(db, "UPDATE shards SET last_sequence = ?2 WHERE shard = ?1"),
      appends_(db),
      claimed_(shards) {
  sqlite3_wal_hook(
      db.handle(),
      [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Writer*>(self)->watch_->grew(static_cast<std::uint32_t>(frames));
        return SQLITE_OK;
      },
      this);
}

template <class Work>
void Writer::transact(std::uint32_t timeout_ms, Work work) {
  health_.check();
  const auto turn = watch_->enter_commit();
  db_.wait_for_locks(timeout_ms == 0 ? timeout_ms_ : timeout_ms);
  try {
    Run(begin_).finish();
    work();
    db_.commit();
  } catch (const sdk::Failure& failure) {
    undo(failure);
    throw;
  } catch (...) {
    undo({RECKONER_FATAL, "plugin_failed", "the commit stopped half-way"});
    throw;
  }
}

void Writer::undo(const sdk::Failure& failure) {
  if (!db_.roll_back())
    health_.fail({RECKONER_FATAL, "io_failed", db_.path() + ": a transaction cannot be ended"});
  if (loses_trust(failure)) health_.fail(failure);
  if (failure.status == RECKONER_FULL) watch_->ran_out_of_room();
}

void Writer::commit(const reckoner_batch& batch) {
  transact(batch.timeout_ms, [&] {
    check_claims(batch);
    for (std::uint64_t i = 0; i < batch.operation_count; ++i) run_operation(batch.operations[i]);
    write_sequences(batch);
  });
}

reckoner_shard_state Writer::read_state(std::uint32_t shard) {
  if (shard >= claimed_.size()) throw bad_batch("there is no " + name_of(shard));
  Run run(read_shard_);
  run.integer(1, shard);
  if (!run.next() || run.type(0) != SQLITE_INTEGER || run.type(1) != SQLITE_INTEGER)
    throw damaged("shards", std::to_string(shard), "the row is missing, or of wrong types");
  return {static_cast<std::uint64_t>(run.integer_at(0)),
          static_cast<std::uint64_t>(run.integer_at(1))};
}

void Writer::check_claims(const reckoner_batch& batch) {
  claimed_.assign(claimed_.size(), {});
  if (batch.claim_count == 0) throw bad_batch("a batch claims no shard");
  for (std::uint64_t i = 0; i < batch.claim_count; ++i) {
    const reckoner_claim& claim = batch.claims[i];
    const reckoner_shard_state state = read_state(claim.shard);
    if (state.epoch != claim.epoch)
      throw sdk::Failure{RECKONER_FENCED, "fenced",
                         name_of(claim.shard) + " is at epoch " + std::to_string(state.epoch) +
                             ", the batch at " + std::to_string(claim.epoch)};
    claimed_[claim.shard] = {true, state.last_sequence};
  }
  // Whoever lost one shard learns that before all else.
  for (std::uint64_t i = 0; i < batch.claim_count; ++i) {
    const reckoner_claim& claim = batch.claims[i];
    const std::uint64_t last = claimed_[claim.shard].last_sequence;
    if (last != claim.last_sequence)
      throw sdk::Failure{RECKONER_WRONG_SEQUENCE, "wrong_sequence",
                         name_of(claim.shard) + " ends at sequence " + std::to_string(last) +
                             ", the batch says " + std::to_string(claim.last_sequence)};
  }
}

void Writer::run_operation(const reckoner_operation& operation) {
  if (operation.kind == RECKONER_APPEND) return append(operation);
  if (operation.target == RECKONER_KEY_LOG) throw bad_batch("the key log is committed aside only");
  const std::string_view key = sdk::to_view(operation.key);
  if (operation.kind == RECKONER_PUT) {
    tables_.put(operation.target, key, sdk::to_view(operation.value));
  } else if (operation.kind == RECKONER_DELETE) {
    tables_.erase(operation.target, key);
  } else {
    throw bad_batch("there is no operation of kind " + std::to_string(operation.kind));
  }
}

void Writer::append(const reckoner_operation& block) {
  if (block.target >= claimed_.size() || !claimed_[block.target].claimed)
    throw bad_batch("the batch appends to " + name_of(block.target) + ", which it does not claim");
  std::uint64_t& last = claimed_[block.target].last_sequence;
  constexpr std::uint64_t kLast = std::numeric_limits<std::int64_t>::max();
  if (block.count == 0 || last > kLast - block.count) throw bad_batch("a block has no entries");
  if (block.first_sequence != last + 1)
    throw sdk::Failure{RECKONER_WRONG_SEQUENCE, "wrong_sequence",
                       "a block for " + name_of(block.target) + " begins at sequence " +
                           std::to_string(block.first_sequence) + ", not " +
                           std::to_string(last + 1)};
  Run run(append_statement(block.target));
  run.integer(1, static_cast<std::int64_t>(block.first_sequence)).integer(2, block.count);
  run.blob(3, sdk::to_view(block.value)).finish();
  last += block.count;
}

Statement& Writer::append_statement(std::uint32_t shard) {
  return appends_.at(shard, [&] {
    return "INSERT INTO " + journal_table(shard) + "(first_sequence, entries, block) " +
           "VALUES (?1, ?2, ?3)";
  });
}

void Writer::write_sequences(const reckoner_batch& batch) {
  for (std::uint64_t i = 0; i < batch.claim_count; ++i) {
    const std::uint32_t shard = batch.claims[i].shard;
    const std::uint64_t last = claimed_[shard].last_sequence;
    if (last == batch.claims[i].last_sequence) continue;
    Run run(write_shard_);
    run.integer(1, shard).integer(2, static_cast<std::int64_t>(last)).finish();
  }
}

void Writer::take_epochs(const OwnerLock& owner, reckoner_shard_state* states) {
  transact(0, [&] {
    owner.check(db_);
    db_.run("UPDATE shards SET epoch = epoch + 1");
    for (std::uint32_t shard = 0; shard < claimed_.size(); ++shard)
      states[shard] = read_state(shard);
  });
}

reckoner_shard_state Writer::shard_state(std::uint32_t shard) {
  health_.check();
  const auto turn = watch_->enter_commit();
  return read_state(shard);
}

void write_beside(Connection& db, const reckoner_batch& batch) {
  Tables tables(db);
  db.run("BEGIN IMMEDIATE");
  try {
    for (std::uint64_t i = 0; i < batch.operation_count; ++i) {
      const reckoner_operation& each = batch.operations[i];
      if (each.target != RECKONER_API_KEYS ||
          (each.kind != RECKONER_PUT && each.kind != RECKONER_DELETE))
        throw bad_batch("only API keys are committed beside the owner");
      if (each.kind == RECKONER_PUT) {
        tables.put(each.target, sdk::to_view(each.key), sdk::to_view(each.value));
      } else {
        tables.erase(each.target, sdk::to_view(each.key));
      }
    }
    db.commit();
  } catch (...) {
    db.roll_back();
    throw;
  }
}

}  // namespace reckoner::storage::sqlite
