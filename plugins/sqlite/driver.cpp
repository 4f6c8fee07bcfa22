#include "plugins/sqlite/driver.hpp"

#include "plugins/sqlite/place.hpp"
#include "plugins/sqlite/reader.hpp"
#include "plugins/sqlite/schema.hpp"
#include "plugins/sqlite/self_check.hpp"

namespace reckoner::storage::sqlite {
namespace {

constexpr std::uint32_t kDefaultTimeout = 10'000, kClosingTimeout = 1'000;

void make_careful(Connection& db) {
  db.run("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON");
}

// What is acknowledged must be on the disk: set it, and see that it is so.
void make_durable(Connection& db) {
  if (db.text("PRAGMA journal_mode=WAL") != "wal")
    throw sdk::Failure{RECKONER_FATAL, "not_durable", db.path() + " takes no write-ahead log"};
  db.run(
      "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536; "
      "PRAGMA journal_size_limit=" +
      std::to_string(kLongLogBytes));
  if (db.number("PRAGMA synchronous") != 2)
    throw sdk::Failure{RECKONER_FATAL, "not_durable",
                       db.path() + " does not take synchronous=FULL"};
}

}  // namespace

std::unique_ptr<sdk::Driver> open_sqlite(const sdk::OpenOptions& options) {
  return std::make_unique<SqliteDriver>(options);
}

SqliteDriver::SqliteDriver(const sdk::OpenOptions& options)
    : options_(options), path_(path_of_url(options.url)) {
  if (options_.timeout_ms == 0) options_.timeout_ms = kDefaultTimeout;
  const bool create = options.create && !options.read_only;
  const bool exists = check_place(path_, {create, options.read_only});
  if (options.read_only) {
    open_for_reading();
  } else {
    open_for_writing(create && (!exists || file_size(path_) == 0));
  }
  read_what_is_there();
}

void SqliteDriver::open_for_writing(bool create) {
  db_ = std::make_unique<Connection>(path_, options_.create ? Access::create : Access::read_write);
  db_->wait_for_locks(options_.timeout_ms);
  make_careful(*db_);
  if (create || (options_.create && read_schema(*db_, true).empty))
    make_store(*db_, options_.shards);
}

// Where nothing can be written to the folder, SQLite cannot share the log's index; with no log
// there is nothing to share.
void SqliteDriver::open_for_reading() {
  access_ = Access::read_only;
  db_ = another_connection();
  try {
    db_->number("PRAGMA user_version");
  } catch (const sdk::Failure& failure) {
    if (failure.code != "cannot_open" && failure.code != "read_only") throw;
    if (file_size(path_ + "-wal") > 0)
      throw sdk::Failure{RECKONER_FATAL, "read_only",
                         path_ +
                             "-wal holds commits, and its folder may not be written by this "
                             "user, so they cannot be read; open and close the store once as "
                             "its owner"};
    access_ = Access::immutable;
    db_ = another_connection();
  }
}

void SqliteDriver::read_what_is_there() {
  if (read_schema(*db_, options_.migrating).empty)
    throw sdk::Failure{RECKONER_FATAL, "not_a_store",
                       path_ +
                           ", which the storage URL names, is empty; correct it to the path of a "
                           "store that has been made"};
  if (!options_.read_only) make_durable(*db_);
  shards_ = read_shard_count(*db_);
  // Beside a living owner it is there already.
  if (!options_.read_only && file_size(path_ + "-shm") < kLogIndexBytes) db_->reserve_log_index();
}

SqliteDriver::~SqliteDriver() {
  checkpointer_.reset();
  writer_.reset();
  key_log_.reset();
  if (owner_ == nullptr || !owner_->held()) return;
  try {
    health_.check();
    db_->wait_for_locks(kClosingTimeout);
    sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  } catch (const sdk::Failure&) {
    // What the file holds is not known: leave it as it is.
    sqlite3_db_config(db_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

std::unique_ptr<Connection> SqliteDriver::another_connection() const {
  auto out = std::make_unique<Connection>(
      path_, access_ == Access::read_write ? Access::read_only : access_);
  out->wait_for_locks(options_.timeout_ms);
  make_careful(*out);
  return out;
}

template <class Work>
void SqliteDriver::between_commits(Work work) {
  const auto turn = watch_->enter_commit();
  health_.check();
  try {
    work();
  } catch (const sdk::Failure& failure) {
    if (loses_trust(failure)) health_.fail(failure);
    throw;
  }
}

void SqliteDriver::check_writable() const {
  if (options_.read_only)
    throw sdk::Failure{RECKONER_FATAL, "read_only", path_ + " is open for reading only"};
}

void SqliteDriver::lock(std::string_view owner, bool take_over) {
  check_writable();
  if (owner_ == nullptr) owner_ = std::make_unique<OwnerLock>(path_);
  between_commits([&] {
    owner_->take(*db_, owner, take_over, options_.timeout_ms);
    if (!checkpointer_) checkpointer_.emplace(path_, watch_, health_);
    if (!key_log_) key_log_.emplace(key_log_path(path_), key_log_version_);
    if (!writer_) writer_.emplace(*db_, shards_, options_.timeout_ms, watch_, health_);
  });
}

void SqliteDriver::check_owner() const {
  if (!writer_ || !owner_->held())
    throw sdk::Failure{RECKONER_FATAL, "not_locked", path_ + " is written without its lock"};
}

void SqliteDriver::take_epochs(reckoner_shard_state* states) {
  check_owner();
  writer_->take_epochs(*owner_, states);
}

void SqliteDriver::commit(std::uint32_t lane, const reckoner_batch& batch) {
  check_owner();
  if (lane != 0) throw sdk::Failure{RECKONER_FATAL, "bad_batch", "SQLite has one lane"};
  writer_->commit(batch);
}

void SqliteDriver::commit_aside(const reckoner_batch& batch) {
  check_owner();
  key_log_->commit(batch);
}

void SqliteDriver::commit_beside(const reckoner_batch& batch) {
  check_writable();
  between_commits([&] {
    db_->wait_for_locks(batch.timeout_ms == 0 ? options_.timeout_ms : batch.timeout_ms);
    write_beside(*db_, batch);
  });
}

reckoner_shard_state SqliteDriver::shard_state(std::uint32_t shard) {
  if (writer_) return writer_->shard_state(shard);
  const std::unique_ptr<Connection> db = another_connection();
  return Writer(*db, shards_, options_.timeout_ms, watch_, health_).shard_state(shard);
}

std::unique_ptr<sdk::Reader> SqliteDriver::open_reader() {
  const Access access = access_ == Access::read_write ? Access::read_only : access_;
  return std::make_unique<SqliteReader>(
      ReaderPlace{path_, access, shards_, options_.timeout_ms, options_.read_only}, watch_,
      key_log_version_);
}

void SqliteDriver::info(reckoner_store_info& info) {
  const std::unique_ptr<Connection> db = another_connection();
  info.schema_version = read_schema(*db, true).version;
  info.schema_newest = kNewestSchema;
  info.shards = shards_;
  info.lanes = 1;
  const std::string keys = key_log_path(path_);
  info.bytes_used = 0;
  for (const std::string& file : {path_, path_ + "-wal", path_ + "-shm", keys, keys + "-wal",
                                  keys + "-shm", lock_path(path_)})
    info.bytes_used += file_size(file);
  info.bytes_free = free_bytes(path_);
  sdk::copy_text(info.engine, std::string("SQLite ") + sqlite3_libversion());
  sdk::copy_text(info.place, path_);
}

void SqliteDriver::migrate(sdk::OnProgress on_progress) {
  check_owner();
  between_commits([&] {
    for (;;) {
      const std::uint32_t version = read_schema(*db_, true).version;
      const bool done = version == kNewestSchema;
      const std::string what = done ? "done" : schema_step_name(version);
      if (!on_progress(version, kNewestSchema, what) || done) return;
      raise_schema(*db_, version, [&] { owner_->check(*db_); });
    }
  });
}

void SqliteDriver::check(sdk::OnDamage on_damage) {
  const std::unique_ptr<Connection> db = another_connection();
  check_itself(*db, shards_, on_damage);
}

}  // namespace reckoner::storage::sqlite
