// A store of many customers, an engine on it as `serve` would have one, and a clock that stands
// just before midnight of the 1st when the engine is ready for the first time.
#pragma once

#include <chrono>
#include <memory>

#include "actors/engine/engine.hpp"
#include "tests/e2e/million/population.hpp"
#include "tests/e2e/million/watch.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::million {

// Real time, moved by an offset.
class ShiftedClock {
 public:
  void set(Instant now) { offset_ = now - actors::system_now(); }
  Instant now() const { return actors::system_now() + offset_; }

 private:
  Micros offset_ = 0;
};

struct StandOptions {
  std::size_t awake = 100'000;
  Micros idle = 5 * kSecond;
};

class Stand {
 public:
  Stand(const Population& population, StandOptions options)
      : population_(population), options_(options) {}

  // In a process of its own, so that this one's memory is the engine's alone.
  void fill();
  const Filled& filled() const { return filled_; }

  ShiftedClock clock;

  // What opening found. The store is not open. `now`: what the clock says when the engine begins;
  // without it, it goes on.
  storage::OpeningCounts start(Watch& watch, std::optional<Instant> now = {});
  actors::Engine& engine() { return *engine_; }
  void stop();
  // As after a kill, if it has not stopped.
  void abandon() { engine_.reset(); }
  // After stop().
  std::unique_ptr<storage::Store> at_rest() const { return store_.open_store(); }

 private:
  const Population& population_;
  StandOptions options_;
  support::TestStore store_{"sqlite"};
  Filled filled_;
  std::unique_ptr<actors::Engine> engine_;
};

}  // namespace reckoner::million
