// Two hashes that say whether two folds came to the same (architecture.md, State hash).
#pragma once

#include "engine/basics/sha256.hpp"
#include "engine/ledger/ledger.hpp"

namespace reckoner {

// Over all customers by bytes of id, each brought forward to `at`, in canonical encoding; then
// over the Polar customers that are remembered or have parked events. The ledger stays as it is.
Digest state_hash(const Ledger& ledger, Instant at);

// The same without instants of acceptance, statuses and Polar's ids: for comparing runs that
// stamped different times.
Digest money_hash(const Ledger& ledger, Instant at);

}  // namespace reckoner
