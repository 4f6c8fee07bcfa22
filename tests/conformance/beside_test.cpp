// API keys, which whoever may write the store puts and deletes, with the lock or beside its owner.
#include "tests/conformance/stand.hpp"

#include <thread>

namespace reckoner::conformance {
namespace {

Lines keys_of(Store& store) {
  return support::rows_of(*reader_of(store), Table::api_keys);
}

Batch one(std::string key, std::string value) {
  Batch out;
  out.put(Table::api_keys, std::move(key), std::move(value));
  return out;
}

}  // namespace

CONFORMANCE(beside_nobody,
            "API keys are put and deleted without the lock, and outlive the handle") {
  const Stand stand(subject);
  {
    const StorePtr store = stand.open();
    Batch batch;
    batch.put(Table::api_keys, "a", "1");
    batch.put(Table::api_keys, std::string("\0\xff", 2), "");
    batch.put(Table::api_keys, "b", std::string(kLongestValue, 'v'));
    CHECK_OK(store->commit_beside(batch));
    batch.clear();
    batch.erase(Table::api_keys, "b");
    batch.erase(Table::api_keys, "was never there");
    batch.put(Table::api_keys, "a", "2");
    batch.put(Table::api_keys, "a", "3");
    CHECK_OK(store->commit_beside(batch));
    CHECK_OK(store->commit_beside(Batch()));
    CHECK(keys_of(*store) == Lines{"\\x00\\xff = ", "a = 3"});
  }
  CHECK(keys_of(*stand.open()) == Lines{"\\x00\\xff = ", "a = 3"});
}

CONFORMANCE(beside_owner, "API keys are made beside the owner, who sees them once refreshed") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(0, 1, "block");
  const ReaderPtr reader = owner.reader();
  const StorePtr other = stand.open();
  CHECK_OK(other->commit_beside(one("a", "1")));
  CHECK(support::rows_of(*reader, Table::api_keys) == Lines{});
  CHECK_OK(reader->refresh());
  CHECK(support::rows_of(*reader, Table::api_keys) == Lines{"a = 1"});
  INFO("neither its claims nor its lock are touched");
  owner.append(0, 1, "another");
  CHECK_FAULT("held", other->lock("another", false));
  INFO("and it makes them itself, in either way");
  CHECK_OK(owner.store().commit_beside(one("b", "1")));
  owner.put(Table::api_keys, "c", "1");
  CHECK(keys_of(*other) == Lines{"a = 1", "b = 1", "c = 1"});
}

CONFORMANCE(beside_only_keys, "nothing but API keys is written beside the owner") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const StorePtr other = stand.open();
  for (Store* store : {other.get(), &owner.store()}) {
    for (const Table table : storage::kTables) {
      if (table == Table::api_keys) continue;
      INFO(storage::table_name(table));
      Batch batch = one("lost", "lost");
      batch.put(table, support::some_key(table, "lost"), support::some_value(table, "lost"));
      CHECK_FAULT("fatal", store->commit_beside(batch));
      batch = one("lost", "lost");
      batch.erase(table, support::some_key(table, "lost"));
      CHECK_FAULT("fatal", store->commit_beside(batch));
    }
    Batch append = owner.batch();
    append.put(Table::api_keys, "lost", "lost");
    owner.append(append, 0, 1, "lost");
    CHECK_FAULT("fatal", store->commit_beside(append));
  }
  for (const Table table : storage::kTables)
    CHECK(support::rows_of(*owner.reader(), table) == Lines{});
  CHECK(support::blocks_of(*owner.reader(), 0) == Lines{});
  owner.append(0, 1, "goes on");
  CHECK_OK(other->commit_beside(one("goes on", "")));
}

CONFORMANCE(beside_read_only, "one that is opened to read makes no API keys") {
  const Stand stand(subject);
  stand.owner();
  storage::StoreOptions options = stand.options();
  options.create = false;
  options.read_only = true;
  const StorePtr store = stand.open(options);
  CHECK_FAULT("fatal", store->commit_beside(one("a", "1")));
  CHECK(keys_of(*store) == Lines{});
}

CONFORMANCE(beside_commits, "API keys are made beside commits, of which none fails") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  constexpr int kCommits = 150, kKeys = 40;
  StoreStatus failed;
  std::thread keys([&, other = stand.open()] {
    for (int i = 0; i < kKeys && !failed; ++i) {
      Batch batch = one(std::to_string(1000 + i), "made");
      if (i > 0) batch.erase(Table::api_keys, std::to_string(999 + i));
      failed = other->commit_beside(batch);
    }
  });
  Lines refused;
  for (int i = 0; i < kCommits; ++i) {
    Batch batch = owner.batch({1});
    owner.append(batch, 1, 1, "block");
    if (const StoreStatus status = owner.try_commit(batch))
      refused.push_back(support::told(status));
    if (i % 10 == 0) CHECK_OK(owner.store().commit_beside(one("owner's", std::to_string(i))));
  }
  keys.join();
  CHECK(refused == Lines{});
  CHECK(support::told(failed) == "ok");
  CHECK(support::blocks_of(*owner.reader(), 1).size() == kCommits);
  CHECK(keys_of(owner.store()) == Lines{std::to_string(999 + kKeys) + " = made", "owner's = 140"});
}

}  // namespace reckoner::conformance
