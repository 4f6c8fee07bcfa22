// How the pool's threads share out actors: one queue, as CAF's "sharing", but a thread is woken
// only where those awake have enough to do. A commit makes dozens of customers runnable at once;
// woken for each, threads went to sleep and woke again all the time, which took a quarter of the
// processor.
//
// While there is something in the queue a thread is awake, and sleeps only once it is empty.
#pragma once

#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

namespace reckoner::actors {

class PoolPolicy : public caf::policy::unprofiled {
 public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}

    std::mutex lock;
    std::condition_variable woken;
    std::deque<caf::resumable*> queue;
    std::size_t awake = 0, asleep = 0;
    std::size_t wakes = 0;  // of threads that count as awake and have not noticed yet
  };
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
    bool counted = false;
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* pool, caf::resumable* job) {
    coordinator_data& all = d(pool);
    std::unique_lock hold(all.lock);
    all.queue.push_back(job);
    wake_one_if_needed(all, hold);
  }
  template <class Worker>
  void external_enqueue(Worker* worker, caf::resumable* job) {
    central_enqueue(worker->parent(), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* worker, caf::resumable* job) {
    central_enqueue(worker->parent(), job);
  }
  template <class Worker>
  void resume_job_later(Worker* worker, caf::resumable* job) {
    central_enqueue(worker->parent(), job);
  }

  template <class Worker>
  caf::resumable* dequeue(Worker* worker) {
    coordinator_data& all = d(worker->parent());
    std::unique_lock hold(all.lock);
    if (!d(worker).counted) {
      d(worker).counted = true;
      ++all.awake;
    }
    while (all.queue.empty()) {
      --all.awake;
      ++all.asleep;
      all.woken.wait(hold, [&] { return all.wakes > 0; });
      --all.wakes;
    }
    caf::resumable* const job = all.queue.front();
    all.queue.pop_front();
    return job;
  }

  // It takes nothing more: if it was the last one awake, another has to.
  template <class Worker>
  void before_shutdown(Worker* worker) {
    coordinator_data& all = d(worker->parent());
    std::unique_lock hold(all.lock);
    --all.awake;
    if (!all.queue.empty()) wake_one_if_needed(all, hold);
  }

  template <class Worker, class Visit>
  void foreach_resumable(Worker*, Visit) {}
  template <class Coordinator, class Visit>
  void foreach_central_resumable(Coordinator* pool, Visit visit) {
    coordinator_data& all = d(pool);
    std::deque<caf::resumable*> left;
    {
      const std::lock_guard hold(all.lock);
      left.swap(all.queue);
    }
    for (caf::resumable* const job : left) visit(job);
  }

 private:
  // A thread does some microseconds' work for each: so many wait sooner than a thread wakes up.
  static constexpr std::size_t kForEachAwake = 8;

  static void wake_one_if_needed(coordinator_data& all, std::unique_lock<std::mutex>& hold) {
    if (all.asleep == 0 || all.queue.size() <= all.awake * kForEachAwake) return;
    --all.asleep;
    ++all.awake;
    ++all.wakes;
    hold.unlock();
    all.woken.notify_one();
  }
};

}  // namespace reckoner::actors
