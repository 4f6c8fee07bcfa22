// Whether a chunk of the key log is of this journal. A copy of a store that ran on elsewhere has
// the same secret, and its key log may have been left beside a journal that went another way.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/journal/block.hpp"
#include "storage/dedupe/key_chunk.hpp"
#include "storage/lane/entry_key.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// Holds a chunk of the key log against the journal where that tells most: at the chunk's last
// entry, and at its last one with a key. A journal that went another way from some entry on has
// others.
class ChunkProbe {
 public:
  ChunkProbe(Reader& reader, std::uint32_t customer_shards, KeyHasher& hasher)
      : reader_(reader), customer_shards_(customer_shards), hasher_(hasher) {}

  bool is_of_journal(const KeyRun& run) {
    std::size_t keyed = run.hashes.size() - 1;
    while (keyed > 0 && run.hashes[keyed] == kNoKey) --keyed;
    return agrees(run, run.next_sequence() - 1) && agrees(run, run.first_sequence + keyed);
  }

 private:
  bool agrees(const KeyRun& run, std::uint64_t sequence) {
    bool same = false;
    const StoreStatus failed = reader_.scan_journal(
        run.shard, sequence, [&](std::uint64_t, std::uint32_t, std::string_view block) {
          same = run.shard == customer_shards_ ? compare(run, block, identity_)
                                               : compare(run, block, customer_);
          return false;
        });
    return !failed && same;
  }

  template <class Entry>
  bool compare(const KeyRun& run, std::string_view bytes, Entry& entry) {
    BlockReader block(bytes);
    if (!block.good() || !block.whole()) return false;
    for (std::uint64_t at = block.header().first_sequence; block.next(entry); ++at)
      if (at >= run.first_sequence && at < run.next_sequence() &&
          run.hashes[at - run.first_sequence] != key_of(hasher_, entry))
        return false;
    return block.ended();
  }

  Reader& reader_;
  std::uint32_t customer_shards_;
  KeyHasher& hasher_;
  CustomerEntry customer_;
  IdentityEntry identity_;
};

}  // namespace reckoner::storage
