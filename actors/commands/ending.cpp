#include "actors/commands/ending.hpp"

#include <cstdlib>
#include <thread>

#include "actors/console/failure.hpp"

namespace reckoner::commands {
namespace {

// What signals a whole group of processes, as a terminal or `timeout` does, signals twice in an
// instant. Who is impatient comes later.
constexpr std::chrono::seconds kOneSignal{1};

}  // namespace

Ending* Ending::watch() {
  static Ending* const ending = new Ending;
  return ending;
}

Ending::Ending() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // Whoever hangs up in the middle of an answer does not end the engine.
  signal(SIGPIPE, SIG_IGN);
  std::thread([this] { await_signals(); }).detach();
}

void Ending::dead() {
  std::lock_guard lock(mutex_);
  is_dead_ = true;
  changed_.notify_all();
}

bool Ending::is_dead() {
  std::lock_guard lock(mutex_);
  return is_dead_;
}

void Ending::running() {
  std::lock_guard lock(mutex_);
  is_running_ = true;
}

bool Ending::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_signalled_ || is_dead_; });
  return is_dead_;
}

void Ending::await_signals() {
  while (true) {
    int signal = 0;
    sigwait(&signals_, &signal);
    take_signal();
  }
}

void Ending::take_signal() {
  std::lock_guard lock(mutex_);
  if (!is_running_) std::_Exit(console::kDone);
  // Whoever is impatient loses nothing that was acknowledged, either.
  if (is_signalled_ && Clock::now() - signalled_at_ >= kOneSignal) std::_Exit(console::kFailed);
  if (is_signalled_) return;
  is_signalled_ = true;
  signalled_at_ = Clock::now();
  changed_.notify_all();
}

}  // namespace reckoner::commands
