// Goes through one shard's journal block by block and checks all that a journal promises: the chain
// of hashes, sequences without a gap, times that do not go back, books that are there and in force.
// Recovery, `storage verify` and export all read it through here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/books/books.hpp"
#include "engine/journal/block.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// Where a shard's journal has come to.
struct ShardHead {
  std::uint64_t last_sequence = 0;
  Digest last_hash{};
  Instant last_at = kDistantPast;
};

struct Damage {
  std::string where;  // "journal, shard 3, block of entries 129 to 160"
  std::string what;
};

// `Entry` is CustomerEntry, or IdentityEntry for the identity shard.
template <class Entry>
class JournalWalk {
 public:
  // From the beginning.
  JournalWalk(std::uint32_t shard, const Books& books) : shard_(shard), books_(books) {}
  // From the block that holds `sequence` (or the end, where there is none). Reads what is there
  // before it, so that this block is checked like any other.
  static StoreStatus from_block_with(Reader& reader, std::uint64_t sequence, JournalWalk& walk);

  // Takes in the next block. Its entries are then in entries(), as views into `block`, the first
  // with the sequence first_sequence(). Says what is wrong with it, if anything is.
  std::optional<Damage> take(std::uint64_t first_sequence, std::uint32_t count,
                             std::string_view block);

  std::span<const Entry> entries() const { return {entries_.data(), count_}; }
  std::uint64_t first_sequence() const { return first_sequence_; }
  const ShardHead& head() const { return head_; }

 private:
  static constexpr ShardNumber in_block(std::uint32_t shard) {
    return std::is_same_v<Entry, IdentityEntry> ? kIdentityShard : shard;
  }
  std::string place(std::uint64_t first, std::uint64_t count) const {
    return "journal, shard " + std::to_string(shard_) + ", block of entries " +
           std::to_string(first) + " to " + std::to_string(first + count - 1);
  }
  const char* check_header(const BlockReader& block, std::uint64_t first, std::uint32_t count);
  const char* read_entries(BlockReader& block);

  std::uint32_t shard_;
  const Books& books_;
  ShardHead head_;
  std::uint64_t first_sequence_ = 1;
  std::vector<Entry> entries_;  // used again for every block
  std::size_t count_ = 0;
};

template <class Entry>
std::optional<Damage> JournalWalk<Entry>::take(std::uint64_t first, std::uint32_t count,
                                               std::string_view bytes) {
  BlockReader block(bytes);
  const char* wrong = check_header(block, first, count);
  if (wrong == nullptr) wrong = read_entries(block);
  if (wrong != nullptr) return Damage{place(first, std::max(count, 1U)), wrong};
  first_sequence_ = first;
  head_ = {first + count_ - 1, block.hash(), entries_[count_ - 1].at};
  return std::nullopt;
}

template <class Entry>
const char* JournalWalk<Entry>::check_header(const BlockReader& block, std::uint64_t first,
                                             std::uint32_t count) {
  if (!block.good()) return "these bytes are no block of version 1";
  const BlockHeader& header = block.header();
  if (header.shard != in_block(shard_)) return "the block is another shard's";
  if (header.first_sequence != first || header.entries != count)
    return "the block holds other entries than it is filed under";
  if (first != head_.last_sequence + 1) return "entries before the block are missing";
  if (!block.follows(head_.last_hash))
    return "its hash is not that of its bytes and of the block before it";
  if (header.book >= books_.all().size()) return "its book is not there";
  if (header.base < head_.last_at) return "time goes back";
  return nullptr;
}

template <class Entry>
const char* JournalWalk<Entry>::read_entries(BlockReader& block) {
  const BlockHeader& header = block.header();
  if (entries_.size() < header.entries)
    entries_.resize(std::min<std::size_t>(header.entries, block.size() / 2));
  count_ = 0;
  while (count_ < entries_.size() && block.next(entries_[count_])) ++count_;
  if (!block.ended()) return "an entry in it cannot be read";
  const auto& book = books_.all()[header.book];
  if (&books_.at(header.base) != book.get() || &books_.at(entries_[count_ - 1].at) != book.get())
    return "its book was not in force at its time";
  return nullptr;
}

template <class Entry>
StoreStatus JournalWalk<Entry>::from_block_with(Reader& reader, std::uint64_t sequence,
                                                JournalWalk& walk) {
  std::uint64_t first = 1;
  const auto find_first = [&](std::uint64_t begins, std::uint32_t, std::string_view) {
    first = begins;
    return false;
  };
  if (StoreStatus failed = reader.scan_journal(walk.shard_, sequence, find_first)) return failed;
  if (first == 1) return std::nullopt;
  // If these bytes are no block, what follows will not follow from them.
  return reader.scan_journal(walk.shard_, first - 1,
                             [&](std::uint64_t, std::uint32_t, std::string_view block) {
                               walk.head_ = {first - 1, BlockReader(block).hash(), kDistantPast};
                               return false;
                             });
}

}  // namespace reckoner::storage
