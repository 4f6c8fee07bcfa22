#include "plugins/sqlite/self_check.hpp"

#include "plugins/sqlite/schema.hpp"

namespace reckoner::storage::sqlite {
namespace {

// The whole check, not the quick one: that one does not compare an index with its table.
bool check_pages(Connection& db, const sdk::OnDamage& on_damage) {
  Statement statement(db, "PRAGMA integrity_check(1000)");
  Run run(statement);
  while (run.next()) {
    const std::string line(run.bytes_at(0));
    if (line != "ok" && !on_damage(db.path(), line)) return false;
  }
  return true;
}

// Both in one statement, and so of one snapshot: an owner may commit beside it.
bool check_shard(Connection& db, std::uint32_t shard, const sdk::OnDamage& on_damage) {
  const std::string table = journal_table(shard);
  Statement statement(
      db, "SELECT (SELECT last_sequence FROM shards WHERE shard = " + std::to_string(shard) +
              "), (SELECT first_sequence + entries - 1 FROM " + table +
              " ORDER BY first_sequence DESC LIMIT 1)");
  Run run(statement);
  run.next();
  const std::int64_t said = run.integer_at(0), found = run.integer_at(1);
  if (said == found) return true;
  return on_damage(table, "the journal ends at sequence " + std::to_string(found) +
                              ", but the table shards says " + std::to_string(said));
}

// Damage may also keep SQLite from going on.
template <class Check>
bool reporting(Connection& db, const sdk::OnDamage& on_damage, Check check) {
  try {
    return check();
  } catch (const sdk::Failure& failure) {
    if (failure.code != "damaged") throw;
    return on_damage(db.path(), failure.detail);
  }
}

}  // namespace

void check_itself(Connection& db, std::uint32_t shards, const sdk::OnDamage& on_damage) {
  if (!reporting(db, on_damage, [&] { return check_pages(db, on_damage); })) return;
  for (std::uint32_t shard = 0; shard < shards; ++shard)
    if (!reporting(db, on_damage, [&] { return check_shard(db, shard, on_damage); })) return;
}

}  // namespace reckoner::storage::sqlite
