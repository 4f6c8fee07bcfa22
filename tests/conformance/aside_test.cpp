// The key log, which is written aside: apart from commits, without claims.
#include "tests/conformance/stand.hpp"

#include <thread>

namespace reckoner::conformance {
namespace {

Lines log_of(Store& store) {
  return support::rows_of(*reader_of(store), Table::key_log);
}

}  // namespace

CONFORMANCE(aside, "the key log is put and deleted aside, without claims") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch;
  batch.put(Table::key_log, "a", "1");
  batch.put(Table::key_log, std::string("\0\xff", 2), "2");
  batch.put(Table::key_log, "b", std::string(kLongestValue, 'v'));
  CHECK_OK(owner.store().commit_aside(batch));
  CHECK(log_of(owner.store()) ==
        Lines{"\\x00\\xff = 2", "a = 1",
              support::shown_row(Table::key_log, "b", std::string(kLongestValue, 'v'))});
  batch.clear();
  batch.put(Table::key_log, "a", "3");
  batch.erase(Table::key_log, "b");
  batch.erase(Table::key_log, "was never there");
  batch.put(Table::key_log, "c", "");
  CHECK_OK(owner.store().commit_aside(batch));
  CHECK(log_of(owner.store()) == Lines{"\\x00\\xff = 2", "a = 3", "c = "});
  CHECK(support::value_of(*owner.reader(), Table::key_log, "a") == "3");
  CHECK(support::rows_of(*owner.reader(), Table::key_log, "b") == Lines{"c = "});
}

CONFORMANCE(aside_only_key_log, "nothing else is written aside") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch;
  batch.put(Table::key_log, "lost", "lost");
  batch.put(Table::meta, "lost", "lost");
  CHECK_FAULT("fatal", owner.store().commit_aside(batch));
  Batch append = owner.batch();
  owner.append(append, 0, 1, "lost");
  CHECK_FAULT("fatal", owner.store().commit_aside(append));
  CHECK(log_of(owner.store()) == Lines{});
  CHECK(support::rows_of(*owner.reader(), Table::meta) == Lines{});
  CHECK(support::blocks_of(*owner.reader(), 0) == Lines{});
  owner.append(0, 1, "goes on");
}

CONFORMANCE(aside_kept, "a key log outlives its store's being closed") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch;
  batch.put(Table::key_log, "a", "1");
  CHECK_OK(owner.store().commit_aside(batch));
  owner.release().reset();
  CHECK(log_of(*stand.open()) == Lines{"a = 1"});
}

CONFORMANCE(aside_snapshot, "readers see the key log as it was, too") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const ReaderPtr reader = owner.reader();
  Batch batch;
  batch.put(Table::key_log, "a", "1");
  CHECK_OK(owner.store().commit_aside(batch));
  CHECK(support::rows_of(*reader, Table::key_log) == Lines{});
  CHECK_OK(reader->refresh());
  CHECK(support::rows_of(*reader, Table::key_log) == Lines{"a = 1"});
  batch.clear();
  batch.erase(Table::key_log, "a");
  CHECK_OK(owner.store().commit_aside(batch));
  CHECK(support::rows_of(*reader, Table::key_log) == Lines{"a = 1"});
}

CONFORMANCE(aside_beside, "the key log is written beside commits") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  constexpr int kRounds = 60;
  StoreStatus failed;
  std::thread aside([&] {
    for (int i = 0; i < kRounds && !failed; ++i) {
      Batch batch;
      batch.put(Table::key_log, "run " + std::to_string(1000 + i), std::string(100'000, 'k'));
      if (i > 0) batch.erase(Table::key_log, "run " + std::to_string(999 + i));
      failed = owner.store().commit_aside(batch);
    }
  });
  Lines refused;
  for (int i = 0; i < kRounds; ++i) {
    Batch batch = owner.batch({1});
    owner.append(batch, 1, 1, "block");
    batch.put(Table::customers, std::to_string(i), "v");
    if (const StoreStatus status = owner.try_commit(batch))
      refused.push_back(support::told(status));
  }
  aside.join();
  CHECK(refused == Lines{});
  CHECK(support::told(failed) == "ok");
  CHECK(support::blocks_of(*owner.reader(), 1).size() == kRounds);
  CHECK(support::rows_of(*owner.reader(), Table::customers).size() == kRounds);
  CHECK(log_of(owner.store()).size() == 1);
}

}  // namespace reckoner::conformance
