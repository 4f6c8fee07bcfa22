// Commits of the SQLite plugin: claims, rollback, rows as they were put, values not trusted.
#include <dlfcn.h>

#include "tests/plugins/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner {
namespace {

using support::Rows;
using support::sql;
using support::SqliteBatch;
using support::SqliteReaderHandle;
using support::SqliteStore;
using support::TemporaryFolder;
using Lines = std::vector<std::string>;

std::string user_row(std::string_view name) {
  return storage::sdk::RowWriter()
      .text("a@b.c")
      .text(name)
      .null()
      .text("pro")
      .null()
      .integer(31)
      .text("")
      .take();
}

std::string every_byte() {
  std::string out;
  for (int i = 0; i < 256; ++i) out += static_cast<char>(i);
  return out;
}

}  // namespace

TEST_CASE("sqlite: the module exports the plugin's function, and nothing else") {
  void* module = dlopen(RECKONER_SQLITE_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  REQUIRE(module != nullptr);
  const auto function = reinterpret_cast<reckoner_storage_plugin_function>(
      dlsym(module, "reckoner_storage_plugin_v1"));
  REQUIRE(function != nullptr);
  reckoner_storage_plugin plugin{};
  reckoner_error error{};
  CHECK(function(RECKONER_STORAGE_CONTRACT_VERSION, &plugin, &error) == RECKONER_OK);
  CHECK(plugin.name == std::string("sqlite"));
  CHECK(function(RECKONER_STORAGE_CONTRACT_VERSION + 1, &plugin, &error) == RECKONER_FATAL);
  dlclose(module);
}

TEST_CASE("sqlite: a commit is fenced, or of a wrong sequence, and leaves nothing behind") {
  const TemporaryFolder folder;
  SqliteStore store(folder.file("store.db"), RECKONER_OPEN_CREATE);
  CHECK(store.commit(SqliteBatch().claim(0, 0, 0)) == RECKONER_FATAL);
  CHECK(store.code() == "not_locked");
  store.begin();
  CHECK(store.commit(SqliteBatch().claim(0, 1, 0).append(0, 1, 3, "one").append(0, 4, 1, "two")) ==
        RECKONER_OK);
  CHECK(store.state(0).last_sequence == 4);
  const auto put = [](std::uint64_t epoch, std::uint64_t last) {
    return SqliteBatch().claim(1, 1, 0).put(RECKONER_META, "k", "v").claim(0, epoch, last);
  };
  CHECK(store.commit(put(0, 4)) == RECKONER_FENCED);
  CHECK(store.commit(put(2, 4)) == RECKONER_FENCED);
  CHECK(store.commit(put(1, 3)) == RECKONER_WRONG_SEQUENCE);
  CHECK(store.commit(put(1, 4).append(0, 6, 1, "gap")) == RECKONER_WRONG_SEQUENCE);
  CHECK(store.commit(put(1, 4).append(0, 5, 2, "x").append(0, 6, 1, "y")) ==
        RECKONER_WRONG_SEQUENCE);
  for (const SqliteBatch& bad :
       {put(1, 4).append(2, 1, 1, "not claimed"), put(1, 4).append(0, 5, 0, "no entries"),
        put(1, 4).claim(3, 1, 0), put(1, 4).put(RECKONER_KEY_LOG, "k", "v"),
        put(1, 4).put(16, "k", "v"), put(1, 4).put(RECKONER_USERS, "c", "no row"),
        put(1, 4).put(RECKONER_USERS, std::string_view("c\0d", 3), user_row("n")),
        put(1, 4).put(RECKONER_USAGE_DAILY, "c", ""), SqliteBatch().put(RECKONER_META, "k", "v")}) {
    CHECK(store.commit(bad) == RECKONER_FATAL);
    CHECK(store.code() == "bad_batch");
  }
  SqliteReaderHandle reader(store.handle());
  CHECK(reader.get(RECKONER_META, "k") == "(none)");
  CHECK(store.commit(put(1, 4).append(0, 5, 2, "five")) == RECKONER_OK);
  CHECK(store.state(0).last_sequence == 6);
  CHECK(reader.journal(0, 0) == Lines{"1+3:one", "4+1:two"});
  REQUIRE(reader.refresh() == RECKONER_OK);
  CHECK(reader.journal(0, 4) == Lines{"4+1:two", "5+2:five"});
  CHECK(reader.journal(0, 6) == Lines{"5+2:five"});
  CHECK(reader.journal(0, 7).empty());
  CHECK(reader.journal(0, UINT64_MAX).empty());
  CHECK(reader.journal(1, 0).empty());
  CHECK(reader.get(RECKONER_META, "k") == "v");
}

TEST_CASE("sqlite: operations take effect in their order; keys and values are any bytes") {
  const TemporaryFolder folder;
  SqliteStore store(folder.file("store.db"), RECKONER_OPEN_CREATE);
  store.begin();
  const std::string all = every_byte(), large(100'000, 'x');
  for (std::uint32_t table = RECKONER_META; table <= RECKONER_API_KEYS; ++table) {
    SqliteBatch batch;
    batch.claim(0, 1, 0).put(table, "b", "old").put(table, "b", "new").put(table, "", "");
    batch.put(table, all, large).put(table, "c", "gone").erase(table, "c").erase(table, "never");
    batch.put(table, std::string_view("b\0", 2), all);
    REQUIRE(store.commit(batch) == RECKONER_OK);
    SqliteReaderHandle reader(store.handle());
    const Rows rows{{"", ""}, {all, large}, {"b", "new"}, {std::string("b\0", 2), all}};
    CHECK(reader.scan(table) == rows);
    CHECK(reader.scan(table, std::string_view("b\0", 2)) == Rows(rows.begin() + 3, rows.end()));
    CHECK(reader.get(table, "").empty());
    CHECK(reader.get(table, all) == large);
  }
}

TEST_CASE("sqlite: typed rows are columns to people, and the same bytes to the host") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore store(path, RECKONER_OPEN_CREATE);
  store.begin();
  const std::string event_key =
      std::string("c") + '\0' + "2026-03-01T00:00:00.000001Z" + '\0' + "i";
  const std::string event = storage::sdk::RowWriter()
                                .null()
                                .text("usage_charge")
                                .decimal("-12345678901234567890123456789012345.10")
                                .text("USD")
                                .text("pending")
                                .text(std::string_view("nul\0 \xFF\xFE", 7))
                                .json(R"({"a": 1.10})")
                                .take();
  const std::string day_key = std::string("c") + '\0' + "2026-03-01" + '\0' + "chat";
  const std::string day =
      storage::sdk::RowWriter().integer(INT64_MIN).null().decimal("0.000000000001").take();
  REQUIRE(store.commit(SqliteBatch()
                           .claim(0, 1, 0)
                           .put(RECKONER_USERS, "c", user_row("old"))
                           .put(RECKONER_USERS, "c", user_row("Ä"))
                           .put(RECKONER_USERS, "b", user_row(""))
                           .put(RECKONER_BILLING_EVENTS, event_key, event)
                           .put(RECKONER_USAGE_DAILY, day_key, day)) == RECKONER_OK);
  SqliteReaderHandle reader(store.handle());
  CHECK(reader.scan(RECKONER_USERS) == Rows{{"b", user_row("")}, {"c", user_row("Ä")}});
  CHECK(reader.scan(RECKONER_USERS, "bb") == Rows{{"c", user_row("Ä")}});
  CHECK(reader.get(RECKONER_BILLING_EVENTS, event_key) == event);
  CHECK(reader.scan(RECKONER_USAGE_DAILY, "c") == Rows{{day_key, day}});
  CHECK(reader.scan(RECKONER_USAGE_DAILY, std::string("c\0002026-03-01\0cha", 16)).size() == 1);
  CHECK(reader.scan(RECKONER_USAGE_DAILY, std::string("c\0002026-03-02", 12)).empty());
  CHECK(sql(path, "SELECT * FROM users ORDER BY customer_id DESC LIMIT 1") ==
        Lines{"c|a@b.c|Ä|NULL|pro|NULL|31|"});
  CHECK(sql(path, "SELECT amount_usd, typeof(amount_usd), metadata FROM billing_events") ==
        Lines{R"(-12345678901234567890123456789012345.10|text|{"a": 1.10})"});
  CHECK(sql(path, "SELECT tokens, requests, cost_usd FROM usage_daily") ==
        Lines{"-9223372036854775808|NULL|0.000000000001"});
}

TEST_CASE("sqlite: the tables for people have the contract's columns") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore(path, RECKONER_OPEN_CREATE);
  for (const reckoner_typed_table& table : reckoner_typed_tables) {
    Lines expected;
    for (std::uint32_t i = 0; i < table.columns; ++i)
      expected.push_back(std::string(table.column[i].name) +
                         (table.column[i].type == RECKONER_CELL_INTEGER ? "|INTEGER|" : "|TEXT|") +
                         std::to_string(i < table.keys ? i + 1 : 0));
    CHECK(sql(path, std::string("SELECT name, type, pk FROM pragma_table_info('") + table.name +
                        "')") == expected);
  }
}

