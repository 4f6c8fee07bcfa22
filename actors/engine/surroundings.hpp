// What all actors of an engine share. Lives longer than they do.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "actors/engine/directory.hpp"
#include "actors/engine/engine.hpp"

namespace reckoner::actors {

struct Surroundings {
  const Books& books;
  EngineOptions options;
  EngineEvents events;
  Directory directory;

  // Micros: not later than the earliest instant at which something falls due for whoever is awake.
  std::atomic<std::int64_t> soonest_due{kDistantFuture.micros};

  std::atomic<std::uint64_t> commits{0}, entries{0}, woken{0}, put_to_sleep{0}, set_aside{0};

  Instant now() const { return options.now(); }
};

}  // namespace reckoner::actors
