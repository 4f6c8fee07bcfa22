// Whether what the file holds is still known. Once it is not, every commit fails until the store
// is opened anew.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "storage/sdk/plugin.hpp"

namespace reckoner::storage::sqlite {

class Health {
 public:
  void fail(const sdk::Failure& why) {
    const std::lock_guard hold(guard_);
    if (!why_) why_ = why;
    failed_ = true;
  }
  void check() const {
    if (!failed_) return;
    const std::lock_guard hold(guard_);
    throw *why_;
  }

 private:
  mutable std::mutex guard_;
  std::atomic<bool> failed_ = false;
  std::optional<sdk::Failure> why_;
};

}  // namespace reckoner::storage::sqlite
