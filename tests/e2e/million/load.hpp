// A mixed load on an engine in this process, at an even pace and with so much in flight at most:
// usage, alone and in batches, webhooks, changes of customers, views, authorizations, and what a
// settlement would say of charges.
//
// It outlives the engines: one may stop under it, and it goes on with the next.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/engine/engine.hpp"
#include "engine/polar/body.hpp"
#include "sim/drive/latencies.hpp"
#include "sim/generate/random.hpp"
#include "tests/e2e/million/population.hpp"

namespace reckoner::million {

struct LoadOptions {
  std::uint32_t a_second = 1'000;  // requests
  std::uint32_t in_flight = 256;   // at most
  std::uint32_t in_batch = 100;    // usage events
  std::function<Instant()> now;
};

struct LoadCounts {
  std::uint64_t requests = 0;    // answered
  std::uint64_t events = 0;      // of usage, acknowledged as new
  std::uint64_t duplicates = 0;  // sent again on purpose, and found to be
  std::uint64_t keyed = 0;       // entries that have a key
  std::uint64_t settled = 0;     // charges
  std::uint64_t refused = 0;     // the engine was stopping
};

class Load {
 public:
  Load(const Population& population, LoadOptions options);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // On this engine from now on.
  void begin(actors::Engine& engine);
  // Until all that is in flight is answered; false: something never was.
  bool end();
  // From an engine's threads: a charge to settle. So many wait; others stay as they are.
  void charge_changed(const actors::ChargeNews& news);

  LoadCounts counts() const;
  // Of usage events sent one by one, since this was last asked.
  sim::Latencies take_latencies();
  // Answers that should not have come, as lines.
  std::vector<std::string> wrong() const;

 private:
  struct Sent {
    std::uint32_t who = 0;
    std::int64_t tokens = 0;
    std::uint64_t number = 0;  // 0: none yet
  };
  using Clock = std::chrono::steady_clock;

  void run();
  void turn();
  void use_one(bool again);
  void use_many();
  void hear();
  void change();
  void look();
  void ask_leave();
  void settle();
  void settle_as(const actors::ChargeNews& news, ChargeStatus status);

  std::string webhook_body(std::uint32_t who, Instant now);
  Sent next_event();
  void answered(const Error* error, std::string_view of);
  void answered_one(Sent event, bool again, const actors::UsageBatch& batch,
                    Clock::time_point sent);
  std::uint32_t somebody_active() {
    return static_cast<std::uint32_t>(random_.below(population_.active()));
  }

  const Population& population_;
  LoadOptions options_;
  sim::Random random_{7};
  polar::BodyReader bodies_;
  std::uint64_t number_ = 0;

  actors::Engine* engine_ = nullptr;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::uint32_t in_flight_ = 0;
  std::deque<actors::ChargeNews> to_settle_;
  Sent acknowledged_;  // an event that may be sent again
  LoadCounts counts_;
  sim::Latencies latencies_;
  std::vector<std::string> wrong_;
};

}  // namespace reckoner::million
