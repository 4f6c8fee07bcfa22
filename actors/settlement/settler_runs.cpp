// One charge on its way: each function is what follows from an answer.
#include "actors/settlement/settler.hpp"

namespace reckoner::settlement {
namespace {

constexpr unsigned kTroubled = 3;  // failures, before its own are told from everybody's

std::string id_of(const Job& job) {
  return charge_id(job.charge.customer_id, job.number());
}

polar::ChargeOrder order_of(const Job& job) {
  return {id_of(job), job.charge.polar_customer_id, job.charge.charge.amount,
          job.charge.charge.tokens};
}

bool is_linked(const Job& job) {
  return !job.charge.polar_customer_id.empty();
}

// The engine has no such charge any more, or its status does not allow it.
bool is_over(const Error& error) {
  return error.code == "unknown_charge" || error.code == "unknown_customer";
}

polar::NotNow not_understood() {
  return {polar::NotNow::Cause::unreadable, "the adapter's answer is none to this call",
          std::nullopt, true};
}

}  // namespace

void Settler::step(Run run) {
  if (run.job->fresh) return attempt(std::move(run));
  const CustomersCharge& charge = run.job->charge;
  source_.find(charge.customer_id, charge.charge.number,
               then<Result<std::optional<CustomersCharge>>>(&Settler::found, run));
}

void Settler::found(Run run, Result<std::optional<CustomersCharge>> answer) {
  if (!answer && !is_over(answer.error())) {
    store_failed();
    return again(std::move(run), Delay::zero());
  }
  if (!answer || !answer.value()) return leave(std::move(run));
  store_failures_ = 0;
  Job& job = *run.job;
  job.charge = *answer.value();
  if (stopping_) return again(std::move(run), Delay::zero());
  if (job.status() == ChargeStatus::pending) return attempt(std::move(run));
  if (job.status() != ChargeStatus::unknown) return leave(std::move(run));
  if (job.may_be_held) return look_up(std::move(run));
  send(std::move(run));
}

// Durable before the first byte leaves: whatever happens then, the next start finds it `unknown`.
void Settler::attempt(Run run) {
  if (!is_linked(*run.job)) return leave(std::move(run));
  if (const Delay wait = budget_.wait(now()); wait > Delay::zero())
    return again(std::move(run), wait);
  source_.record(run.job->charge.customer_id, {run.job->number(), ChargeStatus::unknown, {}},
                 then<Result<CustomersCharge>>(&Settler::attempted, run));
}

void Settler::attempted(Run run, Result<CustomersCharge> answer) {
  if (!answer && !is_over(answer.error())) {
    store_failed();
    return again(std::move(run), Delay::zero());
  }
  if (!answer) return leave(std::move(run));
  store_failures_ = 0;
  Job& job = *run.job;
  job.charge = answer.value();
  if (job.status() != ChargeStatus::unknown) return leave(std::move(run));
  job.may_be_held = false;
  if (stopping_) return again(std::move(run), Delay::zero());
  send(std::move(run));
}

void Settler::look_up(Run run) {
  if (!budget_.take(now())) return again(std::move(run), budget_.wait(now()));
  ++totals_.requests;
  adapter_->look_up(order_of(*run.job), then<polar::Outcome>(&Settler::looked_up, run));
}

void Settler::looked_up(Run run, polar::Outcome outcome) {
  if (const auto* taken = std::get_if<polar::Taken>(&outcome))
    return this->outcome(std::move(run), taken->status, taken->polar_charge_id, false);
  if (const auto* drift = std::get_if<polar::Drift>(&outcome))
    return drifted(std::move(run), *drift, false);
  if (const auto* why = std::get_if<polar::NotNow>(&outcome)) return failed(std::move(run), *why);
  const bool absent = std::holds_alternative<polar::Absent>(outcome);
  if (!absent && !std::holds_alternative<polar::CannotLook>(outcome))
    return failed(std::move(run), not_understood());
  if (absent) run.job->may_be_held = false;
  if (absent && !is_linked(*run.job)) return not_held(std::move(run));
  if (stopping_) return again(std::move(run), Delay::zero());
  send(std::move(run));
}

void Settler::send(Run run) {
  if (!is_linked(*run.job)) return leave(std::move(run));
  if (!budget_.take(now())) return again(std::move(run), budget_.wait(now()));
  ++totals_.requests;
  run.held_before = std::exchange(run.job->may_be_held, true);
  adapter_->send(order_of(*run.job), then<polar::Outcome>(&Settler::sent, run));
}

void Settler::sent(Run run, polar::Outcome outcome) {
  if (const auto* taken = std::get_if<polar::Taken>(&outcome))
    return this->outcome(std::move(run), taken->status, taken->polar_charge_id, true);
  if (const auto* refused = std::get_if<polar::Refused>(&outcome)) {
    log("charge " + id_of(*run.job) + " is refused: " + refused->why);
    return this->outcome(std::move(run), ChargeStatus::failed, {}, true);
  }
  if (const auto* drift = std::get_if<polar::Drift>(&outcome))
    return drifted(std::move(run), *drift, true);
  if (std::holds_alternative<polar::Held>(outcome)) return still_held(std::move(run));
  const auto* why = std::get_if<polar::NotNow>(&outcome);
  if (why != nullptr && !why->may_be_taken) run.job->may_be_held = run.held_before;
  failed(std::move(run), why != nullptr ? *why : not_understood());
}

void Settler::failed(Run run, const polar::NotNow& why) {
  Job& job = *run.job;
  if (job.failures++ == 0) job.successes_before = successes_;
  // Others get through: it is this charge, or its customer, that Polar stumbles over.
  const bool troubled = job.failures > kTroubled && successes_ > job.successes_before &&
                        why.cause != polar::NotNow::Cause::too_many;
  if (troubled) {
    tell_unsettled(job, why.why);
    return again(std::move(run), backoff(options_.backoff, job.failures, around_.random));
  }
  pause_.failed(std::exchange(run.pass, Pass::go), now(), why);
  log("charge " + id_of(job) + " waits: " + why.why);
  again(std::move(run), Delay::zero());
}

void Settler::still_held(Run run) {
  Job& job = *run.job;
  answered(run, true);
  ++job.failures;
  tell_unsettled(job, "Polar says that it holds it, and does not show it");
  again(std::move(run), backoff(options_.backoff, job.failures, around_.random));
}

void Settler::drifted(Run run, const polar::Drift& drift, bool was_sent) {
  answered(run, was_sent);
  const Job& job = *run.job;
  if (drifts_.size() >= options_.in_memory) drifts_.erase(drifts_.begin());  // told again later
  drifts_.insert({job.charge.customer_id, job.number()});
  if (hooks_.alarm)
    hooks_.alarm("charge_drift", "charge " + id_of(job) + ": " + drift.why +
                                     "; it is left alone until a person acts");
  leave(std::move(run));
}

// It cannot be sent, and Polar does not hold it: durable, so that an operator may write it off.
void Settler::not_held(Run run) {
  pause_.released(run.pass);
  record_later(run.job, {run.job->number(), ChargeStatus::pending, {}});
}

// Polar said something definite. Only what it says to a charge that is sent shows that it takes
// them; but where none is left to show it, a look-up must do.
void Settler::answered(Run& run, bool was_sent) {
  ++successes_;
  const Pass pass = std::exchange(run.pass, Pass::go);
  if (was_sent || queue_.waiting() == 0)
    pause_.succeeded(pass);
  else
    pause_.released(pass);
}

void Settler::outcome(Run run, ChargeStatus status, std::string polar_charge_id, bool was_sent) {
  answered(run, was_sent);
  Job& job = *run.job;
  job.failures = 0;
  ++(status == ChargeStatus::failed ? totals_.refused : totals_.taken);
  record_later(run.job, {job.number(), status, std::move(polar_charge_id)});
}

void Settler::record_later(const JobPtr& job, Settlement settlement) {
  job->outcome = std::move(settlement);
  to_record_.push_back(job);
  --running_;
  go_on();
}

void Settler::recorded(JobPtr job, Result<CustomersCharge> answer) {
  --recording_;
  if (answer || is_over(answer.error())) {
    store_failures_ = answer ? 0 : store_failures_;
    log("charge " + id_of(*job) + " is " + std::string(charge_status_name(job->outcome->status)) +
        (job->outcome->polar_charge_id.empty() ? ""
                                               : " at Polar as " + job->outcome->polar_charge_id) +
        (answer ? "" : ", and the engine knows better already"));
    drop(job);
  } else {
    store_failed();
    to_record_.push_back(std::move(job));
  }
  go_on();
}

void Settler::again(Run run, Delay later) {
  run.job->fresh = false;
  pause_.released(run.pass);
  --running_;
  queue_.put_back(run.job, now() + later);
  go_on();
}

void Settler::leave(Run run) {
  pause_.released(run.pass);
  --running_;
  drop(run.job);
  go_on();
}

void Settler::tell_unsettled(Job& job, std::string_view why) {
  if (job.told || job.failures < options_.tell_after || !hooks_.alarm) return;
  job.told = true;
  hooks_.alarm("charge_unsettled", "charge " + id_of(job) + " finds no outcome, while others do: " +
                                       std::string(why) + "; it is tried again and again");
}

}  // namespace reckoner::settlement
