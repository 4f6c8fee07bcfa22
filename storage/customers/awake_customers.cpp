#include "storage/customers/awake_customers.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {

std::uint64_t AwakeCustomers::hash(std::string_view id) {
  return XXH3_64bits(id.data(), id.size());
}

LiveCustomer* AwakeCustomers::add(std::unique_ptr<LiveCustomer> customer) {
  if (++size_ * 2 > slots_.size()) grow();
  LiveCustomer* const added = customer.get();
  insert({hash(added->state().id.view()), std::move(customer)});
  return added;
}

void AwakeCustomers::insert(Slot slot) {
  std::size_t i = slot.hash & mask();
  while (slots_[i].customer != nullptr) i = (i + 1) & mask();
  slots_[i] = std::move(slot);
}

std::vector<std::unique_ptr<LiveCustomer>> AwakeCustomers::release() {
  std::vector<std::unique_ptr<LiveCustomer>> out;
  out.reserve(size_);
  for (Slot& slot : slots_)
    if (slot.customer != nullptr) out.push_back(std::move(slot.customer));
  size_ = 0;
  return out;
}

void AwakeCustomers::grow() {
  std::vector<Slot> before(slots_.size() * 2);
  std::swap(before, slots_);
  for (Slot& slot : before)
    if (slot.customer != nullptr) insert(std::move(slot));
}

// Whoever stands behind the one that goes moves up, unless it would stand before its own place.
void AwakeCustomers::erase(const LiveCustomer* customer) {
  std::size_t gap = hash(customer->state().id.view()) & mask();
  while (slots_[gap].customer.get() != customer) {
    RECKONER_CHECK(slots_[gap].customer != nullptr, "a customer that is not awake goes to sleep");
    gap = (gap + 1) & mask();
  }
  slots_[gap].customer.reset();
  --size_;
  for (std::size_t i = (gap + 1) & mask(); slots_[i].customer != nullptr; i = (i + 1) & mask()) {
    const std::size_t displaced = (i - slots_[i].hash) & mask();
    if (displaced < ((i - gap) & mask())) continue;
    slots_[gap] = std::move(slots_[i]);
    gap = i;
  }
}

}  // namespace reckoner::storage
