// All that the sandbox holds of customers, subscriptions and charges, found by every name that the
// API knows them by. What is taken in here has been checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/basics/stable_vector.hpp"
#include "sim/sandbox/objects.hpp"

namespace reckoner::sim::sandbox {

// References stay good until clear(). Not for use by two threads at once.
class Holdings {
 public:
  // Another seed makes other ids.
  explicit Holdings(std::uint64_t seed);

  // Gives it an id ("cus_…", "sub_…"). A subscription's customer, where there is one, lists it.
  const Customer& add_customer(Customer customer);
  const Subscription& add_subscription(Subscription subscription);
  // Returns its number. The key, if it has one, is not there yet.
  std::uint32_t add_charge(Charge charge, std::string_view customer_id);

  // One that was taken is asked for again; `conflict`: with other content.
  void repeat_charge(std::uint32_t number, bool conflict);
  void settle_charge(std::uint32_t number, ChargeStatus status) {
    charges_[number].status = status;
  }

  // Null where there is none.
  const Customer* customer(std::string_view id) const;
  const Customer* customer_with_email(std::string_view email) const;  // ignoring case
  Subscription* subscription(std::string_view id);
  const Payer* payer(std::string_view customer_id) const;
  std::optional<std::uint32_t> charge_with_key(std::string_view key) const;
  std::optional<std::uint32_t> charge_with_id(std::string_view id) const;

  const StableVector<Customer>& customers() const { return customers_; }
  const StableVector<Subscription>& subscriptions() const { return subscriptions_; }
  const StableVector<Charge>& charges() const { return charges_; }
  std::string charge_id(std::uint32_t number) const;
  std::string_view customer_of(const Charge& charge) const {
    return payers_[charge.payer].customer_id;
  }
  // Of all charges.
  Money charged() const { return charged_; }
  std::uint64_t charge_requests() const { return charge_requests_; }
  std::uint64_t conflicts() const { return conflicts_; }

  // "evt_…", "in_…": never the same twice.
  std::string new_id(std::string_view kind);

  // Forgets everything but which ids were given.
  void clear();

 private:
  // Keys are views of texts in the vectors, which do not move.
  using Index = std::unordered_map<std::string_view, std::uint32_t>;

  const std::string mark_;  // of the seed, in every id
  std::uint64_t made_ = 0;
  std::uint64_t first_charge_ = 0;  // the id of charge number 0
  Money charged_;
  std::uint64_t charge_requests_ = 0, conflicts_ = 0;
  StableVector<Customer> customers_;
  StableVector<Subscription> subscriptions_;
  StableVector<Charge> charges_;
  StableVector<Payer> payers_;
  Index customer_by_id_, subscription_by_id_, charge_by_key_, payer_by_id_;
  std::unordered_map<std::string, std::uint32_t> customer_by_email_;  // in lower case
};

}  // namespace reckoner::sim::sandbox
