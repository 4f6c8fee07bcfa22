// Time that passes only when a test says so, and a settlement that runs on it.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "actors/settlement/surroundings.hpp"

namespace reckoner::settlement {

class VirtualTime {
 public:
  Moment now() const { return now_; }
  void after(Delay delay, std::function<void()> run) {
    waiting_.emplace(std::pair(now_ + delay, ++given_), std::move(run));
  }
  // Does all that falls due within it.
  void pass(Delay length) {
    const Moment end = now_ + length;
    while (!waiting_.empty() && waiting_.begin()->first.first <= end) {
      auto next = waiting_.extract(waiting_.begin());
      now_ = std::max(now_, next.key().first);
      next.mapped()();
    }
    now_ = end;
  }
  Delay passed() const { return std::chrono::duration_cast<Delay>(now_ - Moment{}); }

  Surroundings surroundings(Random random) {
    Surroundings out;
    out.now = [this] { return now_; };
    out.post = [this](std::function<void()> run) { after(Delay::zero(), std::move(run)); };
    out.after = [this](Delay delay, std::function<void()> run) { after(delay, std::move(run)); };
    out.random = std::move(random);
    return out;
  }

 private:
  Moment now_{};
  std::uint64_t given_ = 0;
  std::map<std::pair<Moment, std::uint64_t>, std::function<void()>> waiting_;
};

}  // namespace reckoner::settlement
