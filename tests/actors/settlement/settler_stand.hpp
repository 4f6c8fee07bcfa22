// The settlement's rules between a ledger and a Polar that does as it is told, on virtual time.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "actors/settlement/settler.hpp"
#include "tests/actors/settlement/ledger_charges.hpp"
#include "tests/actors/settlement/polar_model.hpp"

namespace reckoner::settlement {

struct SettlerStand {
  VirtualTime time;
  LedgerCharges charges{time};
  PolarModel polar{time};
  SettlementOptions options;
  SettlementHooks hooks;
  std::vector<std::string> alarms;  // "settlement_paused: …"
  std::mt19937_64 random{1};
  std::unique_ptr<Settler> settler;  // null: not started
  int life = 0;

  SettlerStand() {
    options.requests_per_minute = 60'000;
    hooks.alarm = [this](std::string_view what, std::string_view detail) {
      alarms.push_back(std::string(what) + ": " + std::string(detail));
    };
    charges.news = [this](const CustomersCharge& charge) {
      if (settler != nullptr)
        time.after(Delay::zero(), [this, charge, life = life] {
          if (life == this->life) settler->hear({charge}, false);
        });
    };
  }
  void start(bool with_key = true) {
    Surroundings around =
        time.surroundings([this](std::uint64_t most) { return most == 0 ? 0 : random() % most; });
    const auto of_this_life = [this, life = life](std::function<void()> run) {
      return [this, life, run = std::move(run)] {
        if (life == this->life) run();
      };
    };
    around.post = [=, post = around.post](std::function<void()> run) {
      post(of_this_life(std::move(run)));
    };
    around.after = [=, after = around.after](Delay delay, std::function<void()> run) {
      after(delay, of_this_life(std::move(run)));
    };
    settler = std::make_unique<Settler>(charges, with_key ? &polar : nullptr, options, hooks,
                                        std::move(around));
    settler->start();
  }
  // As kill -9 and a new start: what was on its way to Polar or the store may still arrive.
  void restart() {
    ++life;
    settler.reset();
    start();
  }
  void pass(std::int64_t milliseconds) { time.pass(Delay(milliseconds)); }
  // With a charge for each.
  void customers(int from, int to) {
    for (int i = from; i < to; ++i) {
      charges.customer(name(i), "P" + std::to_string(i));
      charges.charge(name(i));
    }
  }
  static std::string name(int i) { return "c" + std::to_string(1'000 + i); }

  std::size_t alarms_of(const std::string& what) const {
    return static_cast<std::size_t>(
        std::count_if(alarms.begin(), alarms.end(),
                      [&](const std::string& alarm) { return alarm.starts_with(what + ":"); }));
  }
  bool each_taken_once() const {
    return std::all_of(polar.held.begin(), polar.held.end(),
                       [](const auto& held) { return held.second.takes == 1; });
  }
};

}  // namespace reckoner::settlement
