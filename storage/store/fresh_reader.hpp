// A reader that sees what its owner has committed: refreshed when it is used after a commit, and
// not at each commit. One thread at a time.
#pragma once

#include <memory>
#include <utility>

#include "storage/store/store.hpp"

namespace reckoner::storage {

class FreshReader {
 public:
  explicit FreshReader(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}

  // After a commit.
  void fall_behind() { behind_ = true; }

  StoreStatus get(Table table, std::string_view key, std::optional<std::string>& value) {
    if (StoreStatus failed = catch_up()) return failed;
    return reader_->get(table, key, value);
  }
  StoreStatus scan(Table table, std::string_view from, const OnRow& on_row) {
    if (StoreStatus failed = catch_up()) return failed;
    return reader_->scan(table, from, on_row);
  }
  StoreStatus scan_journal(std::uint32_t shard, std::uint64_t from, const OnBlock& on_block) {
    if (StoreStatus failed = catch_up()) return failed;
    return reader_->scan_journal(shard, from, on_block);
  }
  StoreStatus catch_up() {
    if (!behind_) return std::nullopt;
    StoreStatus failed = reader_->refresh();
    behind_ = failed.has_value();
    return failed;
  }
  Reader& reader() { return *reader_; }

 private:
  std::unique_ptr<Reader> reader_;
  bool behind_ = false;
};

}  // namespace reckoner::storage
