// One owner at a time, between real processes: held, freed by kill -9, taken over, fenced; and
// reading beside a living owner.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/plugins/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner {
namespace {

using support::SqliteBatch;
using support::SqliteReaderHandle;
using support::SqliteStore;
using support::TemporaryFolder;

// A process that does something with a store, says so, and lives until it is killed, or this one
// ends.
class OtherProcess {
 public:
  template <class Work>
  explicit OtherProcess(Work work) {
    int both[2];
    REQUIRE(pipe(both) == 0);
    child_ = fork();
    if (child_ == 0) {
      ::close(both[0]);
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      work([said = both[1]](char result) { (void)!write(said, &result, 1); });
      for (;;) pause();
    }
    ::close(both[1]);
    said_ = both[0];
  }
  ~OtherProcess() {
    kill();
    ::close(said_);
  }
  // What it says next; 0 where it ended.
  char next() const {
    char out = 0;
    return read(said_, &out, 1) == 1 ? out : '\0';
  }
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
  int said_ = -1;
};

// For another process that is to wait until this one has a store open: with the threads of a store
// about, a new process may inherit a lock of the allocator that nobody is left to release.
class Signal {
 public:
  Signal() { REQUIRE(pipe(ends_) == 0); }
  ~Signal() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void give() const { (void)!write(ends_[1], "g", 1); }
  void wait() const {
    char given;
    (void)!read(ends_[0], &given, 1);
  }

 private:
  int ends_[2];
};

char letter(bool good) {
  return good ? 'y' : 'n';
}

SqliteBatch block(std::uint64_t epoch, std::uint64_t last) {
  return SqliteBatch().claim(0, epoch, last).append(0, last + 1, 1, "block");
}

}  // namespace

TEST_CASE("sqlite: a living owner keeps others out; kill -9 lets the next one in at once") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  OtherProcess owner([&](auto say) {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    std::vector<reckoner_shard_state> states;
    say(letter(store.lock("process one") == RECKONER_OK && store.lock() == RECKONER_OK &&
               store.lock("process one", true) == RECKONER_OK &&
               store.take_epochs(states) == RECKONER_OK && store.commit(block(1, 0)) == 0));
    for (;;) pause();
  });
  REQUIRE(owner.next() == 'y');
  SqliteStore store(path, 0);
  REQUIRE(store.opened == RECKONER_OK);
  CHECK(store.lock() == RECKONER_HELD);
  CHECK(store.code() == "held");
  CHECK(store.detail().find("process one") != std::string::npos);
  CHECK(store.detail().find(path) != std::string::npos);
  CHECK(store.commit(block(1, 1)) == RECKONER_FATAL);
  owner.kill();
  REQUIRE(store.lock() == RECKONER_OK);
  std::vector<reckoner_shard_state> states;
  REQUIRE(store.take_epochs(states) == RECKONER_OK);
  CHECK(states[0].epoch == 2);
  CHECK(states[0].last_sequence == 1);
  CHECK(store.commit(block(2, 1)) == RECKONER_OK);
}

TEST_CASE("sqlite: an owner that was taken over is fenced, and out") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore first(path, RECKONER_OPEN_CREATE);
  first.begin();
  REQUIRE(first.commit(block(1, 0)) == RECKONER_OK);
  {
    // Two handles of one process are two owners, too.
    SqliteStore second(path, 0);
    CHECK(second.lock("the second") == RECKONER_HELD);
    REQUIRE(second.lock("the second", true) == RECKONER_OK);
    CHECK(first.commit(block(1, 1)) == RECKONER_OK);  // not fenced yet
    std::vector<reckoner_shard_state> states;
    REQUIRE(second.take_epochs(states) == RECKONER_OK);
    CHECK(states[0].last_sequence == 2);
    CHECK(first.commit(block(1, 2)) == RECKONER_FENCED);
    CHECK(second.commit(block(2, 2)) == RECKONER_OK);
    SqliteStore third(path, 0);
    CHECK(third.lock() == RECKONER_HELD);
    CHECK(third.detail().find("the second") != std::string::npos);
    CHECK(first.lock() == RECKONER_HELD);
  }
  // The deposed one still lives, and keeps nobody out.
  SqliteStore third(path, 0);
  CHECK(third.lock("the third") == RECKONER_OK);
  CHECK(first.lock() == RECKONER_HELD);
  third.close();
  CHECK(first.lock() == RECKONER_OK);
}

