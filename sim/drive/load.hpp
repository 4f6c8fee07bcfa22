// A plain load for benchmarks: prepared requests over some connections, each sent when the answer
// to the one before is there.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/drive/exchange.hpp"
#include "sim/drive/latencies.hpp"
#include "sim/drive/target.hpp"

namespace reckoner::sim {

struct LoadOptions {
  Target target;
  std::size_t connections = 64;
  std::vector<std::string> requests;  // whole ones, as bytes; dealt out in turn
  std::size_t rounds = 1;             // how often each is sent
};

struct LoadResult {
  std::uint64_t answers = 0;
  std::uint64_t failures = 0;  // not sent, or lost; not sent again
  std::map<unsigned, std::uint64_t> statuses;
  Latencies latencies;
  std::chrono::duration<double> took{0};

  double per_second() const {
    return took.count() > 0 ? static_cast<double>(answers) / took.count() : 0;
  }
};

// The calling thread does all of it. Errors as exchange.
Result<LoadResult> run_load(const LoadOptions& options);

}  // namespace reckoner::sim
