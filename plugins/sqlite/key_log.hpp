// The key log: derived data that may be lost, so it lies in a file of its own, PATH-keys, with
// large pages and its own writer. It never makes the journal's writer wait, and one that is missing
// or damaged is made anew without a word.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/tables.hpp"

namespace reckoner::storage::sqlite {

// Counts how often the file was made anew, so that readers notice.
using KeyLogVersion = std::shared_ptr<std::atomic<std::uint64_t>>;

class KeyLogWriter {
 public:
  // Opens the file with the first commit.
  KeyLogWriter(std::string path, KeyLogVersion version)
      : path_(std::move(path)), version_(std::move(version)) {}

  void commit(const reckoner_batch& batch);

 private:
  struct Open {
    explicit Open(const std::string& path) : db(path, Access::create), tables(db) {}
    Connection db;
    Tables tables;
  };
  void open();
  void make_anew();
  void write_or_make_anew(const reckoner_batch& batch);
  void write(const reckoner_batch& batch);

  std::string path_;
  KeyLogVersion version_;
  std::optional<Open> open_;
};

class KeyLogReader {
 public:
  KeyLogReader(std::string path, Access access, KeyLogVersion version);

  void refresh();
  // Nothing where there is no file, or a damaged one.
  void get(std::string_view key, const sdk::OnRow& on_row);
  void scan(std::string_view from, const sdk::OnRow& on_row);

 private:
  struct Open {
    Open(const std::string& path, Access access) : db(path, access), tables(db) {}
    Connection db;
    Tables tables;
  };
  template <class Read>
  void read(Read read);

  std::string path_;
  Access access_;
  KeyLogVersion version_;
  std::uint64_t seen_ = 0;
  bool read_ahead_ = false;
  std::optional<Open> open_;
};

}  // namespace reckoner::storage::sqlite