TEST_CASE("sqlite: keys are made beside a busy owner of another process, whose commits go on") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  constexpr int kKeys = 60;
  const Signal owned;
  // It makes each key, and revokes the one before; then one that is left open.
  OtherProcess maker([&](auto say) {
    owned.wait();
    SqliteStore store(path, 0);
    bool good = store.opened == RECKONER_OK;
    for (int i = 0; i < kKeys && good; ++i) {
      const std::string key = "key " + std::to_string(i), last = "key " + std::to_string(i - 1);
      good = store.commit_beside(SqliteBatch()
                                     .put(RECKONER_API_KEYS, key, "made")
                                     .put(RECKONER_API_KEYS, last, "revoked")) == RECKONER_OK;
      say(letter(good));
    }
    say(letter(good && store.lock() == RECKONER_HELD));
  });
  SqliteStore owner(path, RECKONER_OPEN_CREATE);
  owner.begin();
  owned.give();
  // Blocks of 100 000 bytes: the log is copied, and begins anew, many times meanwhile.
  const std::string large(100'000, 'x');
  std::atomic<bool> made = false;
  std::atomic<int> said_so = 0;
  std::thread listener([&] {
    while (maker.next() == 'y') ++said_so;
    made = true;
  });
  std::uint64_t last = 0;
  reckoner_status status = RECKONER_OK;
  // A hundred or so are enough; a maker that hangs must not have the disk filled.
  constexpr std::uint64_t kMost = 5'000;
  for (; status == RECKONER_OK && said_so <= kKeys && !made && last < kMost; ++last)
    status = owner.commit(SqliteBatch().claim(0, 1, last).append(0, last + 1, 1, large));
  INFO(owner.detail());
  CHECK(status == RECKONER_OK);
  CHECK(said_so == kKeys + 1);
  maker.kill();
  listener.join();
  SqliteReaderHandle reader(owner.handle());
  CHECK(reader.scan(RECKONER_API_KEYS).size() == kKeys + 1);
  CHECK(reader.get(RECKONER_API_KEYS, "key 58") == "revoked");
  CHECK(reader.get(RECKONER_API_KEYS, "key 59") == "made");
  CHECK(owner.state(0).last_sequence == last);
  CHECK(owner.state(0).epoch == 1);
  CHECK(owner.check().empty());
}

TEST_CASE("sqlite: a maker of keys that is killed half-way leaves nothing, and the owner goes on") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  const Signal owned;
  OtherProcess maker([&](auto say) {
    owned.wait();
    sqlite3* db = nullptr;
    say(letter(sqlite3_open(path.c_str(), &db) == SQLITE_OK &&
               sqlite3_exec(db, "BEGIN IMMEDIATE; INSERT INTO api_keys VALUES(x'61', x'62')",
                            nullptr, nullptr, nullptr) == SQLITE_OK));
  });
  SqliteStore owner(path, RECKONER_OPEN_CREATE, 3, 60'000);
  owner.begin();
  owned.give();
  REQUIRE(maker.next() == 'y');
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    maker.kill();
  });
  CHECK(owner.commit(block(1, 0)) == RECKONER_OK);  // waits for it
  killer.join();
  CHECK(SqliteReaderHandle(owner.handle()).scan(RECKONER_API_KEYS).empty());
}

TEST_CASE("sqlite: a busy owner of another process can be taken over, and ends fenced") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  OtherProcess owner([&](auto say) {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    std::vector<reckoner_shard_state> states;
    std::uint64_t last = 0;
    say(letter(store.lock() == RECKONER_OK && store.take_epochs(states) == RECKONER_OK));
    reckoner_status status = RECKONER_OK;
    while ((status = store.commit(block(1, last))) == RECKONER_OK) ++last;
    say(letter(status == RECKONER_FENCED && store.state(0).epoch == 2));
    for (;;) pause();
  });
  REQUIRE(owner.next() == 'y');
  SqliteStore store(path, 0, 3, 10'000);
  REQUIRE(store.lock("by force", true) == RECKONER_OK);
  std::vector<reckoner_shard_state> states;
  REQUIRE(store.take_epochs(states) == RECKONER_OK);
  CHECK(owner.next() == 'y');
  CHECK(store.commit(block(2, states[0].last_sequence)) == RECKONER_OK);
  CHECK(SqliteReaderHandle(store.handle()).journal(0, 0).size() == states[0].last_sequence + 1);
}

