// The limit: blocks appended to a SQLite file by hand, with the plugin's durability and its way of
// copying the write-ahead log, and nothing else: one table, one row for a block, no index but the
// primary key.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plugins/sqlite/checkpointer.hpp"

namespace reckoner::bench {

// The blocks of one commit.
using RecordedBatch = std::vector<std::string>;

class RawJournal {
 public:
  explicit RawJournal(const std::filesystem::path& file);

  // Seconds that a commit for each of them takes in all.
  double append(const std::vector<RecordedBatch>& batches);

 private:
  using Connection = storage::sqlite::Connection;

  std::shared_ptr<storage::sqlite::WalWatch> watch_ = std::make_shared<storage::sqlite::WalWatch>();
  storage::sqlite::Health health_;
  std::unique_ptr<Connection> db_;
  std::unique_ptr<storage::sqlite::Checkpointer> checkpointer_;
  std::int64_t next_ = 1;
};

}  // namespace reckoner::bench
