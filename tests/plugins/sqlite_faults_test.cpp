// What becomes of commits when files of SQLite cannot be written: each fault either is rolled back
// for sure, or nothing is acknowledged any more.
#include <sys/mount.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/wal_watch.hpp"
#include "tests/plugins/faulty_vfs.hpp"
#include "tests/plugins/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner {
namespace {

namespace fs = std::filesystem;
using support::FaultyVfs;
using support::FileCall;
using support::FileFault;
using support::SqliteBatch;
using support::SqliteReaderHandle;
using support::SqliteStore;
using support::TemporaryFolder;

constexpr std::uint64_t kFrame = 4'096 + 24;

// Appends a block of `size` bytes to shard 0.
reckoner_status append(SqliteStore& store, std::uint64_t& last, const std::string& block) {
  const reckoner_status status =
      store.commit(SqliteBatch().claim(0, 1, last).append(0, last + 1, 1, block));
  if (status == RECKONER_OK) ++last;
  return status;
}

// Until the log has been copied and has started over.
template <class Done>
bool comes_about(Done done) {
  for (int i = 0; i < 1'200; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    fs::create_directory(path);
    mounted = mount("tmpfs", path.c_str(), "tmpfs", 0, "size=32m") == 0;
  }
  ~SmallDisk() {
    if (mounted) umount(path_.c_str());
  }
  bool mounted;

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("sqlite: a commit that finds no room is rolled back, and works once there is some") {
  FaultyVfs vfs;
  const TemporaryFolder folder;
  SqliteStore store(folder.file("store.db"), RECKONER_OPEN_CREATE);
  store.begin();
  const std::string block(30'000, 'b');
  std::uint64_t last = 0;
  int tried = 0;
  for (bool failed = true; failed; ++tried) {
    vfs.order({FileCall::write, "-wal", SQLITE_FULL, tried});
    const reckoner_status status = append(store, last, block);
    failed = vfs.seen() > 0;
    CHECK(status == (failed ? RECKONER_FULL : RECKONER_OK));
    if (failed) CHECK(store.code() == "disk_full");
    CHECK(store.state(0).last_sequence == last);
    vfs.clear();
    REQUIRE(append(store, last, block) == RECKONER_OK);
  }
  CHECK(tried > 8);  // each page of the block was the first that had no room
  SqliteReaderHandle reader(store.handle());
  CHECK(reader.journal(0, 0).size() == last);
  CHECK(store.check().empty());
}

TEST_CASE("sqlite: after a failed sync or write nothing is acknowledged until it is opened anew") {
  FaultyVfs vfs;
  for (const FileFault& fault : {FileFault{FileCall::sync, "-wal", SQLITE_IOERR_FSYNC},
                                 FileFault{FileCall::write, "-wal", SQLITE_IOERR_WRITE, 3}}) {
    const TemporaryFolder folder;
    std::uint64_t last = 0;
    {
      SqliteStore store(folder.file("store.db"), RECKONER_OPEN_CREATE);
      store.begin();
      REQUIRE(append(store, last, "one") == RECKONER_OK);
      vfs.order(fault);
      CHECK(append(store, last, std::string(30'000, 'b')) == RECKONER_FATAL);
      CHECK(store.code() == "io_failed");
      vfs.clear();
      CHECK(append(store, last, "two") == RECKONER_FATAL);
      CHECK(store.code() == "io_failed");
      std::vector<reckoner_shard_state> states;
      CHECK(store.take_epochs(states) == RECKONER_FATAL);
    }
    SqliteStore store(folder.file("store.db"), 0);
    REQUIRE(store.lock() == RECKONER_OK);
    last = store.state(0).last_sequence;
    CHECK(append(store, last, "three") == RECKONER_OK);
    CHECK(store.check().empty());
  }
}

TEST_CASE("sqlite: taking over with a sync that fails ends it, too") {
  FaultyVfs vfs;
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore first(path, RECKONER_OPEN_CREATE);
  first.begin();
  SqliteStore second(path, 0);
  vfs.order({FileCall::sync, "-wal", SQLITE_IOERR_FSYNC});
  CHECK(second.lock("the second", true) == RECKONER_FATAL);
  vfs.clear();
  CHECK(second.lock("the second", true) == RECKONER_FATAL);
  CHECK(second.code() == "io_failed");
  SqliteStore third(path, 0);
  CHECK(third.lock("the third", true) == RECKONER_OK);
}

TEST_CASE("sqlite: the log's index has all its room from the start, or opening finds none") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    REQUIRE(store.opened == RECKONER_OK);
    CHECK(fs::file_size(path + "-shm") >= storage::sqlite::kLogIndexBytes);
    struct stat found {};
    REQUIRE(stat((path + "-shm").c_str(), &found) == 0);
    CHECK(found.st_blocks * 512 >= storage::sqlite::kLogIndexBytes);
  }
  FaultyVfs vfs;
  for (int after = 0; after < 2; ++after) {
    vfs.order({FileCall::share, "store.db", SQLITE_IOERR_SHMSIZE, after});
    const SqliteStore store(path, 0);
    CHECK(vfs.seen() > 0);
    CHECK(store.opened == RECKONER_FULL);
    CHECK(store.code() == "disk_full");
    CHECK(store.detail().find("make room") != std::string::npos);
    vfs.clear();
  }
  SqliteStore store(path, 0);
  CHECK(store.opened == RECKONER_OK);
}

// Its frames are in the log, and synced, before the index is to grow for them.
TEST_CASE("sqlite: a commit without room in the log's index is not called rolled back") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db"), crashed = folder.file("crashed.db");
  const std::string block(200'000, 'b');
  std::uint64_t last = 0;
  {
    FaultyVfs vfs;
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    store.begin();
    vfs.order({FileCall::share, "store.db", SQLITE_IOERR_SHMSIZE});
    reckoner_status status = RECKONER_OK;
    while (status == RECKONER_OK) status = append(store, last, block);
    CHECK(vfs.seen() == 1);
    CHECK(last > 50);
    CHECK(status == RECKONER_FATAL);
    CHECK(store.code() == "io_failed");
    vfs.clear();
    // Nothing may be written over it any more, for it may have happened.
    CHECK(append(store, last, block) == RECKONER_FATAL);
    CHECK(store.code() == "io_failed");
    fs::copy_file(path, crashed);
    fs::copy_file(path + "-wal", crashed + "-wal");
  }
  for (const std::string& file : {path, crashed}) {
    SqliteStore after(file, 0);
    REQUIRE(after.lock() == RECKONER_OK);
    std::uint64_t found = after.state(0).last_sequence;
    CHECK(found == last + 1);
    CHECK(append(after, found, block) == RECKONER_OK);
    CHECK(SqliteReaderHandle(after.handle()).journal(0, 0).size() == found);
    CHECK(after.check().empty());
  }
}

TEST_CASE("sqlite: a checkpoint that finds no room is done again; one that cannot sync ends it") {
  FaultyVfs vfs;
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  const std::string block(1'000'000, 'b');
  std::uint64_t last = 0;
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    store.begin();
    vfs.order({FileCall::write, "store.db", SQLITE_FULL});
    for (int i = 0; i < 50; ++i) REQUIRE(append(store, last, block) == RECKONER_OK);
    CHECK(comes_about([&] { return vfs.seen() > 0; }));
    vfs.clear();
    const std::uint64_t before = fs::file_size(path);
    CHECK(comes_about([&] {
      REQUIRE(append(store, last, block) == RECKONER_OK);
      return fs::file_size(path) > before;
    }));
    vfs.order({FileCall::sync, "store.db", SQLITE_IOERR_FSYNC});
    CHECK(comes_about([&] { return append(store, last, block) == RECKONER_FATAL; }));
    CHECK(store.code() == "io_failed");
    vfs.clear();
    CHECK(append(store, last, block) == RECKONER_FATAL);
  }
  SqliteStore store(path, 0);
  REQUIRE(store.lock() == RECKONER_OK);
  CHECK(store.state(0).last_sequence == last);
  CHECK(store.check().empty());
}

TEST_CASE("sqlite: a full disk is survived") {
  const TemporaryFolder folder;
  const SmallDisk disk(folder.file("disk"));
  if (!disk.mounted) {
    WARN("skipped: only root may mount the small disk that this test fills");
    return;
  }
  const std::string path = folder.file("disk/store.db"), ballast = folder.file("disk/ballast");
  SqliteStore store(path, RECKONER_OPEN_CREATE);
  store.begin();
  const std::string block(50'000, 'b');
  std::uint64_t last = 0;
  // What is behind it is room for all of the log to be copied, and then it starts over.
  folder.write("disk/ballast", std::string(17'000'000, 'x'));
  reckoner_status status = RECKONER_OK;
  while (status == RECKONER_OK) status = append(store, last, block);
  CHECK(status == RECKONER_FULL);
  for (int i = 0; i < 20; ++i)
    CHECK(append(store, last, std::string(500'000, 'c')) == RECKONER_FULL);
  CHECK(store.state(0).last_sequence == last);
  CHECK(store.info().bytes_free < 600'000);
  const std::string large(3'000'000, 'k');
  CHECK(store.commit_aside(SqliteBatch().put(RECKONER_KEY_LOG, "k", large)) == RECKONER_FULL);
  fs::remove(ballast);
  for (int i = 0; i < 20; ++i) CHECK(append(store, last, block) == RECKONER_OK);
  CHECK(SqliteReaderHandle(store.handle()).journal(0, 0).size() == last);
  CHECK(store.check().empty());
  store.close();
  SqliteStore again(path, 0);
  REQUIRE(again.opened == RECKONER_OK);
  CHECK(again.state(0).last_sequence == last);
}

TEST_CASE("sqlite: the log starts over beside a busy writer and readers that refresh") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore store(path, RECKONER_OPEN_CREATE);
  store.begin();
  const std::string block(400'000, 'b');
  std::uint64_t last = 0;
  std::atomic<bool> ending = false;
  std::vector<std::thread> threads;
  SqliteReaderHandle one(store.handle()), two(store.handle());
  for (SqliteReaderHandle* reader : {&one, &two})
    threads.emplace_back([&ending, reader] {
      while (!ending) {
        if (reader->refresh() != RECKONER_OK) ending = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
      }
    });
  // It is as a rule once readers wait for it, and when chance wants it, gigabytes later, where they
  // do not: the bound is far from the first, for busy machines.
  const std::uint64_t most = 30 * storage::sqlite::kLongLogFrames * kFrame / block.size();
  const auto has_started_over = [&] { return fs::file_size(path + "-wal") < last * block.size(); };
  bool written = true;
  while (written && !has_started_over() && last < most)
    written = append(store, last, block) == RECKONER_OK;
  CHECK(written);
  CHECK_FALSE(ending);
  ending = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(has_started_over());
  CHECK(store.state(0).last_sequence == last);
  CHECK(store.check().empty());
}

TEST_CASE("sqlite: what was refused for want of room in the log is not there after a crash") {
  const TemporaryFolder folder;
  int number = 0;
  for (bool failed = true; failed; ++number) {
    const std::string name = "store" + std::to_string(number) + ".db";
    const std::string crashed = folder.file("crashed-" + name);
    std::uint64_t last = 0;
    FaultyVfs vfs;
    SqliteStore store(folder.file(name), RECKONER_OPEN_CREATE);
    store.begin();
    REQUIRE(append(store, last, "one") == RECKONER_OK);
    vfs.order({FileCall::write, "-wal", SQLITE_FULL, number});
    const reckoner_status status = append(store, last, std::string(30'000, 'b'));
    failed = vfs.seen() > 0;
    CHECK(status == (failed ? RECKONER_FULL : RECKONER_OK));
    vfs.clear();
    fs::copy_file(folder.file(name), crashed);
    fs::copy_file(folder.file(name + "-wal"), crashed + "-wal");
    SqliteStore after(crashed, 0);
    REQUIRE(after.opened == RECKONER_OK);
    CHECK(after.state(0).last_sequence == last);
  }
  CHECK(number > 8);
}

TEST_CASE("sqlite: a key log that is gone or damaged is made anew") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db"), keys = path + "-keys";
  const std::string large(1'000'000, 'k');
  {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    CHECK(store.commit_aside(SqliteBatch().put(RECKONER_KEY_LOG, "a", "b")) == RECKONER_FATAL);
    store.begin();
    SqliteReaderHandle reader(store.handle());
    CHECK(reader.get(RECKONER_KEY_LOG, "a") == "(none)");
    REQUIRE(store.commit_aside(SqliteBatch().put(RECKONER_KEY_LOG, "a", large)) == RECKONER_OK);
    CHECK(reader.get(RECKONER_KEY_LOG, "a") == "(none)");
    reader.refresh();
    CHECK(reader.get(RECKONER_KEY_LOG, "a") == large);
    REQUIRE(store.commit_aside(
                SqliteBatch().erase(RECKONER_KEY_LOG, "a").put(RECKONER_KEY_LOG, "b", "")) ==
            RECKONER_OK);
    CHECK(reader.get(RECKONER_KEY_LOG, "a") == large);
    CHECK(store.commit_aside(SqliteBatch().put(RECKONER_META, "a", "b")) == RECKONER_FATAL);
    CHECK(store.code() == "bad_batch");
    reader.refresh();
    CHECK(reader.scan(RECKONER_KEY_LOG) == support::Rows{{"b", ""}});
  }
  CHECK(support::sql(keys, "PRAGMA page_size") == std::vector<std::string>{"65536"});
  for (const std::string& content : {std::string(), std::string(200'000, 'x')}) {
    fs::remove(keys);
    if (!content.empty()) folder.write("store.db-keys", content);
    SqliteStore store(path, 0);
    REQUIRE(store.lock() == RECKONER_OK);
    SqliteReaderHandle reader(store.handle());
    CHECK(reader.scan(RECKONER_KEY_LOG).empty());
    CHECK(reader.status == RECKONER_OK);
    REQUIRE(store.commit_aside(SqliteBatch().put(RECKONER_KEY_LOG, "c", "d")) == RECKONER_OK);
    reader.refresh();
    CHECK(reader.get(RECKONER_KEY_LOG, "c") == "d");
  }
}

}  // namespace reckoner
