// Whether a store holds what it should: the whole journal is folded again, from the first entry on,
// and everything that follows from it (snapshots, rows, indexes, marks, the key log) is compared
// with what is stored. Works beside a living owner, on the store as it was when it began.
// Everybody's state is in memory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/result.hpp"
#include "storage/shards/journal_walk.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

struct VerifyOptions {
  // Nobody writes meanwhile: the caller holds the store's lock, or nobody can have it. Otherwise
  // one reader sees one moment of the store, and one thread does it all.
  bool at_rest = false;
  int threads = 2;         // at rest: shards are folded side by side
  OnProgress on_progress;  // called by one thread at a time; may be empty
};

struct VerifyReport {
  std::uint64_t entries = 0;
  std::uint64_t customers = 0;
  std::uint64_t rows = 0;  // compared
  std::uint64_t set_aside = 0;
  Instant at;                          // of the last entry: what the hashes are taken at
  Money conservation_gap;              // cost − charged − accrued, over all: zero
  std::string state_hash, money_hash;  // hex; empty where the journal itself is damaged
  std::vector<Damage> damages;         // by place: the journal first; at most kMostDamages
  std::uint64_t damages_found = 0;

  bool holds() const { return damages_found == 0 && conservation_gap == Money{}; }
};
inline constexpr std::size_t kMostDamages = 100;

// An error where the store cannot be read at all; all else is in the report.
Result<VerifyReport> verify_store(Store& store, const VerifyOptions& options);

}  // namespace reckoner::storage
