// What ends the service: a signal, or the loss of its store.
#pragma once

#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace reckoner::commands {

class Ending {
 public:
  // Before any other thread is made: all of them leave SIGTERM and SIGINT to a thread of its own,
  // which waits for them as long as the process lives.
  static Ending* watch();

  // From any thread.
  void dead();
  bool is_dead();
  // From now on a signal ends it in order; before, at once, for nothing was acknowledged.
  void running();
  // Whether the store was lost.
  bool wait();

 private:
  using Clock = std::chrono::steady_clock;

  Ending();
  void await_signals();
  void take_signal();

  sigset_t signals_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  Clock::time_point signalled_at_{};
  bool is_running_ = false, is_signalled_ = false, is_dead_ = false;
};

}  // namespace reckoner::commands
