// Reads one shard's journal entry by entry, on demand: for those who go through several shards side
// by side. All that JournalWalk checks is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/shards/journal_walk.hpp"

namespace reckoner::storage {

// `Entry` as for JournalWalk. The reader is shared with other cursors, on one thread, and not
// refreshed while they go on.
template <class Entry>
class JournalCursor {
 public:
  JournalCursor(Reader& reader, std::uint32_t shard, const Books& books)
      : reader_(reader), shard_(shard), walk_(shard, books) {}

  // The entry that the cursor is at; null at the end, and where reading failed. Valid until `next`.
  const Entry* peek() {
    if (at_ == walk_.entries().size() && !ended_) load();
    return at_ < walk_.entries().size() ? &walk_.entries()[at_] : nullptr;
  }
  void next() { ++at_; }
  std::uint64_t sequence() const { return walk_.first_sequence() + at_; }

  // Why it ended before the end, if it did.
  const StoreStatus& failed() const { return failed_; }

 private:
  void load() {
    bool found = false;
    std::optional<Damage> damage;
    const std::uint64_t from = walk_.head().last_sequence + 1;
    failed_ = reader_.scan_journal(
        shard_, from, [&](std::uint64_t first, std::uint32_t count, std::string_view bytes) {
          block_.assign(bytes);
          damage = walk_.take(first, count, block_);
          found = true;
          return false;
        });
    if (damage) failed_ = StoreError{Fault::fatal, "damaged", damage->where + ": " + damage->what};
    ended_ = !found || failed_;
    at_ = ended_ ? walk_.entries().size() : 0;
  }

  Reader& reader_;
  std::uint32_t shard_;
  JournalWalk<Entry> walk_;
  std::string block_;
  std::size_t at_ = 0;
  bool ended_ = false;
  StoreStatus failed_;
};

}  // namespace reckoner::storage
