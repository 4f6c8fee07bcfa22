#include "plugins/sqlite/schema.hpp"

#include <iterator>

namespace reckoner::storage::sqlite {
namespace {

// Small values lie beside their key in one b-tree (WITHOUT ROWID): a put dirties one page. Values
// of customers and books may be larger than a quarter of a page, which would leave such a tree
// with one or two rows in a page and values in its inner nodes; they get a table of their own, and
// the key an index.
constexpr char kPlainTables[] = R"sql(
CREATE TABLE shards(
  shard INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, last_sequence INTEGER NOT NULL) STRICT;
CREATE TABLE owner(one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL) STRICT;
INSERT INTO owner VALUES(1, 1);
CREATE TABLE meta(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE books(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
CREATE TABLE marks(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE customers(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
CREATE TABLE charges(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE closed_usage(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE due(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE polar_customers(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
CREATE TABLE known_customers(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE unlinked_emails(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE remembered_emails(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE parked(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
)sql";

constexpr char kServiceTables[] = R"sql(
CREATE TABLE open_charges(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE charges_by_time(
  key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE api_keys(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// Amounts are exact decimals as text: REAL would round them.
constexpr char kTypedTables[] = R"sql(
CREATE TABLE users(
  customer_id TEXT NOT NULL, email TEXT, name TEXT, company TEXT, tier TEXT,
  polar_customer_id TEXT, billing_day INTEGER, status TEXT,
  PRIMARY KEY (customer_id)) STRICT, WITHOUT ROWID;
CREATE TABLE billing_events(
  customer_id TEXT NOT NULL, created_at TEXT NOT NULL, id TEXT NOT NULL, polar_event_id TEXT,
  event_type TEXT, amount_usd TEXT, currency TEXT, status TEXT, description TEXT,
  metadata TEXT NOT NULL,
  PRIMARY KEY (customer_id, created_at, id)) STRICT, WITHOUT ROWID;
CREATE TABLE usage_daily(
  customer_id TEXT NOT NULL, day TEXT NOT NULL, operation TEXT NOT NULL, tokens INTEGER,
  requests INTEGER, cost_usd TEXT,
  PRIMARY KEY (customer_id, day, operation)) STRICT, WITHOUT ROWID;
)sql";

void make_journal(Connection& db, std::uint32_t shards) {
  if (shards == 0 || shards > kMostShards)
    throw sdk::Failure{RECKONER_FATAL, "bad_shards",
                       "a store of SQLite has 1 to " + std::to_string(kMostShards) +
                           " shards, not " + std::to_string(shards)};
  db.run(kPlainTables);
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    db.run("CREATE TABLE " + journal_table(shard) +
           "(first_sequence INTEGER PRIMARY KEY, entries INTEGER NOT NULL, block BLOB NOT NULL) "
           "STRICT");
    db.run("INSERT INTO shards VALUES(" + std::to_string(shard) + ", 0, 0)");
  }
}

void make_tables_for_people(Connection& db, std::uint32_t shards) {
  db.run(kTypedTables);
  std::string view;
  for (std::uint32_t shard = 0; shard < shards; ++shard)
    view += (shard == 0 ? "" : " UNION ALL ") + ("SELECT " + std::to_string(shard)) +
            " AS shard, first_sequence, entries, length(block) AS bytes FROM " +
            journal_table(shard);
  db.run("CREATE VIEW journal AS " + view);
}

sdk::Failure no_store(const Connection& db, const std::string& what) {
  return {RECKONER_FATAL, "not_a_store",
          db.path() + ' ' + what + "; correct the storage URL, or move the file away"};
}

void check_version(const Connection& db, std::uint32_t version, bool older_is_fine) {
  const std::string versions = "the store " + db.path() + " has schema version " +
                               std::to_string(version) + ", this program knows version " +
                               std::to_string(kNewestSchema);
  if (version > kNewestSchema)
    throw sdk::Failure{RECKONER_FATAL, "schema_newer",
                       versions + "; use the newer program that made it, or a backup"};
  if (version < kNewestSchema && !older_is_fine)
    throw sdk::Failure{RECKONER_FATAL, "schema_older",
                       versions + "; make a backup, then run `reckoner storage migrate`"};
}

// Runs `work` in a transaction for writing.
template <class Work>
void transact(Connection& db, Work work) {
  db.run("BEGIN IMMEDIATE");
  try {
    work();
    db.commit();
  } catch (...) {
    db.roll_back();
    throw;
  }
}

}  // namespace

StoredSchema read_schema(Connection& db, bool older_is_fine) {
  const std::int64_t application = db.number("PRAGMA application_id");
  const std::int64_t version = db.number("PRAGMA user_version");
  if (application == 0 && version == 0 && db.number("SELECT count(*) FROM sqlite_schema") == 0)
    return {true, 0};
  if (application != kApplicationId) throw no_store(db, "is a database of another program");
  if (version < 1) throw no_store(db, "has no schema version");
  check_version(db, static_cast<std::uint32_t>(version), older_is_fine);
  return {false, static_cast<std::uint32_t>(version)};
}

void make_store(Connection& db, std::uint32_t shards) {
  db.run("PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA journal_mode=WAL");
  transact(db, [&] {
    if (!read_schema(db, true).empty) return;
    db.run("PRAGMA application_id=" + std::to_string(kApplicationId));
    for (std::uint32_t version = 0; version < kNewestSchema; ++version)
      run_schema_step(db, version, shards);
  });
}

void run_schema_step(Connection& db, std::uint32_t version, std::uint32_t shards) {
  if (version == 0) make_journal(db, shards);
  if (version == 1) make_tables_for_people(db, shards);
  if (version == 2) db.run(kServiceTables);
  db.run("PRAGMA user_version=" + std::to_string(version + 1));
}

void raise_schema(Connection& db, std::uint32_t version, const std::function<void()>& check_owner) {
  transact(db, [&] {
    check_owner();
    run_schema_step(db, version, read_shard_count(db));
  });
}

std::string schema_step_name(std::uint32_t version) {
  static constexpr const char* kNames[] = {"the journal, and the plain tables",
                                           "the tables for people", "the tables of the service"};
  return version < std::size(kNames) ? kNames[version] : "a step of another program";
}

std::uint32_t read_shard_count(Connection& db) {
  const std::int64_t count = db.number("SELECT count(*) FROM shards");
  const std::int64_t last = db.number("SELECT max(shard) FROM shards");
  if (count < 1 || count > kMostShards || last != count - 1 ||
      db.number("SELECT min(shard) FROM shards") != 0)
    throw damaged("shards", "", "the shards are not numbered from 0");
  return static_cast<std::uint32_t>(count);
}

}  // namespace reckoner::storage::sqlite
