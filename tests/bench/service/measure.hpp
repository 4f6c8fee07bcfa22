// What the benchmark of the service measures, each on stores and processes of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace reckoner::bench {

struct ServiceOptions {
  std::filesystem::path folder;
  std::uint64_t events = 0;           // in the store that batches go into once more
  std::uint64_t customers = 100'000;  // registered, of `memory` and `start`; most sleep
  std::uint64_t awake = 40'000;       // of `memory`
  double seconds = 4;                 // of each rate
  std::size_t connections = 64;
  std::size_t batch_connections = 4;
  bool limits = true;                 // the same load on what does less
  std::vector<std::string> settings;  // "key=value", of the service
};

void measure_singles(const ServiceOptions& options);
void measure_webhooks(const ServiceOptions& options);
// Into an empty store, and into one with `events`.
void measure_batches(const ServiceOptions& options);
void measure_memory(const ServiceOptions& options);
void measure_start(const ServiceOptions& options);
// The Python service beside it, if it is there and can run.
void measure_baseline(const ServiceOptions& options);

}  // namespace reckoner::bench
