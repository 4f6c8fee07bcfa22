// Charges to settle that are in memory: so many at most, each customer's in order of number, and of
// different customers the one that has waited longest first. One caller at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "actors/engine/requests.hpp"
#include "actors/settlement/backoff.hpp"

namespace reckoner::settlement {

// A charge, and what is known of its way to Polar.
struct Job {
  actors::CustomersCharge charge;
  bool fresh = false;       // `charge` is as the engine has just said
  bool may_be_held = true;  // where it is `unknown`: false only if Polar certainly has it not
  unsigned failures = 0;    // calls without an outcome, in a row
  std::uint64_t successes_before = 0;  // of all charges, before the first of those failures
  bool told = false;                   // that it cannot be settled
  bool asked_again = false;            // somebody wants it sent, who knows more than is known here
  std::optional<Settlement> outcome;   // found out, not durable yet

  std::uint32_t number() const { return charge.charge.number; }
  ChargeStatus status() const { return charge.charge.status; }

 private:
  friend class ChargeQueue;
  bool busy_ = false;
  Moment not_before_{};
  std::uint64_t turn_ = 0;  // among those of the same moment
};
using JobPtr = std::shared_ptr<Job>;

class ChargeQueue {
 public:
  explicit ChargeQueue(std::size_t most) : most_(most) {}

  enum class Added : std::uint8_t { added, known, full };
  Added add(const actors::CustomersCharge& charge, bool fresh, Moment now);

  // Null: it is not here.
  JobPtr find(const std::string& customer_id, std::uint32_t number) const;
  bool busy(const Job& job) const { return job.busy_; }

  // Calls with those whose turn it is, until one call says true; that one is then busy.
  JobPtr take(Moment now, const std::function<bool(const Job&)>& wanted);
  // It waits again, behind those that wait for the same moment.
  void put_back(const JobPtr& job, Moment not_before);
  void drop(const JobPtr& job);

  // When the next turn comes, or came; empty: nobody waits for one.
  std::optional<Moment> next_turn() const;

  std::size_t size() const { return size_; }
  std::size_t waiting() const { return size_ - busy_; }
  std::size_t room() const { return most_ > size_ ? most_ - size_ : 0; }
  // When the oldest of them was decided.
  std::optional<Instant> oldest() const;

 private:
  // Those that are not busy and the first of their customer.
  using Turn = std::tuple<Moment, std::uint64_t, JobPtr>;
  using Customer = std::map<std::uint32_t, JobPtr>;

  static Turn turn_of(const JobPtr& job) { return {job->not_before_, job->turn_, job}; }
  void line_up(const JobPtr& job) {
    if (!job->busy_) turns_.insert(turn_of(job));
  }

  const std::size_t most_;
  std::map<std::string, Customer> customers_;
  std::set<Turn> turns_;
  std::multiset<Instant> decided_;
  std::size_t size_ = 0, busy_ = 0;
  std::uint64_t turns_given_ = 0;
};

}  // namespace reckoner::settlement
