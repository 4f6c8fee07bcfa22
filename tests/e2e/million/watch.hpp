// Watches an engine at work: whom the passing of time has reached, what it decided, what it alarms
// of, and how much memory the process holds.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/engine/engine.hpp"
#include "tests/e2e/million/population.hpp"

namespace reckoner::million {

// A mark for each customer, set once. Any thread.
class Marks {
 public:
  explicit Marks(std::uint32_t count) : words_(count / 64 + 1) {}

  void set(std::uint32_t number) {
    const std::uint64_t bit = std::uint64_t{1} << number % 64;
    if ((words_[number / 64].fetch_or(bit, std::memory_order_relaxed) & bit) == 0)
      count_.fetch_add(1, std::memory_order_relaxed);
  }
  std::uint32_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::vector<std::atomic<std::uint64_t>> words_;
  std::atomic<std::uint32_t> count_{0};
};

// Lives longer than the engines that it watches, one after the other.
class Watch {
 public:
  using OnCharge = std::function<void(const actors::ChargeNews&)>;
  Watch(const Population& population, OnCharge on_charge);

  actors::EngineEvents events();

  // Customers whose period has ended, of those of whom it is to end at midnight; and those whose
  // grace has ended.
  std::uint32_t told() const { return told_.count(); }
  std::uint32_t to_tell() const { return to_tell_; }
  std::uint32_t graces_ended() const { return graces_ended_.count(); }
  std::uint32_t graces() const { return graces_; }
  bool everybody_told() const { return told() == to_tell_ && graces_ended() == graces_; }

  // Entries of the clock; more than customers who were told where one was told twice.
  std::uint64_t clock_entries() const { return clock_entries_; }
  // Charges that were decided for the end of the period.
  std::uint64_t charges_at_midnight() const { return charges_at_midnight_; }
  // What went wrong, as lines.
  std::vector<std::string> alarms() const;

 private:
  void applied(const CustomerEntry& entry, const Effects& effects);
  void note(std::string line);

  const Population& population_;
  OnCharge on_charge_;
  std::uint32_t to_tell_ = 0, graces_ = 0;
  Marks told_, graces_ended_;
  std::atomic<std::uint64_t> charges_at_midnight_{0}, clock_entries_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> alarms_;
};

// Of this process, as the kernel says it.
std::uint64_t resident_bytes();

}  // namespace reckoner::million
