// Makes up a history of any size: customers, their life at Polar, and their usage, with the share
// of repeats, late and bad events that a billing engine meets. The same options give the same
// bytes, on every platform. What it keeps in memory grows with the customers, not with the events.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/basics/instant.hpp"

namespace reckoner::sim {

inline constexpr std::uint64_t kMaxCustomers = 10'000'000;
inline constexpr std::uint64_t kMaxDays = 3650;
inline constexpr std::uint64_t kMaxEvents = 1'000'000'000;

struct GenerateOptions {
  std::uint64_t customers = 100;  // 1 to kMaxCustomers
  std::uint64_t days = 30;        // 1 to kMaxDays
  std::uint64_t seed = 1;
  std::uint64_t events = 0;  // usage events, repeats among them; 0: as many as usage_events says
  Instant from{1'767'225'600 * kSecond};  // 2026-01-01T00:00:00Z
};

// About 50 for each customer and month, and 10 million at most, if the options do not say.
std::uint64_t usage_events(const GenerateOptions& options);

// Hands the lines to `sink` in order of their `at`, each valid during the call. `progress` is told
// how much of the customers and the usage events is done.
void generate(const GenerateOptions& options,
              const std::function<void(std::string_view line)>& sink,
              const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace reckoner::sim
