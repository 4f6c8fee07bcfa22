// A store with a history in it that leaves rows in every table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/replay/replayer.hpp"
#include "storage/history/history_import.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::support {

struct FillOptions {
  std::uint64_t seed = 1;
  std::uint64_t events = 3'000;
  std::uint64_t customers = 60;
  bool close = true;  // in order; otherwise the driver is dropped as after a crash
};

struct Filled {
  std::string state_hash;        // at the last entry
  std::string state_hash_until;  // at `until`
  Instant until;                 // the last line
  std::uint64_t entries = 0;     // in the journal
};

// The lines of the history: generated, and a few by hand for what the generator does not make.
std::vector<std::string> filling_lines(const FillOptions& options);

// Books change on the way; marks are written often.
Filled fill(TestStore& store, const FillOptions& options);

}  // namespace reckoner::support
