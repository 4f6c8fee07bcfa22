// The sandbox's time, which may run faster than the world's, and what is to happen in it later.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "engine/basics/instant.hpp"

namespace reckoner::sim::sandbox {

// Runs tasks on one thread of its own, in order of when they are due, and of when they were asked
// for. For any thread.
class Timer {
 public:
  // `speed`: how many seconds pass in one of the world's; above 0.
  explicit Timer(double speed);
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Since the timer was made, and what it was advanced by.
  Instant now() const;
  void after(Micros length, std::function<void()> task);
  // What falls due by it is run at once.
  void advance(Micros by);
  // Waits for the task that runs; runs none that is left. Not from a task.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Instant due;
    std::uint64_t number;
    std::function<void()> task;
    bool operator<(const Entry& other) const {  // the top of the queue is its largest
      return due != other.due ? due > other.due : number > other.number;
    }
  };

  Instant now_locked() const;
  void run();

  const double speed_;
  const Clock::time_point start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Micros advanced_ = 0;
  std::uint64_t asked_ = 0;
  bool stopping_ = false;
  std::priority_queue<Entry> entries_;
  std::thread thread_;
};

}  // namespace reckoner::sim::sandbox
