// How the settlement goes about it, whom it tells, and its figures.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/settlement/backoff.hpp"
#include "engine/basics/instant.hpp"

namespace reckoner::settlement {

struct SettlementOptions {
  std::size_t in_flight = 8;       // charges on their way at a time
  std::size_t in_memory = 10'000;  // charges; those beyond stay in the store until there is room
  std::size_t page = 500;          // charges read from the store at a time
  std::uint32_t requests_per_minute = 300;
  BackoffOptions backoff;
  Delay look_again{300'000};  // at the store: for what was left there, and to be safe
  unsigned tell_after = 10;   // failures of one charge in a row, before it is an alarm
  Delay grace{10'000};        // in which stop() waits for those on their way
  // Empty: a good one of its own.
  Random random;
};

// Called on the settlement's thread, which they must not block.
struct SettlementHooks {
  // For people. `what` is stable: "settlement_paused", "settlement_resumed", "settlement_off",
  // "charge_drift", "charge_unsettled"; `detail` is one line.
  std::function<void(std::string_view what, std::string_view detail)> alarm;
  std::function<void(std::string_view line)> log;
};

struct SettlementFigures {
  std::uint64_t waiting = 0, in_flight = 0;  // in memory
  bool more_in_store = false;                // some may wait that are not in memory
  std::optional<Instant> oldest;             // when the oldest of them was decided
  std::string paused;                        // why; empty: it is not
  std::uint64_t drifts = 0;                  // left alone until a person acts
  // Since it began.
  std::uint64_t requests = 0, taken = 0, refused = 0;
};

}  // namespace reckoner::settlement
