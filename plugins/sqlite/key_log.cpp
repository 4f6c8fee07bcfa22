#include "plugins/sqlite/key_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "plugins/sqlite/place.hpp"

namespace reckoner::storage::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x524B4E4B;  // "RKNK"
constexpr std::int64_t kVersion = 1;

// What is wrong with the file goes away when it is made anew.
bool is_damage(const sdk::Failure& failure) {
  return failure.status == RECKONER_FATAL && failure.code != "bad_batch";
}

sdk::Failure bad_batch(std::string what) {
  return {RECKONER_FATAL, "bad_batch", std::move(what)};
}

// A scan reads all of it, page after page, each a wait for the disk; the system reads ahead for
// whom it is told that. (A wish: nothing comes of a failure.)
void read_ahead(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ::posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED);
  ::close(file);
}

}  // namespace

void KeyLogWriter::open() {
  open_.emplace(path_);
  Connection& db = open_->db;
  db.wait_for_locks(1'000);
  db.run(
      "PRAGMA page_size=65536; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
      "PRAGMA wal_autocheckpoint=64; PRAGMA cache_size=-16384");
  const std::int64_t application = db.number("PRAGMA application_id");
  if (application == kApplicationId && db.number("PRAGMA user_version") == kVersion) {
    db.number("SELECT count(*) FROM (SELECT 1 FROM key_log LIMIT 1)");
    return;
  }
  if (application != 0) throw sdk::Failure{RECKONER_FATAL, "damaged", path_ + " is no key log"};
  db.run(
      "BEGIN IMMEDIATE; "
      "CREATE TABLE key_log(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT; "
      "PRAGMA application_id=" +
      std::to_string(kApplicationId) +
      "; "
      "PRAGMA user_version=" +
      std::to_string(kVersion) + "; COMMIT");
}

void KeyLogWriter::make_anew() {
  open_.reset();
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) ::unlink((path_ + ending).c_str());
  ++*version_;
  open();
}

// To lose the log harms nothing, so what is wrong with it is never fatal to the store.
void KeyLogWriter::commit(const reckoner_batch& batch) {
  try {
    write_or_make_anew(batch);
  } catch (const sdk::Failure& failure) {
    open_.reset();
    if (!is_damage(failure)) throw;
    throw sdk::Failure{RECKONER_RETRY, "key_log_failed", failure.detail};
  }
}

void KeyLogWriter::write_or_make_anew(const reckoner_batch& batch) {
  try {
    if (!open_) open();
    write(batch);
  } catch (const sdk::Failure& failure) {
    if (!is_damage(failure)) throw;
    make_anew();
    write(batch);
  }
}

void KeyLogWriter::write(const reckoner_batch& batch) {
  Connection& db = open_->db;
  if (batch.timeout_ms > 0) db.wait_for_locks(batch.timeout_ms);
  db.run("BEGIN IMMEDIATE");
  for (std::uint64_t i = 0; i < batch.operation_count; ++i) {
    const reckoner_operation& operation = batch.operations[i];
    if (operation.target != RECKONER_KEY_LOG ||
        (operation.kind != RECKONER_PUT && operation.kind != RECKONER_DELETE))
      throw bad_batch("only the key log is committed aside");
    if (operation.kind == RECKONER_PUT) {
      open_->tables.put(operation.target, sdk::to_view(operation.key),
                        sdk::to_view(operation.value));
    } else {
      open_->tables.erase(operation.target, sdk::to_view(operation.key));
    }
  }
  db.run("COMMIT");
}

KeyLogReader::KeyLogReader(std::string path, Access access, KeyLogVersion version)
    : path_(std::move(path)), access_(access), version_(std::move(version)) {
  refresh();
}

void KeyLogReader::refresh() {
  const std::uint64_t version = *version_;
  try {
    if (version != seen_ || !open_) {
      open_.reset();
      seen_ = version;
      if (file_size(path_) == 0) return;
      open_.emplace(path_, access_);
      open_->db.wait_for_locks(1'000);
    }
    open_->db.roll_back();
    open_->db.run("BEGIN");
    open_->db.number("SELECT count(*) FROM (SELECT 1 FROM key_log LIMIT 1)");
  } catch (const sdk::Failure&) {
    open_.reset();
  }
}

template <class Read>
void KeyLogReader::read(Read read) {
  if (!open_) return;
  try {
    read(open_->tables);
  } catch (const sdk::Failure& failure) {
    if (!is_damage(failure)) throw;
  }
}

void KeyLogReader::get(std::string_view key, const sdk::OnRow& on_row) {
  read([&](Tables& tables) { tables.get(RECKONER_KEY_LOG, key, on_row); });
}

void KeyLogReader::scan(std::string_view from, const sdk::OnRow& on_row) {
  if (open_ && !read_ahead_) read_ahead(path_);
  read_ahead_ = true;
  read([&](Tables& tables) { tables.scan(RECKONER_KEY_LOG, from, on_row); });
}

}  // namespace reckoner::storage::sqlite