TEST_CASE("sqlite: what is found in a file is not trusted") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore(path, RECKONER_OPEN_CREATE);
  sql(path,
      "DROP TABLE meta; CREATE TABLE meta(key PRIMARY KEY, value); "
      "INSERT INTO meta VALUES(x'6162', NULL); "
      "DROP TABLE users; CREATE TABLE users(customer_id PRIMARY KEY, email, name, company, "
      "tier, polar_customer_id, billing_day, status); "
      "INSERT INTO users(customer_id, billing_day) VALUES('c', 'monday'); "
      "DROP VIEW journal; DROP TABLE journal_0; "
      "CREATE TABLE journal_0(first_sequence INTEGER PRIMARY KEY, entries, block); "
      "INSERT INTO journal_0 VALUES(1, 'x', x'00')");
  SqliteStore store(path, 0);
  REQUIRE(store.opened == RECKONER_OK);
  SqliteReaderHandle reader(store.handle());
  const auto check_damaged = [&](const std::string& table, const std::string& key) {
    CHECK(reader.status == RECKONER_FATAL);
    CHECK(reader.code() == "damaged");
    INFO(reader.detail());
    CHECK(reader.detail().find("table " + table + ", key " + key) != std::string::npos);
  };
  reader.get(RECKONER_META, "ab");
  check_damaged("meta", "ab");
  reader.scan(RECKONER_USERS);
  check_damaged("users", "c");
  reader.journal(0, 1);
  check_damaged("journal_0", "1");
  sql(path, "DELETE FROM shards WHERE shard = 1");
  CHECK(SqliteStore(path, 0).code() == "damaged");
}

TEST_CASE("sqlite: the check finds a damaged page, and a journal shorter than it should be") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    store.begin();
    const std::string block(50'000, 'b');
    REQUIRE(store.commit(SqliteBatch().claim(0, 1, 0).append(0, 1, 9, block)) == RECKONER_OK);
  }
  sql(path, "UPDATE shards SET last_sequence = 10 WHERE shard = 0");
  {
    SqliteStore store(path, RECKONER_OPEN_READ_ONLY);
    CHECK(store.check() == Lines{"journal_0: the journal ends at sequence 9, but the table shards "
                                 "says 10"});
  }
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  sqlite3_close(db);
  std::FILE* file = std::fopen(path.c_str(), "r+b");
  std::fseek(file, -4096, SEEK_END);  // a page of the block's overflow chain
  std::fputs("\x7F\x7F\x7F\x7F", file);
  std::fclose(file);
  SqliteStore store(path, RECKONER_OPEN_READ_ONLY);
  REQUIRE(store.opened == RECKONER_OK);
  CHECK(store.check().size() >= 2);
}

}  // namespace reckoner
