// What a store must hold after midnight, found without the engine's help: from the tables, and from
// a plain replay of its journal.
#pragma once

#include <cstdint>
#include <string>

#include "engine/ledger/report.hpp"
#include "storage/store/store.hpp"
#include "tests/e2e/million/population.hpp"

namespace reckoner::million {

// Rows of the due index that lie at or before `at`.
std::uint64_t due_rows(storage::Reader& reader, Instant at);

struct ChargesFound {
  std::uint64_t at_midnight = 0;  // of anybody
  // Of those whom the load left alone.
  std::uint64_t sleepers = 0, sleepers_wanted = 0;
  std::uint64_t wrong = 0;  // one too many, or of another amount
};
ChargesFound charges_at_midnight(storage::Reader& reader, const Population& population);

// Rows of `users`, of those whom the load left alone, with another tier than they end with.
std::uint64_t wrong_tiers(storage::Reader& reader, const Population& population,
                          std::uint64_t& rows);

struct Replayed {
  std::string state_hash, money_hash;
  ReportTotals totals;
  std::uint64_t lines = 0;
  std::string failure;  // empty: none
};
// The journal as a history, folded in memory until `until`.
Replayed replay(storage::Store& store, Instant until);

}  // namespace reckoner::million
