// The whole service in one process: front door, engine, settlement, keys, on one store. `reckoner
// serve` runs it; tests and benchmarks do, too.
//
// start() listens first, so that whoever asks is told what it is at, then opens the store, which
// recovers what is durable. Errors that name what was configured have code `configuration`; a store
// that somebody holds has `held`. A store that is lost meanwhile is an error of start(), too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "actors/config/configuration.hpp"
#include "actors/log/log.hpp"
#include "engine/basics/result.hpp"
#include "storage/store/loader.hpp"

namespace reckoner::service {

struct ServiceOptions {
  bool take_over = false;  // the store, from a living engine
  // Nothing can be made durable any more: the process is to end, and to start anew. From any
  // thread.
  std::function<void(const storage::StoreError&)> on_dead;
  // All is there, and the first request is about to be taken: from now on what runs is to end by
  // stop(). In start(); may be empty.
  std::function<void()> before_ready;
  // Empty: the system's clock.
  std::function<Instant()> now;
  // Empty: storage::open_store.
  std::function<storage::StoreStatus(const storage::StoreOptions&,
                                     std::unique_ptr<storage::Store>&)>
      open_store;
};

class Service {
 public:
  // Ready when it returns. The log outlives it.
  static Result<std::unique_ptr<Service>> start(const config::Configuration& configuration,
                                                log::Log& log, ServiceOptions options);
  // Without stop() before, as after a kill.
  ~Service();

  std::uint16_t port() const;

  // Takes nothing more, finishes what is in flight, settles what is on its way, writes all that is
  // behind. Blocks. What is said of an error is for the log: nothing acknowledged is lost by it.
  Status stop();

 private:
  class Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::service
