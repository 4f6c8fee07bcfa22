#include "actors/settlement/settler.hpp"

#include <algorithm>

namespace reckoner::settlement {
namespace {

constexpr unsigned kWornOut = 3;  // failures of the only probe, before another is tried

bool to_settle(ChargeStatus status) {
  return status == ChargeStatus::pending || status == ChargeStatus::unknown;
}

}  // namespace

Settler::Settler(ChargeSource& source, polar::SettlementAdapter* adapter,
                 const SettlementOptions& options, const SettlementHooks& hooks,
                 Surroundings surroundings)
    : source_(source),
      adapter_(adapter),
      options_(options),
      hooks_(hooks),
      around_(std::move(surroundings)),
      queue_(std::max<std::size_t>(options.in_memory, 1)),
      pause_(options, hooks, around_.random),
      budget_(options.requests_per_minute) {}

void Settler::start() {
  if (adapter_ == nullptr && hooks_.alarm)
    hooks_.alarm("settlement_off",
                 "polar.api_key is not set: charges wait and none is sent; set "
                 "it and restart");
  go_on();
}

void Settler::hear(const std::vector<CustomersCharge>& news, bool some_lost) {
  if (some_lost) miss();
  for (const CustomersCharge& charge : news) {
    const ChargeStatus status = charge.charge.status;
    // Somebody has acted on it since.
    if (status != ChargeStatus::unknown) drifts_.erase({charge.customer_id, charge.charge.number});
    const JobPtr job = queue_.find(charge.customer_id, charge.charge.number);
    if (job != nullptr && queue_.busy(*job)) {
      // A retry can be heard before the failure that it follows has come back from the store.
      job->asked_again = status == ChargeStatus::pending;
    } else if (to_settle(status)) {
      add(charge, status == ChargeStatus::pending);
    } else if (job != nullptr) {
      queue_.drop(job);
    }
  }
  go_on();
}

void Settler::stop(std::function<void()> on_quiet) {
  stopping_ = true;
  on_quiet_ = std::move(on_quiet);
  go_on();
}

SettlementFigures Settler::figures() const {
  SettlementFigures out = totals_;
  out.waiting = queue_.waiting();
  out.in_flight = queue_.size() - queue_.waiting();
  out.more_in_store = wanted_;
  out.oldest = queue_.oldest();
  out.paused = adapter_ == nullptr ? "polar.api_key is not set" : pause_.reason();
  out.drifts = drifts_.size();
  return out;
}

void Settler::go_on() {
  record_outcomes();
  if (stopping_) {
    if (is_quiet() && on_quiet_) std::exchange(on_quiet_, nullptr)();
    return;
  }
  read_store();
  begin_runs();
}

bool Settler::is_quiet() const {
  return running_ == 0 && recording_ == 0 && to_record_.empty();
}

void Settler::begin_runs() {
  if (adapter_ == nullptr || !read_once_) return;
  while (running_ + recording_ + to_record_.size() < options_.in_flight) {
    const std::optional<Moment> turn = queue_.next_turn();
    if (!turn) return;
    const Moment at = now();
    const Moment earliest = std::max({*turn, store_not_before_, at + budget_.wait(at)});
    if (earliest > at) return wake_at(earliest);
    const Pass pass = pause_.start(at);
    if (pass == Pass::no) {
      if (!pause_.breaker().probing()) wake_at(pause_.breaker().probe_at());
      return;
    }
    const JobPtr job = take(pass);
    if (job == nullptr) return pause_.released(pass);
    ++running_;
    step({job, pass});
  }
}

// A probe is a charge that is `unknown` already: so an outage, however long, adds nothing to the
// journal. But one that fails for a reason of its own must not hold up all the others.
JobPtr Settler::take(Pass pass) {
  const Moment at = now();
  if (pass == Pass::go) return queue_.take(at, [](const Job&) { return true; });
  std::size_t unknown = 0;
  bool worn_out = false;
  const auto is_unknown = [](const Job& job) { return job.status() == ChargeStatus::unknown; };
  queue_.take(at, [&](const Job& job) {
    unknown += is_unknown(job) ? 1 : 0;
    worn_out = worn_out || (is_unknown(job) && job.failures >= kWornOut);
    return false;
  });
  if (unknown == 0 || (unknown == 1 && worn_out))
    if (const JobPtr job = queue_.take(at, [&](const Job& held) { return !is_unknown(held); }))
      return job;
  return queue_.take(at, is_unknown);
}

void Settler::record_outcomes() {
  while (!to_record_.empty() && recording_ < options_.in_flight) {
    if (now() < store_not_before_) return wake_at(store_not_before_);
    const JobPtr job = to_record_.front();
    to_record_.pop_front();
    ++recording_;
    source_.record(job->charge.customer_id, *job->outcome,
                   [this, job, post = around_.post](Result<CustomersCharge> answer) {
                     post([this, job, answer = std::move(answer)] { recorded(job, answer); });
                   });
  }
}

void Settler::wake_at(Moment moment) {
  if (wake_ && *wake_ <= moment) return;
  wake_ = moment;
  around_.after(std::chrono::ceil<Delay>(std::max(moment - now(), Moment::duration(0))), [this] {
    wake_.reset();
    go_on();
  });
}

void Settler::add(const CustomersCharge& charge, bool fresh) {
  if (drifts_.contains({charge.customer_id, charge.charge.number})) return;
  // It waits in the store until its customer is linked. (A list from there does not say.)
  if (fresh && charge.polar_customer_id.empty()) return;
  if (queue_.add(charge, fresh, now()) == ChargeQueue::Added::full) miss();
}

// Done with here, unless somebody has asked for it again meanwhile: then it is looked at anew.
void Settler::drop(const JobPtr& job) {
  queue_.drop(job);
  if (job->asked_again) add(job->charge, false);
}

void Settler::miss() {
  if (wanted_) {
    missed_ = true;
  } else {
    wanted_ = true;
    after_.clear();
  }
}

void Settler::read_store() {
  if (reading_) return;
  const Moment at = now();
  if (!wanted_ && at >= look_again_at_) miss();
  if (!wanted_) return wake_at(look_again_at_);
  if (at < store_not_before_) return wake_at(store_not_before_);
  if (queue_.room() == 0) filled_ = read_once_ = true;
  if (filled_ && queue_.room() * 2 < options_.in_memory) return;
  filled_ = false;
  reading_ = true;
  source_.to_settle(after_, std::min(queue_.room(), options_.page),
                    [this, post = around_.post](Result<ChargesPage> page) {
                      post([this, page = std::move(page)] { read_page(page); });
                    });
}

void Settler::read_page(const Result<ChargesPage>& page) {
  reading_ = false;
  if (!page) {
    store_failed();
    return go_on();
  }
  store_failures_ = 0;
  for (const CustomersCharge& charge : page.value().charges)
    if (to_settle(charge.charge.status)) add(charge, false);
  after_ = page.value().next;
  if (after_.empty()) {
    read_once_ = true;
    wanted_ = std::exchange(missed_, false);
    look_again_at_ = now() + options_.look_again;
  }
  go_on();
}

void Settler::store_failed() {
  const Moment at = now();
  if (at < store_not_before_) return;  // one of several that failed together
  store_not_before_ = at + backoff(options_.backoff, ++store_failures_, around_.random);
}

void Settler::log(const std::string& line) const {
  if (hooks_.log) hooks_.log(line);
}

}  // namespace reckoner::settlement
