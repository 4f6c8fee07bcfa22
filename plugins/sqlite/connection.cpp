#include "plugins/sqlite/connection.hpp"

#include <cerrno>
#include <chrono>
#include <thread>

namespace reckoner::storage::sqlite {
namespace {

constexpr char kIoFailed[] = "io_failed";

std::string file_uri(const std::string& path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + "?immutable=1";
}

int open_flags(Access access) {
  switch (access) {
    case Access::read_only:
      return SQLITE_OPEN_READONLY;
    case Access::immutable:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case Access::read_write:
      return SQLITE_OPEN_READWRITE;
    case Access::create:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return 0;
}

bool has_no_room(int result, int system_errno) {
  if ((result & 0xFF) == SQLITE_FULL) return true;
  // The index of the write-ahead log could not grow. (In a commit that means more: see there.)
  if (result == SQLITE_IOERR_SHMSIZE) return true;
  return result == SQLITE_IOERR_WRITE && (system_errno == ENOSPC || system_errno == EDQUOT);
}

std::pair<reckoner_status, const char*> meaning(int result, int system_errno) {
  if (has_no_room(result, system_errno)) return {RECKONER_FULL, "disk_full"};
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {RECKONER_RETRY, "busy"};
    case SQLITE_IOERR:
      return {RECKONER_FATAL, kIoFailed};
    case SQLITE_CORRUPT:
      return {RECKONER_FATAL, "damaged"};
    case SQLITE_NOTADB:
      return {RECKONER_FATAL, "not_a_store"};
    case SQLITE_READONLY:
      return {RECKONER_FATAL, "read_only"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {RECKONER_FATAL, "cannot_open"};
    case SQLITE_NOMEM:
      return {RECKONER_FATAL, "out_of_memory"};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return {RECKONER_FATAL, "bad_batch"};
    default:
      return {RECKONER_FATAL, "sqlite_failed"};
  }
}

const char* advice(std::string_view code) {
  if (code == "disk_full") return "; make room on its disk";
  if (code == "not_a_store") return "; correct the storage URL, or move the file away";
  if (code == "damaged") return "; run `reckoner storage verify`, and restore a backup";
  if (code == "io_failed") return "; see to its disk, then start again";
  if (code == "read_only" || code == "cannot_open")
    return "; see to the rights of it and its folder";
  return "";
}

}  // namespace

sdk::Failure failure_of(sqlite3* db, int result, const std::string& file) {
  const auto [status, code] = meaning(result, db == nullptr ? 0 : sqlite3_system_errno(db));
  std::string detail = file + ": " + (db == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(db));
  if (result != (result & 0xFF)) detail += " (SQLite's code " + std::to_string(result) + ')';
  detail += advice(code);
  return {status, code, std::move(detail)};
}

bool loses_trust(const sdk::Failure& failure) {
  return failure.status == RECKONER_FATAL && failure.code == kIoFailed;
}

sdk::Failure damaged(std::string_view table, std::string_view key, std::string_view what) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string detail = "table " + std::string(table) + ", key ";
  for (const char c : key.substr(0, 80)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
      detail += c;
    } else {
      detail += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  detail += ": " + std::string(what);
  return {RECKONER_FATAL, "damaged", detail + advice("damaged")};
}

Connection::Connection(const std::string& path, Access access) : path_(path) {
  const std::string name = access == Access::immutable ? file_uri(path) : path;
  // One thread at a time uses a connection; the plugin sees to that.
  const int flags = open_flags(access) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(name.c_str(), &db_, flags, nullptr);
  if (result != SQLITE_OK) {
    const sdk::Failure failure = failure_of(db_, result, path_);
    sqlite3_close_v2(db_);
    throw failure;
  }
}

Connection::~Connection() {
  sqlite3_finalize(commit_);
  sqlite3_finalize(roll_back_);
  sqlite3_close_v2(db_);
}

// As sqlite3_exec, with a statement that is kept.
int Connection::say(sqlite3_stmt*& statement, const char* sql) noexcept {
  if (statement == nullptr) {
    const int result =
        sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK) return result;
  }
  const int result = sqlite3_step(statement);
  sqlite3_reset(statement);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

void Connection::run(const std::string& sql) {
  const int result = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) fail(result);
}

std::int64_t Connection::number(const std::string& sql) {
  Statement statement(*this, sql);
  Run run(statement);
  return run.next() ? run.integer_at(0) : 0;
}

std::string Connection::text(const std::string& sql) {
  Statement statement(*this, sql);
  Run run(statement);
  return run.next() ? std::string(run.bytes_at(0)) : std::string();
}

// A commit's frames are written and synced before the log's index grows for them: without the index
// nobody sees the commit, but the frames are in the log, and the next recovery finds it.
void Connection::commit() {
  const int result = say(commit_, "COMMIT");
  if (result == SQLITE_OK) return;
  sdk::Failure failure = failure_of(db_, result, path_);
  if (result == SQLITE_IOERR_SHMSIZE)
    failure = {RECKONER_FATAL, kIoFailed,
               path_ +
                   ": there was no room for the index of its log, so the next start decides "
                   "whether the last commit happened; make room on its disk, then start again"};
  throw failure;
}

// By SQLite's own hands: to open and close the file here would drop the locks that other
// connections of this process have on it. And as the only writer, like SQLite: what it writes to
// make the file longer must not meet what another writes into it.
void Connection::reserve_log_index() {
  constexpr int kRegionBytes = 32 * 1024;  // SQLite maps it in such pieces, for 4 096 frames each
  sqlite3_file* file = nullptr;
  int result = sqlite3_file_control(db_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (result != SQLITE_OK) fail(result);
  run("BEGIN IMMEDIATE");
  void volatile* ignored = nullptr;
  result =
      file->pMethods->xShmMap(file, kLogIndexBytes / kRegionBytes - 1, kRegionBytes, 1, &ignored);
  roll_back();
  if (result == SQLITE_OK) return;
  sdk::Failure failure = failure_of(nullptr, result, path_ + "-shm");
  if (result == SQLITE_IOERR_SHMSIZE)
    failure = {RECKONER_FULL, "disk_full",
               path_ + "-shm: there is no room for the " + std::to_string(kLogIndexBytes) +
                   " bytes of the log's index; make room on its disk"};
  throw failure;
}

// SQLite's own way of waiting asks ten times a second at last, and nobody queues: against a busy
// owner it would never find the moment between two commits.
void Connection::wait_for_locks(std::uint32_t ms) {
  longest_wait_ms_ = ms;
  sqlite3_busy_handler(
      db_,
      [](void* self, int tries) {
        constexpr std::uint32_t kTriesInMs = 2;
        const std::uint32_t longest = static_cast<Connection*>(self)->longest_wait_ms_;
        if (static_cast<std::uint32_t>(tries) / kTriesInMs >= longest) return 0;
        std::this_thread::sleep_for(std::chrono::microseconds(1'000 / kTriesInMs));
        return 1;
      },
      this);
}

bool Connection::roll_back() noexcept {
  if (in_transaction()) say(roll_back_, "ROLLBACK");
  return !in_transaction();
}

Statement::Statement(const Connection& connection, const std::string& sql)
    : connection_(&connection) {
  const int result =
      sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (result != SQLITE_OK) connection.fail(result);
}

Run::Run(Statement& statement)
    : connection_(*statement.connection_), statement_(statement.statement_) {
  if (sqlite3_stmt_busy(statement_) != 0)
    throw sdk::Failure{RECKONER_FATAL, "reader_busy",
                       "a scan of this table is not over yet on this reader"};
}

Run::~Run() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Run::bound(int result) const {
  if (result != SQLITE_OK) connection_.fail(result);
}

// A null pointer would bind NULL, not an empty value.
Run& Run::blob(int parameter, std::string_view value) {
  bound(sqlite3_bind_blob64(statement_, parameter, value.empty() ? "" : value.data(), value.size(),
                            SQLITE_STATIC));
  return *this;
}

Run& Run::text(int parameter, std::string_view value) {
  bound(sqlite3_bind_text64(statement_, parameter, value.empty() ? "" : value.data(), value.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Run& Run::integer(int parameter, std::int64_t value) {
  bound(sqlite3_bind_int64(statement_, parameter, value));
  return *this;
}

Run& Run::null(int parameter) {
  bound(sqlite3_bind_null(statement_, parameter));
  return *this;
}

bool Run::next() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) connection_.fail(result);
  return false;
}

std::string_view Run::bytes_at(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr && size > 0) connection_.fail(SQLITE_NOMEM);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

}  // namespace reckoner::storage::sqlite
