// The identity stream, folded again: its tables, and the notices that must have come of it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/identity/memory_tables.hpp"
#include "storage/dedupe/key_hash.hpp"
#include "storage/verify/key_log_check.hpp"
#include "storage/verify/repeat_check.hpp"
#include "storage/verify/row_check.hpp"

namespace reckoner::storage {

// Which notices the customers' shards must hold, each once. Filled by one thread; then each shard's
// thread ticks off its own.
class ExpectedNotices {
 public:
  void expect(const CustomerEntry& entry);
  // The identity stream is damaged: what else should come of it is not known, and any will do.
  void lose_count() { complete_ = false; }
  // Whether it is the one, and comes for the first time.
  bool tick(const CustomerEntry& entry);
  // The identity entries whose notice did not come.
  std::vector<std::uint64_t> missing() const;

 private:
  static std::uint64_t hash_of(const CustomerEntry& entry);

  std::vector<std::uint64_t> hashes_;  // by identity sequence; 0: nobody's
  std::vector<std::uint8_t> heard_;
  bool complete_ = true;
};

struct IdentityFold {
  ShardHead head;
  MemoryIdentityTables tables;
  bool whole = false;  // the journal's part could be read to its end
};

// Folds the shard and compares the tables. `beside`: a second reader, not of
// an earlier moment.
void check_identity(Reader& reader, Reader& beside, std::uint32_t shard, const Books& books,
                    KeyLogCheck& keys, ExpectedNotices& notices, IdentityFold& fold,
                    RowCounts& counts, Findings& findings);

}  // namespace reckoner::storage
