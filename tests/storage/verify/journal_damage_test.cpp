// A journal, or a key log, that is not what it was: noticed by whoever reads it, and by verify.
#include <catch2/catch.hpp>

#include <filesystem>

#include "tests/storage/small_store.hpp"

namespace reckoner::storage {

// A flipped bit in the block that recovery begins with.
TEST_CASE("journal: a block that is damaged is noticed when it is read, before anybody pays") {
  TestStore store("sqlite", 1);
  {
    const auto driver = store.open({});
    use(*driver, kAt, "c", "key-1");
    commit(*driver);
  }
  // key-1 becomes key-3: one bit.
  {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(store.path().c_str(), &db) == SQLITE_OK);
    sqlite3_blob* blob = nullptr;
    REQUIRE(sqlite3_blob_open(db, "main", "journal_0", "block", 1, 1, &blob) == SQLITE_OK);
    std::string bytes(static_cast<std::size_t>(sqlite3_blob_bytes(blob)), '\0');
    sqlite3_blob_read(blob, bytes.data(), static_cast<int>(bytes.size()), 0);
    const std::size_t at = bytes.find("key-1");
    REQUIRE(at != std::string::npos);
    sqlite3_blob_write(blob, "3", 1, static_cast<int>(at + 4));
    sqlite3_blob_close(blob);
    sqlite3_close(db);
  }
  DriverOptions options;
  options.owner = "a test";
  std::unique_ptr<Driver> driver;
  const StoreStatus failed = Driver::open(store.open_store(), std::move(options), driver);
  CHECK(failed);
  // As it is: the key that was counted is new, and is counted again.
  if (!failed) CHECK_FALSE(use(*driver, kAt, "c", "key-1").accepted());
}

TEST_CASE("journal: the key log of another timeline of a store is not believed") {
  TestStore store("sqlite", 1);
  support::TemporaryFolder elsewhere;
  const std::string copy = elsewhere.file("store.db");
  const auto run = [](Driver& driver, const std::string& what, int count) {
    for (int i = 0; i < count; ++i) use(driver, kAt, "c", what + std::to_string(i));
    REQUIRE(driver.close().committed());
  };
  run(*store.open({}), "common", 10);
  std::filesystem::copy_file(store.path(), copy);
  run(*store.open({}), "here", 10);  // store.db-keys is of this timeline
  // The copy runs on somewhere else, and comes back: the main file alone.
  {
    StoreOptions options = store.options();
    options.url = "sqlite:" + copy;
    std::unique_ptr<Store> there;
    REQUIRE_FALSE(open_store(options, there));
    DriverOptions driving;
    driving.owner = "a test";
    std::unique_ptr<Driver> driver;
    REQUIRE_FALSE(Driver::open(std::move(there), std::move(driving), driver));
    run(*driver, "there", 20);
  }
  std::filesystem::copy_file(copy, store.path(), std::filesystem::copy_options::overwrite_existing);
  const auto driver = store.open({});
  CHECK_FALSE(use(*driver, kAt, "c", "there3").accepted());
}

TEST_CASE("journal: verify says that the table of shards is damaged") {
  TestStore store("sqlite", 1);
  {
    const auto driver = store.open({});
    use(*driver, kAt, "c", "key-1");
    REQUIRE(driver->close().committed());
  }
  sql(store.path(), "UPDATE shards SET last_sequence = last_sequence | (1 << 45) WHERE shard = 1");
  const auto opened = store.open_store();
  VerifyOptions options;
  options.at_rest = true;
  CHECK_NOTHROW(verify_store(*opened, options));
}

// The contract: a block is at most 8 MiB, and a plugin may refuse others.
TEST_CASE("journal: no block is larger than the contract's 8 MiB") {
  const auto largest = [](Store& store) {
    std::unique_ptr<Reader> reader;
    REQUIRE_FALSE(store.open_reader(reader));
    std::size_t most = 0;
    for (const std::uint32_t shard : {0U, 1U})
      REQUIRE_FALSE(reader->scan_journal(shard, 1, [&](auto, auto, std::string_view block) {
        return most = std::max(most, block.size()), true;
      }));
    return most;
  };
  TestStore store("memory", 1);
  const auto driver = store.open({});
  PolarEvent event;
  event.polar_customer_id = "P";
  event.kind = PolarEventKind::subscription;
  event.type = "subscription.updated";
  event.subscription_id = "S";
  event.arrived = kAt;
  Verdict verdict;
  const std::string body = "{\"x\":\"" + std::string(200'000, 'x') + "\"}";
  for (int i = 0; i < 64; ++i) {
    const std::string id = "w" + std::to_string(i);
    REQUIRE_FALSE(driver->webhook(kAt, Webhook{id, body, event}, verdict));
  }
  commit(*driver);
  CHECK(largest(*store.open_store()) <= (std::size_t{8} << 20));
}

// Two entries with one key, as F3 and F4 bring about: here by a journal that nobody judged.
TEST_CASE("journal: verify finds a key that was counted twice") {
  TestStore store("memory", 1);
  { REQUIRE(store.open({})->close().committed()); }
  {
    const auto opened = store.open_store();
    REQUIRE_FALSE(opened->lock("a test", false));
    std::vector<ShardState> states;
    REQUIRE_FALSE(opened->take_epochs(states));
    BlockWriter block(0);
    CustomerEntry entry;
    entry.at = kAt;
    entry.customer_id = "c";
    Usage usage;
    usage.tokens = 10;
    usage.operation = "chat";
    usage.idempotency_key = "k";
    entry.body = usage;
    block.add(entry, 0);
    block.add(entry, 0);
    Batch batch;
    batch.claim(0, states[0].epoch, 0);
    batch.append(0, 1, 2, block.take());
    REQUIRE_FALSE(opened->commit(0, batch));
  }
  REQUIRE(store.open({})->close().committed());
  CHECK_FALSE(verified(*store.open_store()).holds());
}

}  // namespace reckoner::storage
