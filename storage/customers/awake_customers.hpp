// The customers that are awake, found by id: a flat hash table of (hash, customer), open
// addressing, linear probing. Whoever sleeps has left it. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/customers/live_customer.hpp"

namespace reckoner::storage {

class AwakeCustomers {
 public:
  static std::uint64_t hash(std::string_view id);

  // Null where there is none.
  LiveCustomer* find(std::uint64_t hash, std::string_view id) const {
    for (std::size_t i = hash & mask(); slots_[i].customer != nullptr; i = (i + 1) & mask())
      if (slots_[i].hash == hash && slots_[i].customer->state().id.view() == id)
        return slots_[i].customer.get();
    return nullptr;
  }
  LiveCustomer* find(std::string_view id) const { return find(hash(id), id); }

  // Only for whom find does not find.
  LiveCustomer* add(std::unique_ptr<LiveCustomer> customer);
  // One that is there.
  void erase(const LiveCustomer* customer);

  // Asks for the memory that find, and then applying, will touch: first `prefetch` for all, then
  // `prefetch_customer` for all, then its rows.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask()]); }
  void prefetch_customer(std::uint64_t hash) const {
    if (const LiveCustomer* customer = likely(hash)) customer->prefetch();
  }
  void prefetch_rows(std::uint64_t hash) const {
    if (const LiveCustomer* customer = likely(hash)) customer->prefetch_rows();
  }

  std::size_t size() const { return size_; }
  // Hands everybody over, in no order.
  std::vector<std::unique_ptr<LiveCustomer>> release();
  // In no order.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const Slot& slot : slots_)
      if (slot.customer != nullptr) visit(std::as_const(*slot.customer));
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::unique_ptr<LiveCustomer> customer;
  };

  std::size_t mask() const { return slots_.size() - 1; }
  const LiveCustomer* likely(std::uint64_t hash) const {
    for (std::size_t i = hash & mask(); slots_[i].customer != nullptr; i = (i + 1) & mask())
      if (slots_[i].hash == hash) return slots_[i].customer.get();
    return nullptr;
  }
  void insert(Slot slot);
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t size_ = 0;
};

}  // namespace reckoner::storage
