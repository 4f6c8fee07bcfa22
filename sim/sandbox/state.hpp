// Everything that the sandbox is, but for its sockets and threads.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "actors/http/message.hpp"
#include "sim/sandbox/deliveries.hpp"
#include "sim/sandbox/faults.hpp"
#include "sim/sandbox/model.hpp"

namespace reckoner::sim::sandbox {

// Requests of the API by path and minute: "POST /api/v1/charges". Bounded: ids in paths do not
// count apart, and minutes longer ago than a day are forgotten.
class RequestCounts {
 public:
  void count(const http::Request& request, Instant now);
  void clear() { by_path_.clear(); }

  using ByMinute = std::map<std::int64_t, std::uint64_t>;  // minutes since 1970
  const std::map<std::string, ByMinute>& all() const { return by_path_; }

 private:
  std::map<std::string, ByMinute> by_path_;
};

struct Totals {
  std::uint64_t customers = 0, subscriptions = 0, charges = 0;
  std::uint64_t charge_requests = 0;  // for charges that were taken, repeats included
  std::uint64_t conflicts = 0;        // repeats with other content
  Money charged;
};

struct State {
  Model model;
  Faults faults;
  Deliveries deliveries;
  RequestCounts requests;
  Micros advanced = 0;  // what the time of events is ahead of the world's

  Totals totals() const;
};

// All of it as GET /_sandbox/state shows it; `brief`: without what there may be many of.
std::string state_json(const State& state, bool brief);
// {"active":[…],"fired":{…}}
std::string faults_json(const Faults& faults);

}  // namespace reckoner::sim::sandbox
