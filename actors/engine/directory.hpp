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
  struct Stripe {
    mutable std::mutex mutex;
    std::unordered_map<std::string_view, SlotPtr> slots;  // by the id in the slot
  };
  static constexpr std::size_t kStripes = 64;

  static std::size_t stripe_of(std::string_view customer_id);

  std::array<Stripe, kStripes> stripes_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace reckoner::actors
