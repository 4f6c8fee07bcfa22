#include "actors/settlement/charge_queue.hpp"

#include "engine/basics/check.hpp"

namespace reckoner::settlement {

ChargeQueue::Added ChargeQueue::add(const actors::CustomersCharge& charge, bool fresh, Moment now) {
  if (find(charge.customer_id, charge.charge.number) != nullptr) return Added::known;
  if (size_ >= most_) return Added::full;
  auto job = std::make_shared<Job>();
  job->charge = charge;
  job->fresh = fresh;
  job->not_before_ = now;
  job->turn_ = ++turns_given_;

  Customer& customer = customers_[charge.customer_id];
  const JobPtr first = customer.empty() ? nullptr : customer.begin()->second;
  customer.emplace(job->number(), job);
  if (customer.begin()->second == job) {
    if (first != nullptr) turns_.erase(turn_of(first));
    // While a later one is under way, it waits for that one's end.
    if (first == nullptr || !first->busy_) line_up(job);
  }
  decided_.insert(charge.charge.at);
  ++size_;
  return Added::added;
}

JobPtr ChargeQueue::find(const std::string& customer_id, std::uint32_t number) const {
  const auto customer = customers_.find(customer_id);
  if (customer == customers_.end()) return nullptr;
  const auto job = customer->second.find(number);
  return job == customer->second.end() ? nullptr : job->second;
}

JobPtr ChargeQueue::take(Moment now, const std::function<bool(const Job&)>& wanted) {
  for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
    if (std::get<0>(*turn) > now) return nullptr;
    const JobPtr job = std::get<2>(*turn);
    if (!wanted(*job)) continue;
    turns_.erase(turn);
    job->busy_ = true;
    ++busy_;
    return job;
  }
  return nullptr;
}

void ChargeQueue::put_back(const JobPtr& job, Moment not_before) {
  RECKONER_CHECK(job->busy_, "a charge is put back that was not taken");
  job->busy_ = false;
  --busy_;
  job->not_before_ = not_before;
  job->turn_ = ++turns_given_;
  line_up(customers_.at(job->charge.customer_id).begin()->second);
}

void ChargeQueue::drop(const JobPtr& job) {
  const auto customer = customers_.find(job->charge.customer_id);
  RECKONER_CHECK(customer != customers_.end() && customer->second.contains(job->number()),
                 "a charge is dropped that is not in the queue");
  turns_.erase(turn_of(job));
  decided_.erase(decided_.find(job->charge.charge.at));
  --size_;
  busy_ -= job->busy_ ? 1 : 0;
  customer->second.erase(job->number());
  if (customer->second.empty())
    customers_.erase(customer);
  else
    line_up(customer->second.begin()->second);
}

std::optional<Moment> ChargeQueue::next_turn() const {
  if (turns_.empty()) return std::nullopt;
  return std::get<0>(*turns_.begin());
}

std::optional<Instant> ChargeQueue::oldest() const {
  if (decided_.empty()) return std::nullopt;
  return *decided_.begin();
}

}  // namespace reckoner::settlement
