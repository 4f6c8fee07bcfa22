#include "tests/bench/store/raw_journal.hpp"

#include "tests/bench/store/machine.hpp"

namespace reckoner::bench {

using storage::sqlite::Access;
using storage::sqlite::Checkpointer;
using storage::sqlite::Run;
using storage::sqlite::Statement;
using storage::sqlite::WalWatch;

RawJournal::RawJournal(const std::filesystem::path& file)
    : db_(std::make_unique<Connection>(file.string(), Access::create)) {
  db_->run(
      "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
      "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536; "
      "CREATE TABLE journal(number INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT");
  sqlite3_wal_hook(
      db_->handle(),
      [](void* watch, sqlite3*, const char*, int frames) {
        static_cast<WalWatch*>(watch)->grew(static_cast<std::uint32_t>(frames));
        return SQLITE_OK;
      },
      watch_.get());
  checkpointer_ = std::make_unique<Checkpointer>(file.string(), watch_, health_);
}

double RawJournal::append(const std::vector<RecordedBatch>& batches) {
  Statement begin(*db_, "BEGIN IMMEDIATE"), commit(*db_, "COMMIT");
  Statement insert(*db_, "INSERT INTO journal VALUES(?1, ?2)");
  const Stopwatch watch;
  for (const RecordedBatch& batch : batches) {
    const auto turn = watch_->enter_commit();
    Run(begin).finish();
    for (const std::string& block : batch) {
      Run run(insert);
      run.integer(1, next_++).blob(2, block).finish();
    }
    Run(commit).finish();
  }
  return watch.seconds();
}

}  // namespace reckoner::bench
