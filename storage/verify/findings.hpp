// What verification has found so far. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "storage/verify/verify.hpp"

namespace reckoner::storage {

class Findings {
 public:
  explicit Findings(const OnProgress& on_progress) : on_progress_(on_progress) {}

  void damage(std::string where, std::string what) {
    const std::lock_guard lock(mutex_);
    ++found_;
    if (damages_.size() < kMostDamages) damages_.push_back({std::move(where), std::move(what)});
  }
  void damage(const Damage& damage_found) { damage(damage_found.where, damage_found.what); }
  // A store that cannot be read any further is damage, too.
  void failed(const std::string& where, const StoreError& error) { damage(where, error.detail); }

  void begin(std::uint64_t total) { total_ = total; }
  void progress(std::uint64_t entries) {
    const std::uint64_t done = done_ += entries;
    if (!on_progress_) return;
    const std::lock_guard lock(mutex_);
    on_progress_(done, total_, "folding the journal");
  }

  // When all threads are done.
  void report_to(VerifyReport& report) {
    report.damages = std::move(damages_);
    report.damages_found = found_;
  }

 private:
  const OnProgress& on_progress_;
  std::mutex mutex_;
  std::vector<Damage> damages_;
  std::uint64_t found_ = 0, total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
};

}  // namespace reckoner::storage
