// Answers on their way from whatever thread made them to the thread of their connection: any
// number of them wakes it once.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/http/message.hpp"

namespace reckoner::http {

// Which request of which connection, of one worker. Neither is used twice at one time, so that an
// answer that comes too late finds nobody.
struct RequestAddress {
  std::uint32_t slot = 0;
  std::uint64_t number = 0;
};

struct Answer {
  RequestAddress to;
  Response response;
};

// Outlives its worker: replies that nobody waits for any more still hold it.
class Inbox {
 public:
  // Called on the worker's thread, and to wake it, from any.
  struct Owner {
    std::function<void(Answer)> answer;
    std::function<void()> wake;
  };

  void open(Owner owner) {
    const std::lock_guard lock(mutex_);
    owner_ = std::move(owner);
  }
  // On the worker's thread, before any request is handed out.
  void belongs_to_this_thread() { thread_ = std::this_thread::get_id(); }
  // On the worker's thread, at its end: whoever delivers later speaks to nobody.
  void close() {
    const std::lock_guard lock(mutex_);
    owner_ = {};
    waiting_.clear();
  }

  // From any thread.
  void deliver(Answer answer) {
    {
      const std::lock_guard lock(mutex_);
      if (!owner_.wake) return;
      if (std::this_thread::get_id() != thread_) {
        waiting_.push_back(std::move(answer));
        if (waiting_.size() == 1) owner_.wake();
        return;
      }
    }
    owner_.answer(std::move(answer));
  }
  // On the worker's thread: all that wait; `answers` is empty before.
  void take(std::vector<Answer>& answers) {
    const std::lock_guard lock(mutex_);
    answers.swap(waiting_);
  }

 private:
  std::mutex mutex_;
  std::vector<Answer> waiting_;
  Owner owner_;
  std::thread::id thread_;
};

}  // namespace reckoner::http
