// Prepared requests in order over some connections, each sent when the answer to the one before is
// there; for a time, or until all are sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/drive/latencies.hpp"
#include "sim/drive/target.hpp"
#include "tests/bench/service/traffic.hpp"

namespace reckoner::bench {

struct Loaded {
  std::uint64_t requests = 0, events = 0;    // answered with 200
  std::uint64_t sent_events = 0;             // they are the first ones of those that were prepared
  std::uint64_t refused = 0, lost = 0;       // requests: of other statuses; without an answer
  std::string first_refused;                 // what it said
  std::uint64_t expected = 0, accepted = 0;  // events, of the requests that were answered
  sim::Latencies latencies;
  double seconds = 0;

  double events_per_second() const { return static_cast<double>(events) / seconds; }
  // Whether what the server says of all events is what it should be.
  bool right() const { return refused == 0 && lost == 0 && expected == accepted; }
};

// `after_answer` may be empty.
Loaded load_with(const sim::Target& target, std::size_t connections,
                 const std::vector<Prepared>& requests, std::chrono::duration<double> at_most,
                 const std::function<void(const Loaded& so_far)>& after_answer = {});

}  // namespace reckoner::bench
