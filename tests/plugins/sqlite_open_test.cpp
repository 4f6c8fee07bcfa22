// Opening a store of SQLite: what can be wrong with the place or the file, each said in a line.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plugins/sqlite/place.hpp"
#include "plugins/sqlite/schema.hpp"
#include "tests/plugins/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner {
namespace {

namespace fs = std::filesystem;
using support::sql;
using support::SqliteBatch;
using support::SqliteReaderHandle;
using support::SqliteStore;
using support::TemporaryFolder;

// Each refusal names the path, and is one line with something to do behind a semicolon.
void check_refused(const std::string& path, std::uint32_t flags, const std::string& code) {
  const SqliteStore store(path, flags);
  INFO(path << ": " << store.code() << ": " << store.detail());
  CHECK(store.opened == RECKONER_FATAL);
  CHECK(store.code() == code);
  CHECK(store.detail().find(path) != std::string::npos);
  CHECK(store.detail().find(';') != std::string::npos);
  CHECK(store.detail().find('\n') == std::string::npos);
}

// Runs `test` as a user without rights, in a process of its own: root may write everywhere.
template <class Test>
bool passes_without_rights(Test test) {
  const pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
    _exit(test() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string refusal_of(const std::string& path, std::uint32_t flags) {
  const SqliteStore store(path, flags);
  return store.opened == RECKONER_OK ? "" : store.code() + ' ' + store.detail();
}

void make_old_store(const std::string& path, std::uint32_t version) {
  using namespace storage::sqlite;
  Connection db(path, Access::create);
  db.run("PRAGMA journal_mode=WAL; BEGIN IMMEDIATE");
  db.run("PRAGMA application_id=" + std::to_string(kApplicationId));
  for (std::uint32_t step = 0; step < version; ++step) run_schema_step(db, step, 3);
  db.run("COMMIT");
}

}  // namespace

TEST_CASE("sqlite: a store is made where it is wanted, and found again") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  check_refused(path, 0, "not_found");
  check_refused(path, RECKONER_OPEN_READ_ONLY, "not_found");
  CHECK(folder.names().empty());
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    REQUIRE(store.opened == RECKONER_OK);
    const reckoner_store_info info = store.info();
    CHECK(info.schema_version == 3);
    CHECK(info.schema_newest == 3);
    CHECK(info.shards == 3);
    CHECK(info.lanes == 1);
    CHECK(info.engine == std::string("SQLite ") + sqlite3_libversion());
    CHECK(info.place == fs::canonical(path).string());
    CHECK(info.bytes_used >= 4096);
    CHECK(info.bytes_free > 0);
  }
  SqliteStore again(path, RECKONER_OPEN_CREATE, 16);
  REQUIRE(again.opened == RECKONER_OK);
  CHECK(again.info().shards == 3);
  CHECK(again.check().empty());
  CHECK(sql(path,
            "PRAGMA page_size; PRAGMA journal_mode; PRAGMA application_id; "
            "PRAGMA user_version") ==
        std::vector<std::string>{"4096", "wal", std::to_string(0x524B4E52), "3"});
}

