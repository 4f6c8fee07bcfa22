#include "plugins/sqlite/wal_watch.hpp"

namespace reckoner::storage::sqlite {

std::unique_lock<std::mutex> WalWatch::enter_commit() {
  pausing_.wait(true);
  return std::unique_lock(committing_);
}

void WalWatch::grew(std::uint32_t frames) {
  if (frames < frames_.exchange(frames)) {  // it has started over
    next_round_ = kCheckpointFrames;
    readers_wait_from_ = kLongLogFrames;
    copied_up_to_ = 0;
  }
  if (frames >= next_round_) {
    const std::lock_guard hold(guard_);
    work_.notify_one();
  }
}

void WalWatch::ask() {
  const std::lock_guard hold(guard_);
  asked_ = true;
  work_.notify_one();
}

void WalWatch::pass_between_snapshots() {
  if (frames_ < readers_wait_from_) return;
  std::unique_lock hold(guard_);
  ++waiting_readers_;
  work_.notify_one();
  const std::uint64_t before = complete_rounds_;
  const bool completed = completed_.wait_for(hold, kLongestReaderWait,
                                             [&] { return ending_ || complete_rounds_ != before; });
  --waiting_readers_;
  // Some reader keeps its snapshot. Do not slow down this one each time.
  if (!completed) readers_wait_from_ = frames_ + kLongLogFrames;
}

bool WalWatch::has_work() const {
  return ending_ || asked_ || waiting_readers_ > 0 || frames_ >= next_round_;
}

bool WalWatch::await_work() {
  std::unique_lock hold(guard_);
  // A reader that waits has not been helped by the round before: leave others time to come.
  if (waiting_readers_ > 0)
    work_.wait_for(hold, std::chrono::milliseconds(5), [&] { return ending_; });
  while (!has_work()) {
    if (is_too_long()) {
      work_.wait_for(hold, kLongLogStep);
      break;
    }
    work_.wait(hold);
  }
  asked_ = false;
  return !ending_;
}

WalWatch::Pause::Pause(WalWatch& watch) : watch_(watch) {
  watch_.pausing_ = true;
  hold_ = std::unique_lock(watch_.committing_);
}

WalWatch::Pause::~Pause() {
  hold_.unlock();
  watch_.pausing_ = false;
  watch_.pausing_.notify_all();
}

void WalWatch::round_ended(bool complete) {
  next_round_ = frames_ + kCheckpointFrames;
  if (!complete) return;
  copied_up_to_ = frames_.load();
  const std::lock_guard hold(guard_);
  ++complete_rounds_;
  completed_.notify_all();
}

void WalWatch::end() {
  const std::lock_guard hold(guard_);
  ending_ = true;
  work_.notify_all();
  completed_.notify_all();
}

}  // namespace reckoner::storage::sqlite
