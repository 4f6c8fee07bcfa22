// Polar as the settlement sees it, on virtual time: takes charges once for each id, and fails as a
// test says.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "actors/polar/settlement_adapter.hpp"
#include "tests/actors/settlement/virtual_time.hpp"

namespace reckoner::settlement {

enum class Deed : std::uint8_t {
  good,
  refuse,         // 402
  no_key,         // 401
  too_many,       // 429, Retry-After: 60
  broken_before,  // 500, nothing done
  broken_after,   // 500, taken all the same
  lost_before,    // closed without an answer, nothing done
  lost_after,     // taken, and the answer lost
  no_connection,
  conflict,     // 409, whether it holds it or not
  cannot_look,  // of a look-up: 404
};

class PolarModel : public polar::SettlementAdapter {
 public:
  explicit PolarModel(VirtualTime& time) : time_(time) {}

  struct Held {
    Cents amount = 0;
    std::string id;
    int takes = 0;  // more than one would be a charge taken twice
  };

  void send(const polar::ChargeOrder& order, polar::OnOutcome on_outcome) override;
  void look_up(const polar::ChargeOrder& order, polar::OnOutcome on_outcome) override;

  // What it does about a call; by default all is good.
  std::function<Deed(const polar::ChargeOrder&, bool is_send)> deed =
      [](const polar::ChargeOrder&, bool) { return Deed::good; };
  std::function<Delay()> delay = [] { return Delay(10); };

  std::map<std::string, Held> held;
  std::vector<std::string> calls;  // "send ada:1", "look ada:1"
  std::vector<Delay> call_times;
  std::size_t under_way = 0, most_under_way = 0;

  std::size_t count(const std::string& call) const;

 private:
  void answer(polar::OnOutcome on_outcome, polar::Outcome outcome);
  void note(const std::string& call);
  void take(const polar::ChargeOrder& order);
  polar::Outcome shown(const polar::ChargeOrder& order) const;

  VirtualTime& time_;
};

}  // namespace reckoner::settlement
