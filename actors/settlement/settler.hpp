// The settlement's own rules, without threads, clocks or actors: what is done next, and what
// follows from each answer.
//
//   pending ─▶ record `unknown` ─▶ send ─▶ outcome ─▶ record it
//   unknown ─▶ find ─▶ look up ─▶ not held ─▶ send …
//
// An attempt is durable before its first byte leaves, and no attempt makes a second journal entry:
// a charge that is `unknown` stays so until there is an outcome. All calls, and all that runs by
// `post` and `after`, one at a time.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/polar/settlement_adapter.hpp"
#include "actors/settlement/charge_queue.hpp"
#include "actors/settlement/charge_source.hpp"
#include "actors/settlement/options.hpp"
#include "actors/settlement/pause.hpp"
#include "actors/settlement/request_budget.hpp"
#include "actors/settlement/surroundings.hpp"

namespace reckoner::settlement {

class Settler {
 public:
  // A null adapter: there is no key, all charges wait. What it refers to outlives it, and nothing
  // that it posted runs after it.
  Settler(ChargeSource& source, polar::SettlementAdapter* adapter, const SettlementOptions& options,
          const SettlementHooks& hooks, Surroundings surroundings);

  void start();
  // `some_lost`: there was more news than could be kept.
  void hear(const std::vector<CustomersCharge>& news, bool some_lost);
  // Starts nothing new; once nothing is under way and all outcomes are durable, `on_quiet`.
  void stop(std::function<void()> on_quiet);
  SettlementFigures figures() const;

 private:
  using Pass = Breaker::Pass;
  using Key = std::pair<std::string, std::uint32_t>;

  // A charge that is under way.
  struct Run {
    JobPtr job;
    Pass pass = Pass::go;     // to be given back to pause_, unless it is `go`
    bool held_before = true;  // Polar might have had it before it was sent now
  };

  // settler.cpp: what is next
  void go_on();
  void begin_runs();
  JobPtr take(Pass pass);
  void record_outcomes();
  void wake_at(Moment moment);
  void add(const CustomersCharge& charge, bool fresh);
  void drop(const JobPtr& job);
  void miss();
  void read_store();
  void read_page(const Result<ChargesPage>& page);
  bool is_quiet() const;

  // settler_runs.cpp: one charge
  void step(Run run);
  void found(Run run, Result<std::optional<CustomersCharge>> answer);
  void attempt(Run run);
  void attempted(Run run, Result<CustomersCharge> answer);
  void look_up(Run run);
  void looked_up(Run run, polar::Outcome outcome);
  void send(Run run);
  void sent(Run run, polar::Outcome outcome);
  void failed(Run run, const polar::NotNow& why);
  void still_held(Run run);
  void drifted(Run run, const polar::Drift& drift, bool was_sent);
  void not_held(Run run);
  void answered(Run& run, bool was_sent);
  // How a run ends.
  void outcome(Run run, ChargeStatus status, std::string polar_charge_id, bool was_sent);
  void record_later(const JobPtr& job, Settlement settlement);
  void again(Run run, Delay later);
  void leave(Run run);  // it is forgotten here, and stays in the store
  void recorded(JobPtr job, Result<CustomersCharge> answer);
  void store_failed();
  void tell_unsettled(Job& job, std::string_view why);

  // A callback for any thread, which goes on here with its answer.
  template <class Answer>
  std::function<void(Answer)> then(void (Settler::*next)(Run, Answer), Run run) {
    return [this, next, run = std::move(run), post = around_.post](Answer answer) {
      post([this, next, run, answer = std::move(answer)] { (this->*next)(run, answer); });
    };
  }
  Moment now() const { return around_.now(); }
  void log(const std::string& line) const;

  ChargeSource& source_;
  polar::SettlementAdapter* const adapter_;
  const SettlementOptions& options_;
  const SettlementHooks& hooks_;
  const Surroundings around_;

  ChargeQueue queue_;
  std::deque<JobPtr> to_record_;  // whose outcome waits for the store
  Pause pause_;
  RequestBudget budget_;
  std::set<Key> drifts_;
  std::size_t running_ = 0, recording_ = 0;
  std::uint64_t successes_ = 0;  // charges of which Polar has said something definite
  SettlementFigures totals_;

  // Nothing is asked of the engine before; it was unavailable.
  Moment store_not_before_{};
  unsigned store_failures_ = 0;

  // Reading from the store what there is to settle.
  bool reading_ = false, read_once_ = false;
  bool wanted_ = true;   // the store may have some that are not in memory
  bool missed_ = false;  // and again some that this pass has gone by already
  bool filled_ = false;  // so that it waits until half of it is free
  std::string after_;
  Moment look_again_at_{};

  std::optional<Moment> wake_;
  bool stopping_ = false;
  std::function<void()> on_quiet_;
};

}  // namespace reckoner::settlement