TEST_CASE("sqlite: a place where no store can be is refused") {
  const TemporaryFolder folder;
  check_refused(folder.file("none/store.db"), RECKONER_OPEN_CREATE, "no_folder");
  fs::create_directory(folder.file("folder"));
  check_refused(folder.file("folder"), RECKONER_OPEN_CREATE, "is_a_folder");
  REQUIRE(mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  check_refused(folder.file("pipe"), RECKONER_OPEN_CREATE, "not_a_store");
  check_refused(folder.write("text", std::string(9'000, 'x')), RECKONER_OPEN_CREATE, "not_a_store");
  check_refused(folder.write("empty", ""), 0, "not_a_store");
  check_refused(folder.file("empty"), RECKONER_OPEN_READ_ONLY, "not_a_store");
  sql(folder.file("foreign.db"), "CREATE TABLE t(a)");
  check_refused(folder.file("foreign.db"), RECKONER_OPEN_CREATE, "not_a_store");
  CHECK(sql(folder.file("foreign.db"), "PRAGMA journal_mode") ==
        std::vector<std::string>{"delete"});
  const SqliteStore none(folder.file("none.db"), RECKONER_OPEN_CREATE, 0);
  CHECK(none.code() == "bad_shards");
}

TEST_CASE("sqlite: all names of a store lead to one lock, also when it is made through a link") {
  const TemporaryFolder folder;
  fs::create_directory(folder.file("data"));
  fs::create_symlink("data/second.db", folder.file("first.db"));
  fs::create_symlink("../data/store.db", folder.file("data/second.db"));
  SqliteStore first(folder.file("first.db"), RECKONER_OPEN_CREATE);
  REQUIRE(first.opened == RECKONER_OK);
  REQUIRE(first.lock("first") == RECKONER_OK);
  CHECK(first.info().place == fs::canonical(folder.file("data/store.db")).string());
  for (const std::string name : {"first.db", "data/second.db", "data/store.db"}) {
    SqliteStore store(folder.file(name), 0);
    REQUIRE(store.opened == RECKONER_OK);
    CHECK(store.lock("second") == RECKONER_HELD);
  }
  for (const std::string& name : folder.names()) CHECK((name == "data" || name == "first.db"));
}

TEST_CASE("sqlite: links that lead nowhere, or round in a ring, are refused") {
  const TemporaryFolder folder;
  fs::create_symlink("none/store.db", folder.file("nowhere.db"));
  CHECK(refusal_of(folder.file("nowhere.db"), RECKONER_OPEN_CREATE).starts_with("no_folder"));
  fs::create_symlink("two.db", folder.file("one.db"));
  fs::create_symlink("one.db", folder.file("two.db"));
  const SqliteStore ring(folder.file("one.db"), RECKONER_OPEN_CREATE);
  CHECK(ring.opened == RECKONER_FATAL);
  CHECK(ring.code() == "cannot_open");
}

TEST_CASE("sqlite: a file with a second name is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db"), other = folder.file("other.db");
  REQUIRE(SqliteStore(path, RECKONER_OPEN_CREATE).opened == RECKONER_OK);
  fs::create_hard_link(path, other);
  for (const std::uint32_t flags : {0, 1, 2, 4})
    for (const std::string& name : {path, other}) check_refused(name, flags, "hard_linked");
  fs::remove(other);
  CHECK(SqliteStore(path, 0).opened == RECKONER_OK);
}

TEST_CASE("sqlite: making a store that was left empty half-way is done over") {
  const TemporaryFolder folder;
  const std::string path = folder.write("store.db", "");
  CHECK(SqliteStore(path, RECKONER_OPEN_CREATE).opened == RECKONER_OK);
  sql(folder.file("second.db"), "PRAGMA journal_mode=WAL");
  CHECK(SqliteStore(folder.file("second.db"), RECKONER_OPEN_CREATE).opened == RECKONER_OK);
}

TEST_CASE("sqlite: other URLs are refused") {
  for (const std::string url : {"sqlite:", "sqlite", "postgres://x", ""}) {
    const reckoner_open_options options{sizeof options, RECKONER_OPEN_CREATE, 3, 0,
                                        support::to_bytes(url)};
    reckoner_store* store = nullptr;
    reckoner_error error{};
    CHECK(support::sqlite_plugin().open(&options, &store, &error) == RECKONER_FATAL);
    CHECK(std::string(error.code) == "bad_url");
  }
}

TEST_CASE("sqlite: network file systems are known by their number") {
  using storage::sqlite::network_file_system;
  CHECK(network_file_system(0x6969) == "NFS");
  CHECK(network_file_system(0xFF534D42) == "CIFS");
  CHECK(network_file_system(0xFE534D42) == "SMB2");
  CHECK(network_file_system(0x517B) == "SMB");
  CHECK(network_file_system(0x5346414F) == "AFS");
  CHECK(network_file_system(0x00C36400) == "Ceph");
  CHECK(network_file_system(0x01021997) == "9P");
  CHECK(network_file_system(0x65735546) == "FUSE");
  for (const std::uint64_t local : {0xEF53, 0x58465342, 0x01021994, 0x794C7630})
    CHECK(network_file_system(local).empty());  // ext4, XFS, tmpfs, overlayfs
  const std::uint64_t btrfs = 0x9123683E, zfs = 0x2FC12FC1;
  CHECK(network_file_system(btrfs).empty());
  CHECK(network_file_system(zfs).empty());
}

TEST_CASE("sqlite: a file or folder that may not be written is refused") {
  const TemporaryFolder folder;
  fs::permissions(fs::path(folder.file("x")).parent_path(), fs::perms(0755));
  fs::create_directory(folder.file("home"));
  const std::string path = folder.file("home/store.db");
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    store.begin();
    REQUIRE(store.commit(SqliteBatch().claim(0, 1, 0).append(0, 1, 2, "block")) == RECKONER_OK);
  }
  fs::permissions(path, fs::perms(0444));
  const auto refused = [&](const std::string& what) {
    return passes_without_rights([&] {
      const std::string refusal = refusal_of(path, 0);
      return refusal.starts_with("read_only") && refusal.find(what) != std::string::npos;
    });
  };
  fs::permissions(folder.file("home"), fs::perms(0777));
  CHECK(refused(path));
  fs::permissions(path, fs::perms(0666));
  fs::permissions(folder.file("home"), fs::perms(0555));
  CHECK(refused("the folder " + folder.file("home")));
  // A stopped store can be read there all the same.
  CHECK(passes_without_rights([&] {
    SqliteStore store(path, RECKONER_OPEN_READ_ONLY);
    return store.opened == RECKONER_OK &&
           SqliteReaderHandle(store.handle()).journal(0, 2).size() == 1 && store.check().empty();
  }));
  CHECK(std::distance(fs::directory_iterator(folder.file("home")), {}) == 2);
  fs::permissions(folder.file("home"), fs::perms(0777));
}

TEST_CASE("sqlite: older schemas are migrated, newer ones refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  make_old_store(path, 1);
  check_refused(path, 0, "schema_older");
  const std::string refusal = refusal_of(path, RECKONER_OPEN_CREATE);
  CHECK(refusal.find("has schema version 1") != std::string::npos);
  CHECK(refusal.find("knows version 3") != std::string::npos);
  CHECK(refusal.find("reckoner storage migrate") != std::string::npos);
  {
    SqliteStore store(path, RECKONER_OPEN_MIGRATING);
    REQUIRE(store.opened == RECKONER_OK);
    CHECK(store.info().schema_version == 1);
    CHECK(store.migrate() == RECKONER_FATAL);
    CHECK(store.code() == "not_locked");
    store.begin();
    REQUIRE(store.commit(SqliteBatch().claim(2, 1, 0).append(2, 1, 7, "old")) == RECKONER_OK);
    {
      SqliteStore next(path, RECKONER_OPEN_MIGRATING);
      REQUIRE(next.lock("the next", true) == RECKONER_OK);
      CHECK(store.migrate() == RECKONER_FENCED);
      CHECK(store.detail().find("the next") != std::string::npos);
      CHECK(next.info().schema_version == 1);
    }
    REQUIRE(store.lock() == RECKONER_OK);
    const auto stop = [](void*, std::uint64_t, std::uint64_t, const char*) { return 1; };
    reckoner_error error{};
    CHECK(support::sqlite_plugin().migrate(store.handle(), stop, nullptr, &error) == RECKONER_OK);
    CHECK(store.info().schema_version == 1);
    CHECK(store.migrate() == RECKONER_OK);
    CHECK(store.info().schema_version == 3);
    CHECK(store.migrate() == RECKONER_OK);
  }
  CHECK(SqliteStore(path, 0).opened == RECKONER_OK);
  CHECK(sql(path, "SELECT * FROM journal") == std::vector<std::string>{"2|1|7|3"});
  sql(path, "PRAGMA user_version=4");
  check_refused(path, RECKONER_OPEN_MIGRATING, "schema_newer");
  CHECK(refusal_of(path, 0).find("version 4") != std::string::npos);
}

TEST_CASE("sqlite: each older schema becomes the newest, with all that is in it") {
  for (std::uint32_t version = 1; version < storage::sqlite::kNewestSchema; ++version) {
    const TemporaryFolder folder;
    const std::string path = folder.file("store.db"), fresh = folder.file("fresh.db");
    make_old_store(path, version);
    {
      SqliteStore store(path, RECKONER_OPEN_MIGRATING);
      store.begin();
      REQUIRE(store.commit(SqliteBatch()
                               .claim(0, 1, 0)
                               .append(0, 1, 1, "block")
                               .put(RECKONER_CHARGES, "charge", "row")) == RECKONER_OK);
      REQUIRE(store.migrate() == RECKONER_OK);
      CHECK(store.info().schema_version == storage::sqlite::kNewestSchema);
    }
    SqliteStore store(path, 0), made(fresh, RECKONER_OPEN_CREATE);
    REQUIRE(store.opened == RECKONER_OK);
    SqliteReaderHandle reader(store.handle());
    CHECK(reader.get(RECKONER_CHARGES, "charge") == "row");
    CHECK(reader.journal(0, 1) == std::vector<std::string>{"1+1:block"});
    for (const std::uint32_t table :
         {RECKONER_OPEN_CHARGES, RECKONER_CHARGES_BY_TIME, RECKONER_API_KEYS}) {
      CHECK(reader.scan(table).empty());
      CHECK(reader.status == RECKONER_OK);
    }
    const std::string schema = "SELECT name, sql FROM sqlite_schema ORDER BY name";
    CHECK(sql(path, schema) == sql(fresh, schema));
  }
}

}  // namespace reckoner
