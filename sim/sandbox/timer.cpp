#include "sim/sandbox/timer.hpp"

#include <utility>

namespace reckoner::sim::sandbox {

Timer::Timer(double speed) : speed_(speed), start_(Clock::now()), thread_([this] { run(); }) {}

Instant Timer::now_locked() const {
  const std::chrono::duration<double, std::micro> passed = Clock::now() - start_;
  return {static_cast<std::int64_t>(passed.count() * speed_) + advanced_};
}

Instant Timer::now() const {
  const std::lock_guard lock(mutex_);
  return now_locked();
}

void Timer::after(Micros length, std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  entries_.push({now_locked() + length, ++asked_, std::move(task)});
  changed_.notify_one();
}

void Timer::advance(Micros by) {
  const std::lock_guard lock(mutex_);
  advanced_ += by;
  changed_.notify_one();
}

void Timer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Timer::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (entries_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Micros left = entries_.top().due - now_locked();
    if (left > 0) {
      const std::chrono::duration<double, std::micro> real(static_cast<double>(left) / speed_);
      // Rounded up, so that it does not wake just before; and not for longer than a day, which
      // every clock can add.
      changed_.wait_for(lock, std::min(std::chrono::ceil<std::chrono::microseconds>(real),
                                       std::chrono::microseconds(kDay)));
      continue;
    }
    const std::function<void()> task = std::move(const_cast<Entry&>(entries_.top()).task);
    entries_.pop();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace reckoner::sim::sandbox
