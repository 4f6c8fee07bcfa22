// Who is awake. The lane wakes customers and puts them to sleep; anybody may look.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/engine/slot.hpp"

namespace reckoner::actors {

using SlotPtr = std::shared_ptr<Slot>;

class Directory {
 public:
  // Null: asleep, or not there at all. Any thread.
  SlotPtr find(std::string_view customer_id) const;
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  // The ids that come after `after` by bytes, in order, `most` of them. Any thread; goes over all.
  std::vector<std::string> after(std::string_view after, std::size_t most) const;
  // Everybody, as of some moment during the call. Any thread.
  void each(const std::function<void(const SlotPtr&)>& visit) const;

  // By the lane.
  void add(SlotPtr slot);
  void erase(const Slot& slot);
  void clear();

 private:
  // Hashed once: for the stripe, and for its table.
  struct Key {
    explicit Key(std::string_view customer_id)
        : hash(std::hash<std::string_view>{}(customer_id)), id(customer_id) {}
    friend bool operator==(const Key&, const Key&) = default;
    std::size_t hash;
    std::string_view id;
  };
  struct HashOf {
    std::size_t operator()(const Key& key) const noexcept { return key.hash; }
  };
  struct Stripe {
    mutable std::mutex mutex;
    std::unordered_map<Key, SlotPtr, HashOf> slots;  // by the id in the slot
  };
  static constexpr std::size_t kStripes = 64;

  // The low bits choose the bucket in the stripe's own table.
  static std::size_t stripe_of(const Key& key) { return (key.hash >> 48) % kStripes; }

  std::array<Stripe, kStripes> stripes_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace reckoner::actors
