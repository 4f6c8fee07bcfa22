// Customers who are awake, in order of when they were last touched: a list through the slots
// themselves. One thread at a time.
#pragma once

#include "actors/engine/slot.hpp"

namespace reckoner::actors {

class IdleOrder {
 public:
  Slot* oldest() const { return oldest_; }
  std::size_t size() const { return size_; }

  void add_newest(Slot& slot) {
    slot.older = newest_;
    slot.newer = nullptr;
    (newest_ == nullptr ? oldest_ : newest_->newer) = &slot;
    newest_ = &slot;
    ++size_;
  }
  void erase(Slot& slot) {
    (slot.older == nullptr ? oldest_ : slot.older->newer) = slot.newer;
    (slot.newer == nullptr ? newest_ : slot.newer->older) = slot.older;
    slot.older = slot.newer = nullptr;
    --size_;
  }
  void touch(Slot& slot) {
    if (newest_ == &slot) return;
    erase(slot);
    add_newest(slot);
  }

 private:
  Slot *oldest_ = nullptr, *newest_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace reckoner::actors
