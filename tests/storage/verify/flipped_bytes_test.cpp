// Single flipped bits in a store at rest. In what the tables hold (journal, snapshots, rows): each
// is found, and its place is named. Anywhere in the files: each is found, or it means nothing,
// which is proved: everything that can be read is what it was, and the database's own check has no
// complaint.
#include <catch2/catch.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <random>

#include "storage/verify/verify.hpp"
#include "tests/storage/filled_store.hpp"
#include "tests/support/files.hpp"

namespace reckoner::storage {
namespace {

namespace fs = std::filesystem;
using support::TestStore;

struct Looked {
  bool found = false;  // a damage, or an error on the way
  std::string place;
  std::string contents;  // all that can be read, one after the other
};

// Everything that a store has to say, through the contract.
StoreStatus read_all(Store& store, std::string& out) {
  std::unique_ptr<Reader> reader;
  if (StoreStatus failed = store.open_reader(reader)) return failed;
  for (const Table table : kTables) {
    if (StoreStatus failed =
            reader->scan(table, {}, [&](std::string_view key, std::string_view value) {
              out.append(table_name(table)).append(1, '\0').append(key).append(1, '\0');
              out.append(value).append(1, '\0');
              return true;
            }))
      return failed;
  }
  StoreInfo info;
  if (StoreStatus failed = store.info(info)) return failed;
  for (std::uint32_t shard = 0; shard < info.shards; ++shard) {
    ShardState state;  // its epoch means nothing on a store at rest
    if (StoreStatus failed = store.shard_state(shard, state)) return failed;
    out += "shard " + std::to_string(shard) + " ends at " + std::to_string(state.last_sequence);
    if (StoreStatus failed = reader->scan_journal(
            shard, 1, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
              out += std::to_string(first) + "+" + std::to_string(count);
              out.append(block);
              return true;
            }))
      return failed;
  }
  return std::nullopt;
}

Looked look(const std::string& path) {
  StoreOptions options;
  options.url = "sqlite:" + path;
  options.plugin_dir = default_plugin_dir();
  options.read_only = true;
  std::unique_ptr<Store> store;
  Looked looked;
  const auto note = [&](const std::string& place) {
    looked.found = true;
    looked.place = place;
    return looked;
  };
  if (StoreStatus failed = open_store(options, store)) return note(failed->detail);
  VerifyOptions at_rest;
  at_rest.at_rest = true;
  at_rest.threads = 1;
  const auto report = verify_store(*store, at_rest);
  if (!report.ok()) return note(report.error().detail);
  if (!report->holds()) return note(report->damages.empty() ? "" : report->damages[0].where);
  if (StoreStatus failed = read_all(*store, looked.contents)) looked.contents = failed->detail;
  return looked;
}

// A column of a table as SQLite has it, and what finds a row of it.
struct Column {
  const char* table;
  const char* keys;
  const char* column;
};
constexpr Column kColumns[] = {
    {"journal_0", "first_sequence", "block"},
    {"journal_1", "first_sequence", "block"},
    {"journal_2", "first_sequence", "block"},
    {"journal_3", "first_sequence", "block"},
    {"journal_4", "first_sequence", "block"},
    {"journal_1", "first_sequence", "first_sequence"},
    {"journal_2", "first_sequence", "entries"},
    {"shards", "shard", "last_sequence"},
    {"meta", "key", "value"},
    {"books", "key", "value"},
    {"marks", "key", "value"},
    {"customers", "key", "value"},
    {"customers", "key", "key"},
    {"charges", "key", "value"},
    {"closed_usage", "key", "value"},
    {"due", "key", "key"},
    {"polar_customers", "key", "value"},
    {"known_customers", "key", "value"},
    {"unlinked_emails", "key", "key"},
    {"remembered_emails", "key", "key"},
    {"parked", "key", "value"},
    {"users", "customer_id", "tier"},
    {"users", "customer_id", "billing_day"},
    {"users", "customer_id", "status"},
    {"billing_events", "customer_id, created_at, id", "id"},
    {"billing_events", "customer_id, created_at, id", "event_type"},
    {"billing_events", "customer_id, created_at, id", "metadata"},
    {"usage_daily", "customer_id, day, operation", "tokens"},
    {"usage_daily", "customer_id, day, operation", "requests"},
    {"usage_daily", "customer_id, day, operation", "cost_usd"},
    {"usage_daily", "customer_id, day, operation", "day"},
};

class Database {
 public:
  explicit Database(const std::string& path) {
    REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK);
  }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Flips a bit of one value; says which.
  std::string flip(const Column& column, std::mt19937_64& random) {
    const std::string table = column.table, name = column.column;
    sqlite3_stmt* count = prepare("SELECT count(*) FROM " + table);
    REQUIRE(sqlite3_step(count) == SQLITE_ROW);
    const auto rows = static_cast<std::uint64_t>(sqlite3_column_int64(count, 0));
    sqlite3_finalize(count);
    REQUIRE(rows > 0);
    const std::string row = std::to_string(random() % rows);
    sqlite3_stmt* get = prepare("SELECT " + name + " FROM " + table + " ORDER BY " + column.keys +
                                " LIMIT 1 OFFSET " + row);
    REQUIRE(sqlite3_step(get) == SQLITE_ROW);
    const int type = sqlite3_column_type(get, 0);
    const std::string keys = column.keys;
    sqlite3_stmt* put =
        prepare("UPDATE " + table + " SET " + name + " = ? WHERE (" + keys + ") = (SELECT " + keys +
                " FROM " + table + " ORDER BY " + keys + " LIMIT 1 OFFSET " + row + ")");
    std::string where = table + "." + name + ", row " + row;
    if (type == SQLITE_INTEGER) {
      sqlite3_bind_int64(put, 1, sqlite3_column_int64(get, 0) ^ (1 << (random() % 8)));
    } else {
      std::string value(static_cast<const char*>(sqlite3_column_blob(get, 0)),
                        static_cast<std::size_t>(sqlite3_column_bytes(get, 0)));
      const std::size_t at = random() % value.size();
      value[at] = static_cast<char>(value[at] ^ (1 << (random() % 8)));
      where += ", byte " + std::to_string(at);
      const auto bind = type == SQLITE_TEXT ? bind_text : bind_blob;
      bind(put, value);
    }
    sqlite3_finalize(get);
    const int done = sqlite3_step(put);
    sqlite3_finalize(put);
    // Into the key of another row: no disk would do that.
    if (done == SQLITE_CONSTRAINT) return flip(column, random);
    REQUIRE(done == SQLITE_DONE);
    REQUIRE(sqlite3_changes(db_) == 1);
    return where;
  }

