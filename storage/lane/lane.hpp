// The writing side of a set of shards: stamps, judges duplicates, gathers entries into blocks, and
// makes them durable as one batch. What the entries mean is not known here: whoever hosts a lane
// applies them after commit() has returned, from the very blocks that were written.
//
// One thread at a time; calls of the store block.
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
#include "storage/dedupe/dedupe_index.hpp"
#include "storage/dedupe/key_hash.hpp"
#include "storage/lane/block_fetcher.hpp"
#include "storage/shards/journal_walk.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::storage {

enum class KeyVerdict : std::uint8_t { fresh, duplicate, conflict };

// A block that a batch holds; its bytes live as long as the batch.
struct WrittenBlock {
  std::uint32_t shard;
  std::uint64_t first_sequence;
  std::string_view bytes;
};

struct TakenBlock {
  std::uint32_t shard;
  std::uint64_t first_sequence;
  std::string bytes;
};

// What became of a commit.
struct CommitResult {
  enum class Outcome : std::uint8_t {
    committed,
    rolled_back,  // nothing of it happened, for sure; trying again can help
    dead,         // nothing more can be committed: exit, and recover
  };
  Outcome outcome = Outcome::committed;
  StoreStatus error;  // unless committed

  bool committed() const { return outcome == Outcome::committed; }
};

// Of an event that is to be judged; `hash` is kNoKey where it has no key.
struct ShardKey {
  std::uint32_t shard;
  std::uint64_t hash;
};

class Lane {
 public:
  // `fetching`: threads that read what likely repeats are compared with (BlockFetcher).
  Lane(Store& store, FreshReader& reader, std::uint32_t shards, const KeySecret& secret,
       std::uint32_t fetching);

  std::uint32_t customer_shards() const { return shards_; }
  std::uint32_t identity_shard() const { return shards_; }
  DedupeIndex& keys() { return keys_; }
  KeyHasher& hasher() { return hasher_; }

  // Takes a shard over, where its journal was found to end.
  void start_shard(std::uint32_t shard, std::uint64_t epoch, const ShardHead& head);
  const ShardHead& durable_head(std::uint32_t shard) const { return heads_[shard].durable; }
  std::uint64_t epoch(std::uint32_t shard) const { return heads_[shard].epoch; }
  // Nothing was accepted later than this, and nothing may be accepted earlier.
  Instant last_at() const { return last_at_; }
  // From a changed book on: an entry is under the book in force at its time. Between batches.
  void accept_from(Instant at) { last_at_ = durable_last_at_ = std::max(last_at_, at); }

  // Before many are judged: reads what they are likely to be compared with. Only faster.
  StoreStatus prepare_to_judge(std::span<const ShardKey> keys);

  // Whether the journal, or the batch being made, holds this key. Comparing a likely repeat reads
  // the journal, which can fail.
  StoreStatus judge(std::uint32_t shard, std::uint64_t hash, std::string_view customer_id,
                    const Usage& usage, KeyVerdict& verdict);
  StoreStatus judge(std::uint64_t hash, std::string_view webhook_id, KeyVerdict& verdict);

  // Adds an entry to the batch and returns its sequence. `entry.at` is not before last_at; `hash`
  // is kNoKey where it has no key. `book`: place of the one in force.
  std::uint64_t add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash,
                    std::uint32_t book);
  std::uint64_t add(const IdentityEntry& entry, std::uint64_t hash, std::uint32_t book);
  // Rows go with the same commit.
  Batch& rows() { return batch_; }

  bool empty() const { return batch_.empty() && touched_.empty(); }
  std::size_t entries() const { return entries_; }

  // Makes the batch durable, and resolves an answer that was lost. Committed, its blocks can be
  // read until `clear`; otherwise the batch is gone.
  CommitResult commit();
  const std::vector<WrittenBlock>& blocks() const { return written_; }
  void clear();
  // The same, for whoever keeps the bytes for longer. Then as after clear().
  std::vector<TakenBlock> take_blocks();
  // Gives the batch up.
  void drop() { settle(false); }
  // An error once a later owner has taken the store: who has nothing to commit learns it only so.
  // That it cannot be asked just now is none.
  StoreStatus still_owned();
  // Nothing more is to be committed: what was could not be applied.
  void die() { dead_ = true; }

 private:
  struct Head {
    std::uint64_t epoch = 0;
    ShardHead durable;
    Instant staged_at = kDistantPast;
    BlockWriter writer{0};
    bool open = false;     // a block is begun
    bool touched = false;  // the batch appends to it
  };

  template <class Entry>
  std::uint64_t add_entry(std::uint32_t shard, const Entry& entry, std::uint64_t hash,
                          std::uint32_t book);
  void cut(std::uint32_t shard);
  template <class Entry, class Compare>
  StoreStatus judge_by(std::uint32_t shard, std::uint64_t hash, Entry& scratch, KeyVerdict& verdict,
                       Compare compare);
  template <class Entry>
  StoreStatus look_up(std::uint32_t shard, std::uint64_t sequence, Entry& entry);
  StoreStatus block_with(std::uint32_t shard, std::uint64_t sequence, std::string_view& block);
  std::string_view staged_block_with(std::uint32_t shard, std::uint64_t sequence);
  bool take_fetched(std::uint32_t shard, std::uint64_t sequence);
  ShardNumber in_block(std::uint32_t shard) const {
    return shard == shards_ ? kIdentityShard : shard;
  }
  CommitResult resolve(StoreError in_doubt);
  void settle(bool committed);

  Store& store_;
  FreshReader& reader_;
  std::uint32_t shards_;
  KeyHasher hasher_;
  DedupeIndex keys_;
  std::vector<Head> heads_;
  Instant last_at_ = kDistantPast;          // of all entries, the batch's included
  Instant durable_last_at_ = kDistantPast;  // without the batch's
  Batch batch_;
  std::vector<std::uint32_t> touched_;
  std::vector<WrittenBlock> written_;
  std::size_t entries_ = 0;
  bool dead_ = false;
  BlockFetcher fetcher_;
  // For the events that are being judged, in their order; those before `fetched_used_` were used.
  std::vector<BlockFetcher::Wanted> fetched_;
  std::size_t fetched_used_ = 0;
  // The durable block of each shard that was looked into last: events that were sent together are
  // sent again together.
  std::vector<std::string> looked_into_;
  CustomerEntry customer_entry_;
  IdentityEntry identity_entry_;
};

}  // namespace reckoner::storage
