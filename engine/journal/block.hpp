// Blocks: how entries lie in a journal (docs/formats.md, Blocks). A block holds a run of one
// shard's entries and ends with the beginning of its own SHA-256, so that it can be checked by
// itself, and with a SHA-256 over that and the hash of the block before it in that shard, so that a
// journal can be neither damaged nor cut and joined without being noticed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/sha256.hpp"
#include "engine/customer/entry_encoding.hpp"
#include "engine/identity/entry_encoding.hpp"

namespace reckoner {

inline constexpr std::uint8_t kBlockVersion = 1;

// The identity stream is a shard of its own; customers' shards are numbered from 0.
using ShardNumber = std::uint32_t;
inline constexpr ShardNumber kIdentityShard = 0xFFFF'FFFF;

struct BlockHeader {
  ShardNumber shard = 0;
  std::uint64_t first_sequence = 1;  // of its first entry; contiguous within a shard
  std::uint32_t book = 0;            // in force for its entries: place in the series of books
  Instant base;                      // times in it are relative to this
  std::uint32_t entries = 0;
};

// A block of what stands before its hashes: adds these. `before` is the hash of the block before it
// in its shard, and then that of this one.
std::string end_block(std::string content, Digest& before);

// Gathers entries of one shard and makes blocks of them.
class BlockWriter {
 public:
  explicit BlockWriter(ShardNumber shard) { header_.shard = shard; }
  // Goes on behind a block that ended with the entry before `next_sequence`, and with this hash.
  BlockWriter(ShardNumber shard, std::uint64_t next_sequence, const Digest& before)
      : before_(before) {
    header_.shard = shard;
    header_.first_sequence = next_sequence;
  }

  // `at` is not before the entry before it. All entries of a block are under one book: with
  // another one, take the block first.
  void add(const CustomerEntry& entry, std::uint32_t book) { add_entry(entry, book); }
  void add(const IdentityEntry& entry, std::uint32_t book) { add_entry(entry, book); }

  ShardNumber shard() const { return header_.shard; }
  bool empty() const { return header_.entries == 0; }
  // Of the blocks taken so far: the sequence behind their last entry, and the last one's hash.
  std::uint64_t next_sequence() const { return header_.first_sequence; }
  const Digest& last_hash() const { return before_; }
  std::uint32_t entries() const { return header_.entries; }
  std::size_t bytes() const { return body_.bytes().size(); }
  std::uint32_t book() const { return header_.book; }
  // The block of all entries since the last one, which is then the block before the next. Only
  // when not empty.
  std::string take();

 private:
  template <class Entry>
  void add_entry(const Entry& entry, std::uint32_t book);

  BlockHeader header_;
  Digest before_{};
  Instant last_;
  Encoder body_;
};

// Reads one block. Entries come out in order, as views into its bytes.
class BlockReader {
 public:
  // Reads the header. `good` is false where the bytes are no block of this version.
  explicit BlockReader(std::string_view bytes);

  const BlockHeader& header() const { return header_; }
  bool good() const { return in_.good(); }
  // All but the hashes at its end.
  std::string_view content() const;
  // Whether its bytes are those that it was written with; it needs no other block for that.
  bool whole() const;
  // That, and whether its hash is that of its bytes after the block that ended with `before` (all
  // zero: the first of its shard).
  bool follows(const Digest& before) const;
  Digest hash() const;

  // The next entry; false when there is none, or what comes is none.
  bool next(CustomerEntry& entry) { return next_entry(entry); }
  bool next(IdentityEntry& entry) { return next_entry(entry); }
  // Whether every entry has been read, and nothing but entries was there.
  bool ended() const { return left_ == 0 && in_.finished(); }

  std::size_t size() const { return bytes_.size(); }

 private:
  template <class Entry>
  bool next_entry(Entry& entry) {
    if (left_ == 0) return false;
    --left_;
    decode(in_, last_, entry);
    last_ = entry.at;
    return in_.good();
  }

  std::string_view bytes_;
  Decoder in_;
  BlockHeader header_;
  std::uint32_t left_ = 0;
  Instant last_;
};

}  // namespace reckoner
