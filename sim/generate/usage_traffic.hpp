// What the usage of a made-up history is: whose, how many tokens, and what is wrong with some of
// it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/generate/events.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim {

inline constexpr auto kOperations = std::to_array<std::string_view>(
    {"context.generate", "memory.store", "memory.search", "llm.chat", "llm.code"});

class UsageTraffic {
 public:
  UsageTraffic(std::uint64_t seed, std::uint32_t customers, Instant from);

  // The next usage, not before the one before it, by one of the first `signed_up` customers.
  UsageEvent next(Instant at, bool in_burst, std::uint32_t signed_up);

  // A burst that began ends: the next one is another customer's.
  void end_burst() { burst_by_ = -1; }

  Random& random() { return random_; }

 private:
  const UsageEvent* recent(Instant at);
  UsageEvent repeat(const UsageEvent& first, Instant at);
  UsageEvent fresh(Instant at, std::uint32_t who);
  void make_late(UsageEvent& usage);
  void make_bad(UsageEvent& usage);
  std::int64_t draw_tokens(std::uint8_t operation);

  Random random_;
  HeavyTailPicker picker_;
  Instant from_;
  std::uint64_t made_ = 0;
  std::int64_t burst_by_ = -1;            // -1: nobody
  std::array<UsageEvent, 128> recent_{};  // good ones, for repeats, in a ring
  std::uint64_t remembered_ = 0;
};

}  // namespace reckoner::sim
