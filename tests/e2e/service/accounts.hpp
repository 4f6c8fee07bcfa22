// What must be true in the end, whatever happened on the way.
#pragma once

#include "tests/e2e/service/stand.hpp"
#include "tests/e2e/service/traffic.hpp"

namespace reckoner::e2e {

// How much of it there was, so that a test can see that it tested something.
struct Accounts {
  std::size_t charges_taken = 0, charges_left = 0, usage = 0, webhooks = 0;
};

// Sends again what had no answer, waits until all charges are settled, and stops the engine. Then:
// - nothing that was acknowledged is missing, and nothing is there twice;
// - tokens and requests of each customer are what the sender knows;
// - each charge that is not held or written off is at the sandbox, exactly once, and no other is;
// - `storage verify` finds nothing, and a replay of `export` comes to the engine's state hash.
Accounts settle_accounts(Stand& stand, Traffic& traffic);

// The last part of it, for tests with requests of their own: the engine runs, and is stopped.
Accounts compare_with_sandbox_and_replay(Stand& stand);

// The report of a replay of what `export` wrote last.
boost::json::object replayed(const Stand& stand, const std::string& until);

}  // namespace reckoner::e2e
