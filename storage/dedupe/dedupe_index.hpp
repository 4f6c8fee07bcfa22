// The deduplication index: which keys a store has ever seen, exactly and without a window. The
// answer "new" comes from memory alone; a likely repeat is a candidate, which the caller compares
// with the journal's entry.
//
// A batch of entries is judged like this: prefetch for all, then for each find, and where it is new
// stage. When the batch is durable commit_staged, when it failed drop_staged. While one batch is
// being made durable the next one may be staged behind it.
//
// One thread at a time (the key log has a thread of its own). Lanes with shards apart may each have
// an index and share the log's writer: shards that an index is never asked about cost it nothing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/dedupe/key_log.hpp"
#include "storage/dedupe/key_table.hpp"
#include "storage/dedupe/staged_keys.hpp"

namespace reckoner::storage {

// Both ends are in it.
struct SequenceRange {
  std::uint64_t first, last;

  bool operator==(const SequenceRange&) const = default;
};

// What load found.
struct KeyLogCoverage {
  // By shard, in order: entries whose keys the log does not have. They are in the journal.
  std::vector<std::vector<SequenceRange>> missing;
  std::uint64_t entries = 0;          // that the log had
  std::uint64_t useless_rows = 0;     // damaged, foreign, overlapping or ahead of the journal
  std::optional<StoreError> failure;  // the last that reading met; what it cost is in `missing`
};

class DedupeIndex {
 public:
  DedupeIndex(std::uint32_t shards, const KeySecret& secret);

  // What is committed from now on goes to this log, too; it outlives the index. Before `load`.
  void log_to(KeyLogWriter& writer) { log_ = &writer; }

  // Fills an empty index from the key log, as far as it goes. `last_sequences`: by shard, of the
  // journal. Rows of no use are erased if there is a log to write to. The caller then reads what is
  // missing from the journal, and add_committed takes it; the index is complete after that.
  KeyLogCoverage load(Reader& reader, std::span<const std::uint64_t> last_sequences,
                      const OnProgress& on_progress, const IsOfJournal& is_of_journal = {});
  // The keys of entries that are in the journal and not in the index; kNoKey where there is none.
  void add_committed(std::uint32_t shard, std::uint64_t first_sequence,
                     std::span<const std::uint64_t> hashes);

  void prefetch(std::uint32_t shard, std::uint64_t hash) const { tables_[shard].prefetch(hash); }

  // Calls is_it(sequence) for each entry of the shard that may have this key, staged ones last,
  // until it returns true; whether it did. Nothing has kNoKey.
  template <class IsIt>
  bool find(std::uint32_t shard, std::uint64_t hash, IsIt&& is_it) {
    if (hash == kNoKey) return false;
    const auto asked = [&](std::uint32_t sequence) {
      ++candidates_;
      return is_it(sequence);
    };
    return tables_[shard].find(hash, asked) || staged_.find(shard, hash, asked);
  }

  // An entry that is about to be committed. Entries without a key, too: the log has no gaps then.
  void stage(std::uint32_t shard, std::uint64_t hash, std::uint64_t sequence);
  std::size_t staged() const { return staged_.size(); }
  // The `count` that were staged first are durable.
  void commit_staged(std::size_t count);
  void commit_staged() { commit_staged(staged()); }
  // None of those staged was committed (a batch staged behind a failed one was judged by it).
  void drop_staged() { staged_.drop_first(staged_.size()); }

  std::uint64_t keys() const;
  std::uint64_t bytes() const;  // of the tables
  std::uint64_t candidates() const { return candidates_; }

 private:
  class Loader;

  std::vector<KeyTable> tables_;
  StagedKeys staged_;
  ChunkFormat format_;
  KeyLogWriter* log_ = nullptr;
  std::uint64_t candidates_ = 0;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace reckoner::storage
