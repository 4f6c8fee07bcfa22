// A chunk of the key log: the hashes of a run of a shard's entries, as a row of Table::key_log. All
// numbers little endian: version (4 bytes), shard (4), first sequence (8), count (4), zero (4), the
// hashes (8 each), and an XXH3-128 of all before it (16), seeded from the store's secret, so that
// another store's chunk is not taken for this one's. The row's key is the shard (4 bytes) and the
// first sequence (8), big endian: rows lie in order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/dedupe/key_hash.hpp"

namespace reckoner::storage {

// What a journal's entry has for deduplication.
struct EntryKey {
  std::uint64_t hash;  // or kNoKey
  std::uint32_t shard;
  std::uint32_t sequence;
};

// A run of entries of one shard.
struct KeyRun {
  std::uint32_t shard = 0;
  std::uint64_t first_sequence = 1;
  std::vector<std::uint64_t> hashes;  // kNoKey for an entry without one

  std::uint64_t next_sequence() const { return first_sequence + hashes.size(); }
};

std::string chunk_key(std::uint32_t shard, std::uint64_t first_sequence);
// The shard that the key of a row begins with; empty: it is too short to have one.
std::optional<std::uint32_t> shard_of_chunk(std::string_view key);

// Any thread; holds nothing but the seed.
class ChunkFormat {
 public:
  explicit ChunkFormat(const KeySecret& secret);

  // Not for an empty run.
  std::string encode(const KeyRun& run) const;
  // False where these are not the bytes that a run was encoded to, under the key that it goes by:
  // then `run` holds nothing of use.
  bool decode(std::string_view key, std::string_view value, KeyRun& run) const;

 private:
  std::uint64_t seed_;
};

}  // namespace reckoner::storage