TEST_CASE("sqlite: of many newcomers at once, one gets the lock") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore(path, RECKONER_OPEN_CREATE);
  for (const bool take_over : {false, true}) {
    std::vector<std::unique_ptr<OtherProcess>> all;
    for (int i = 0; i < 6; ++i)
      all.push_back(std::make_unique<OtherProcess>([&](auto say) {
        SqliteStore store(path, 0);
        const reckoner_status status = store.lock("newcomer", take_over);
        say(status == RECKONER_OK ? 'o' : status == RECKONER_HELD ? 'h' : '?');
        for (;;) pause();
      }));
    std::string said;
    for (const auto& process : all) said += process->next();
    std::sort(said.begin(), said.end());
    CHECK(said == (take_over ? "oooooo" : "hhhhho"));
    SqliteStore late(path, 0);
    CHECK(late.lock() == RECKONER_HELD);
  }
}

TEST_CASE("sqlite: the check of itself finds nothing beside a busy owner") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  SqliteStore store(path, RECKONER_OPEN_CREATE);
  store.begin();
  std::atomic<bool> ending = false;
  // The longer the store, the longer a check of it: on a slow machine the two would not end.
  constexpr std::uint64_t kCommits = 30'000;
  std::thread owner([&] {
    for (std::uint64_t last = 0; !ending && last < kCommits; ++last)
      if (store.commit(block(1, last)) != RECKONER_OK) break;
  });
  SqliteStore beside(path, RECKONER_OPEN_READ_ONLY);
  std::vector<std::string> found;
  for (int i = 0; i < 500 && found.empty(); ++i) found = beside.check();
  ending = true;
  owner.join();
  INFO((found.empty() ? "" : found[0]));
  CHECK(found.empty());
  CHECK(store.state(0).last_sequence > 0);
}

TEST_CASE("sqlite: a store is read beside a living owner of another process, and after kill -9") {
  const TemporaryFolder folder;
  const std::string path = folder.file("store.db");
  int go[2];
  REQUIRE(pipe(go) == 0);
  OtherProcess owner([&](auto say) {
    SqliteStore store(path, RECKONER_OPEN_CREATE);
    std::vector<reckoner_shard_state> states;
    store.lock();
    store.take_epochs(states);
    say(letter(store.commit(block(1, 0).put(RECKONER_META, "k", "v")) == RECKONER_OK));
    char order = 0;
    (void)!read(go[0], &order, 1);
    say(letter(store.commit(block(1, 1)) == RECKONER_OK &&
               store.commit_aside(SqliteBatch().put(RECKONER_KEY_LOG, "a", "b")) == RECKONER_OK));
    for (;;) pause();
  });
  REQUIRE(owner.next() == 'y');
  SqliteStore store(path, RECKONER_OPEN_READ_ONLY);
  REQUIRE(store.opened == RECKONER_OK);
  CHECK(store.lock() == RECKONER_FATAL);
  CHECK(store.code() == "read_only");
  CHECK(store.commit(block(1, 1)) == RECKONER_FATAL);
  SqliteReaderHandle reader(store.handle());
  CHECK(reader.get(RECKONER_META, "k") == "v");
  REQUIRE(write(go[1], "g", 1) == 1);
  REQUIRE(owner.next() == 'y');
  CHECK(reader.journal(0, 0).size() == 1);
  CHECK(reader.refresh() == RECKONER_OK);
  CHECK(reader.journal(0, 0).size() == 2);
  CHECK(reader.get(RECKONER_KEY_LOG, "a") == "b");
  CHECK(store.state(0).last_sequence == 2);
  CHECK(store.check().empty());
  owner.kill();
  CHECK(SqliteStore(path, RECKONER_OPEN_READ_ONLY).state(0).last_sequence == 2);
  ::close(go[0]);
  ::close(go[1]);
}

}  // namespace reckoner
