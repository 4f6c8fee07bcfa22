// Stores for the service to run on, written by the driver inline, which is fast. Each is a folder
// with a store.db in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace reckoner::bench {

struct Filled {
  std::uint64_t next = 0;      // the first event of the stream that is not in it
  std::optional<double> rate;  // events/s of the store alone, in batches of `limit_batch`
};

// The active customers, registered and linked, and `customers` in all; the stream's first `events`.
// Then as many events as `limit_events` in batches of `limit_batch`, timed; nothing is measured if
// they are 0. Last, everybody is brought forward to now, so that the clock has nothing to catch up
// with.
struct FillOptions {
  std::uint64_t customers = 0, events = 0, limit_events = 0;
  std::size_t limit_batch = 1'000;
};
Filled fill_store(const std::filesystem::path& folder, const FillOptions& options);

// So many customers of the built-in book, each linked, with a subscription, usage in this month and
// the two before it, and five open charges.
void fill_with_lived(const std::filesystem::path& folder, std::uint64_t customers);
std::string lived_customer(std::uint64_t number);

}  // namespace reckoner::bench