 private:
  static void bind_text(sqlite3_stmt* to, const std::string& value) {
    sqlite3_bind_text(to, 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  }
  static void bind_blob(sqlite3_stmt* to, const std::string& value) {
    sqlite3_bind_blob(to, 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    INFO(sql);
    REQUIRE(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    return statement;
  }
  sqlite3* db_ = nullptr;
};

// The files of a store at rest, to be copied and damaged.
class AtRest {
 public:
  AtRest() : store_("sqlite", 4) {
    support::fill(store_, {.seed = 7, .events = 600, .customers = 25});
    REQUIRE(!fs::exists(store_.path() + "-wal"));
    healthy_ = look(store_.path());
    INFO(healthy_.place);
    REQUIRE_FALSE(healthy_.found);
    files_ = {support::read_file(store_.path()), support::read_file(store_.path() + "-keys")};
  }
  const Looked& healthy() const { return healthy_; }
  // The main file, the key log.
  std::vector<std::string> files() const { return files_; }
  std::string write(const std::vector<std::string>& files) {
    for (const char* left : {"-wal", "-shm", "-keys-wal", "-keys-shm", "-keys-journal"})
      fs::remove(folder_.file(std::string("flipped.db") + left));
    folder_.write("flipped.db-keys", files[1]);
    return folder_.write("flipped.db", files[0]);
  }

 private:
  TestStore store_;
  Looked healthy_;
  std::vector<std::string> files_;
  support::TemporaryFolder folder_;
};

constexpr std::uint64_t kSeed = 20'261'122;

}  // namespace

TEST_CASE("verify: a flipped bit in journal, snapshots or rows is found") {
  AtRest store;
  std::mt19937_64 random(kSeed);
  const std::size_t rounds = support::long_tests() ? 33 : 3;
  for (std::size_t round = 0; round < rounds; ++round)
    for (const Column& column : kColumns) {
      const std::string path = store.write(store.files());
      const std::string where = Database(path).flip(column, random);
      const Looked looked = look(path);
      INFO("round " << round << ": " << where);
      CHECK(looked.found);
      CHECK(!looked.place.empty());
    }
}

TEST_CASE("verify: a flipped bit anywhere in the files is found, or means nothing") {
  AtRest store;
  std::mt19937_64 random(kSeed);
  const int flips = support::long_tests() ? 1'000 : 100;
  int found = 0;
  for (int i = 0; i < flips; ++i) {
    std::vector<std::string> files = store.files();
    std::string& flipped = files[i % 10 == 9 ? 1 : 0];
    const std::size_t at = random() % flipped.size();
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (random() % 8)));
    const Looked looked = look(store.write(files));
    INFO("flip " << i << ", byte " << at << " of " << flipped.size() << " of file "
                 << (i % 10 == 9 ? "PATH-keys" : "PATH"));
    if (looked.found) {
      CHECK(!looked.place.empty());
      ++found;
    } else {
      CHECK((looked.contents == store.healthy().contents));
    }
  }
  WARN(flips << " flipped bits: " << found << " found, " << flips - found << " mean nothing");
  CHECK(found > flips / 4);
}

}  // namespace reckoner::storage
