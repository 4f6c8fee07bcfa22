#include "sim/sandbox/holdings.hpp"

#include <charconv>

#include "engine/basics/ids.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim::sandbox {
namespace {

std::string mark_of(std::uint64_t seed) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  std::string out;
  for (std::uint64_t bits = mix(seed, 1); out.size() < 8; bits >>= 4) out += kHexDigits[bits & 15];
  return out;
}

std::uint32_t last_number(std::size_t size) {
  return static_cast<std::uint32_t>(size - 1);
}

}  // namespace

Holdings::Holdings(std::uint64_t seed) : mark_(mark_of(seed)) {}

std::string Holdings::new_id(std::string_view kind) {
  return std::string(kind) + '_' + mark_ + '_' + std::to_string(++made_);
}

const Customer& Holdings::add_customer(Customer customer) {
  customer.id = new_id("cus");
  Customer& added = customers_.push_back(std::move(customer));
  const std::uint32_t number = last_number(customers_.size());
  customer_by_id_.emplace(added.id, number);
  if (!added.email.empty()) customer_by_email_.emplace(fold_case(added.email), number);
  return added;
}

const Subscription& Holdings::add_subscription(Subscription subscription) {
  subscription.id = new_id("sub");
  Subscription& added = subscriptions_.push_back(std::move(subscription));
  const std::uint32_t number = last_number(subscriptions_.size());
  subscription_by_id_.emplace(added.id, number);
  if (const auto of = customer_by_id_.find(added.customer_id); of != customer_by_id_.end())
    customers_[of->second].subscriptions.push_back(number);
  return added;
}

std::uint32_t Holdings::add_charge(Charge charge, std::string_view customer_id) {
  auto payer = payer_by_id_.find(customer_id);
  if (payer == payer_by_id_.end()) {
    const Payer& added = payers_.push_back({customer_id, Charge::kNone, 0});
    payer = payer_by_id_.emplace(added.customer_id, last_number(payers_.size())).first;
  }
  charge.payer = payer->second;
  charge.before = payers_[charge.payer].last;
  const Charge& added = charges_.push_back(std::move(charge));
  const std::uint32_t number = last_number(charges_.size());
  payers_[added.payer].last = number;
  ++payers_[added.payer].charges;
  charged_ += added.amount;
  charge_requests_ += added.requests;
  if (!added.key.empty()) charge_by_key_.emplace(added.key, number);
  return number;
}

void Holdings::repeat_charge(std::uint32_t number, bool conflict) {
  ++charges_[number].requests;
  ++charge_requests_;
  if (!conflict) return;
  ++charges_[number].conflicts;
  ++conflicts_;
}

const Customer* Holdings::customer(std::string_view id) const {
  const auto found = customer_by_id_.find(id);
  return found == customer_by_id_.end() ? nullptr : &customers_[found->second];
}

const Customer* Holdings::customer_with_email(std::string_view email) const {
  const auto found = customer_by_email_.find(fold_case(email));
  return found == customer_by_email_.end() ? nullptr : &customers_[found->second];
}

Subscription* Holdings::subscription(std::string_view id) {
  const auto found = subscription_by_id_.find(id);
  return found == subscription_by_id_.end() ? nullptr : &subscriptions_[found->second];
}

const Payer* Holdings::payer(std::string_view customer_id) const {
  const auto found = payer_by_id_.find(customer_id);
  return found == payer_by_id_.end() ? nullptr : &payers_[found->second];
}

std::optional<std::uint32_t> Holdings::charge_with_key(std::string_view key) const {
  const auto found = charge_by_key_.find(key);
  if (found == charge_by_key_.end()) return std::nullopt;
  return found->second;
}

std::string Holdings::charge_id(std::uint32_t number) const {
  return "ch_" + mark_ + '_' + std::to_string(first_charge_ + number + 1);
}

std::optional<std::uint32_t> Holdings::charge_with_id(std::string_view id) const {
  const std::size_t digits = id.rfind('_') + 1;
  std::uint64_t written = 0;
  std::from_chars(id.data() + digits, id.data() + id.size(), written);
  const std::uint64_t number = written - first_charge_ - 1;
  if (number >= charges_.size()) return std::nullopt;
  const auto found = static_cast<std::uint32_t>(number);
  if (charge_id(found) != id) return std::nullopt;
  return found;
}

void Holdings::clear() {
  customer_by_id_.clear();
  customer_by_email_.clear();
  subscription_by_id_.clear();
  charge_by_key_.clear();
  payer_by_id_.clear();
  first_charge_ += charges_.size();
  customers_ = {};
  subscriptions_ = {};
  charges_ = {};
  payers_ = {};
  charged_ = {};
  charge_requests_ = conflicts_ = 0;
}

}  // namespace reckoner::sim::sandbox
