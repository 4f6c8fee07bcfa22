// SQLite's handles, owned: what it reports becomes the SDK's Failure.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sdk/plugin.hpp"

namespace reckoner::storage::sqlite {

// What a result code means for the store; `file` and SQLite's own words are in the detail.
sdk::Failure failure_of(sqlite3* db, int result, const std::string& file);
// A write or a sync failed: what the file holds is not known any more (pages that could not be
// written count as clean afterwards), so nothing may be acknowledged until it is opened anew.
bool loses_trust(const sdk::Failure& failure);
// Values from a file are not trusted: one is of a type that this program does not write there.
sdk::Failure damaged(std::string_view table, std::string_view key, std::string_view what);

enum class Access {
  read_only,
  // Of a file that nobody writes, in a folder that nothing can be written to.
  immutable,
  read_write,
  create,
};

// For a log of 131 000 frames, eight times the length at which readers help it to start over.
inline constexpr int kLogIndexBytes = 1 << 20;

class Connection {
 public:
  Connection(const std::string& path, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void run(const std::string& sql);
  // The first column of the first row; 0 where there is none.
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

  // Ends a transaction for writing. FULL only where it is rolled back for sure.
  void commit();
  // Makes room for the index of a write-ahead log that is as long as one gets, once the connection
  // has read: that it cannot grow would be noticed too late, when a commit is in the log.
  void reserve_log_index();

  // How long a call waits for a lock of SQLite's that another one holds.
  void wait_for_locks(std::uint32_t ms);
  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
  // Ends a transaction, if one is open. False where even that fails.
  bool roll_back() noexcept;

  sqlite3* handle() const { return db_; }
  const std::string& path() const { return path_; }
  [[noreturn]] void fail(int result) const { throw failure_of(db_, result, path_); }

 private:
  int say(sqlite3_stmt*& statement, const char* sql) noexcept;

  std::string path_;
  sqlite3* db_ = nullptr;
  std::uint32_t longest_wait_ms_ = 0;
  // Said at every commit and refresh: to read the same words again each time shows in profiles.
  sqlite3_stmt *commit_ = nullptr, *roll_back_ = nullptr;
};

// A prepared statement, to be used many times. Bound bytes are borrowed until the run ends.
class Statement {
 public:
  Statement() = default;
  Statement(const Connection& connection, const std::string& sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(Statement&& other) noexcept
      : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(connection_, other.connection_);
    std::swap(statement_, other.statement_);
    return *this;
  }

  explicit operator bool() const { return statement_ != nullptr; }

 private:
  friend class Run;
  const Connection* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

// One run of a statement, which is ready for the next one afterwards, whatever happens. Columns
// are valid until the next step.
class Run {
 public:
  explicit Run(Statement& statement);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Run& blob(int parameter, std::string_view value);
  Run& text(int parameter, std::string_view value);
  Run& integer(int parameter, std::int64_t value);
  Run& null(int parameter);

  // Whether there is a row (more).
  bool next();
  void finish() {
    while (next()) {
    }
  }

  int type(int column) const { return sqlite3_column_type(statement_, column); }
  std::int64_t integer_at(int column) const { return sqlite3_column_int64(statement_, column); }
  // Of a blob or a text; do ask for the type before.
  std::string_view bytes_at(int column) const;

 private:
  void bound(int result) const;
  const Connection& connection_;
  sqlite3_stmt* statement_;
};

// Statements by number, each prepared when it is first asked for.
class Statements {
 public:
  explicit Statements(const Connection& connection) : connection_(connection) {}

  template <class MakeSql>
  Statement& at(std::size_t number, MakeSql make_sql) {
    if (statements_.size() <= number) statements_.resize(number + 1);
    Statement& found = statements_[number];
    if (!found) found = Statement(connection_, make_sql());
    return found;
  }

 private:
  const Connection& connection_;
  std::vector<Statement> statements_;
};

}  // namespace reckoner::storage::sqlite
