#include "actors/engine/directory.hpp"

#include <algorithm>

namespace reckoner::actors {

SlotPtr Directory::find(std::string_view customer_id) const {
  const Key key(customer_id);
  const Stripe& stripe = stripes_[stripe_of(key)];
  std::lock_guard lock(stripe.mutex);
  const auto found = stripe.slots.find(key);
  return found == stripe.slots.end() ? nullptr : found->second;
}

std::vector<std::string> Directory::after(std::string_view after, std::size_t most) const {
  std::vector<std::string> ids;
  for (const Stripe& stripe : stripes_) {
    std::lock_guard lock(stripe.mutex);
    for (const auto& [key, slot] : stripe.slots)
      if (key.id > after) ids.emplace_back(key.id);
  }
  const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(most, ids.size()));
  std::partial_sort(ids.begin(), end, ids.end());
  ids.erase(end, ids.end());
  return ids;
}

void Directory::each(const std::function<void(const SlotPtr&)>& visit) const {
  for (const Stripe& stripe : stripes_) {
    std::vector<SlotPtr> slots;
    {
      std::lock_guard lock(stripe.mutex);
      for (const auto& [key, slot] : stripe.slots) slots.push_back(slot);
    }
    for (const SlotPtr& slot : slots) visit(slot);
  }
}

void Directory::add(SlotPtr slot) {
  const Key key(slot->customer_id);
  Stripe& stripe = stripes_[stripe_of(key)];
  std::lock_guard lock(stripe.mutex);
  stripe.slots.emplace(key, std::move(slot));
  size_.fetch_add(1, std::memory_order_relaxed);
}

void Directory::erase(const Slot& slot) {
  const Key key(slot.customer_id);
  Stripe& stripe = stripes_[stripe_of(key)];
  SlotPtr last;  // the customer ends outside the lock
  std::lock_guard lock(stripe.mutex);
  const auto found = stripe.slots.find(key);
  if (found == stripe.slots.end()) return;
  last = std::move(found->second);
  stripe.slots.erase(found);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

void Directory::clear() {
  for (Stripe& stripe : stripes_) {
    std::lock_guard lock(stripe.mutex);
    stripe.slots.clear();
  }
  size_ = 0;
}

}  // namespace reckoner::actors
