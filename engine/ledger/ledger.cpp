#include "engine/ledger/ledger.hpp"

#include <algorithm>

namespace reckoner {

IdentityEffects Ledger::hear(const IdentityEntry& entry) {
  return reckoner::apply(identity_, entry, books_.at(entry.at).settings());
}

CustomerState* Ledger::find(std::string_view customer_id) {
  const auto is = [&](std::uint32_t place) { return customers_[place].id.view() == customer_id; };
  const std::uint32_t place = index_.find(IdIndex::hash(customer_id), is);
  return place == IdIndex::kNone ? nullptr : &customers_[place];
}

CustomerState* Ledger::add(CustomerState state) {
  const auto place = static_cast<std::uint32_t>(customers_.size());
  const std::uint64_t hash = IdIndex::hash(state.id);
  CustomerState& added = customers_.push_back(std::move(state));
  index_.add(hash, place, [this](std::uint32_t p) { return IdIndex::hash(customers_[p].id); });
  return &added;
}

void Ledger::prefetch(std::span<const CustomerEntry> entries) {
  hashes_.clear();
  for (const CustomerEntry& entry : entries) {
    hashes_.push_back(IdIndex::hash(entry.customer_id));
    index_.prefetch(hashes_.back());
  }
  const auto likely = [this](std::uint64_t hash) -> const CustomerState* {
    const std::uint32_t place = index_.find(hash, [](std::uint32_t) { return true; });
    return place == IdIndex::kNone ? nullptr : &customers_[place];
  };
  constexpr std::size_t kLine = 64;
  for (const std::uint64_t hash : hashes_)
    if (const CustomerState* state = likely(hash))
      for (std::size_t at = 0; at < sizeof *state; at += kLine)
        __builtin_prefetch(reinterpret_cast<const char*>(state) + at);
  for (const std::uint64_t hash : hashes_) {
    const CustomerState* state = likely(hash);
    if (state == nullptr) continue;
    __builtin_prefetch(state->id.view().data());
    if (!state->usage.empty()) __builtin_prefetch(&state->usage.back());
    if (!state->timeline.entries().empty()) __builtin_prefetch(&state->timeline.entries().back());
  }
}

void Ledger::restore(CustomerState state) {
  RECKONER_CHECK(find(state.id) == nullptr, "a customer is restored twice");
  add(std::move(state));
}

CustomerState* Ledger::find_or_register(Instant at, std::string_view id, const Usage&,
                                        Effects& effects) {
  if (CustomerState* known = find(id)) return known;
  if (books_.at(at).settings().unknown_customer == UnknownCustomer::reject) {
    effects.rejected = Rejection::unknown_customer;
    return nullptr;
  }
  return add(register_customer(id, at, std::nullopt, books_));
}

CustomerState* Ledger::find_or_register(Instant at, std::string_view id, const Notice& notice,
                                        Effects&) {
  if (CustomerState* known = find(id)) return known;
  return add(register_customer(id, at, billing_day_in(notice), books_));
}

CustomerState* Ledger::find_for_charge(std::string_view id, Effects& effects) {
  CustomerState* known = find(id);
  effects.unknown_charge = known == nullptr;
  return known;
}

CustomerState* Ledger::find_or_register(Instant, std::string_view id, const Settlement&,
                                        Effects& effects) {
  return find_for_charge(id, effects);
}

CustomerState* Ledger::find_or_register(Instant, std::string_view id, const OperatorAct&,
                                        Effects& effects) {
  return find_for_charge(id, effects);
}

CustomerState* Ledger::find_or_register(Instant, std::string_view id, const Clock&, Effects&) {
  return find(id);
}

const std::vector<const CustomerState*>& Ledger::sorted() const {
  if (sorted_.size() == customers_.size()) return sorted_;
  sorted_.clear();
  sorted_.reserve(customers_.size());
  for (const CustomerState& state : customers_) sorted_.push_back(&state);
  std::sort(sorted_.begin(), sorted_.end(),
            [](const CustomerState* a, const CustomerState* b) { return a->id < b->id; });
  return sorted_;
}

}  // namespace reckoner
