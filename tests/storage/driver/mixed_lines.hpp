// Histories with something of everything that a store is asked to keep, for tests that break it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reckoner::support {

struct MixedLines {
  std::uint64_t seed = 1;
  std::size_t lines = 100;
  int customers = 8;
  int most_seconds = 40'000;  // from one line to the next
  bool calls = true;          // of the clock, and many books, each of which ends a batch
};

// Usage with keys, sent again, in conflict, without a key, unreadable; customers; webhooks, parked
// ones too, and sent again; settlements, operators' acts, changed books. In order of time.
std::vector<std::string> mixed_lines(const MixedLines& wanted);

}  // namespace reckoner::support
