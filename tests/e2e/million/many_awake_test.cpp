// More customers at work than may be awake together: the bound holds, and costs memory no more than
// that.
#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>

#include "tests/e2e/million/stand.hpp"

namespace reckoner::million {
namespace {

constexpr std::uint32_t kCustomers = 60'000, kInBatch = 1'000, kBatches = 240;
constexpr std::uint32_t kInFlight = 16;
constexpr std::size_t kAwake = 5'000;
// What one commit may wake beyond it (EngineOptions::entries_in_commit), and the batch that it ends
// with; and as many who are on their way to sleep.
constexpr std::uint64_t kBeyond = 2 * (8'000 + kInBatch);

// Everybody in turn, in batches.
class Rounds {
 public:
  explicit Rounds(actors::Engine& engine) : engine_(engine) {}

  // The most that were awake at any time.
  std::uint64_t run() {
    std::uint64_t most = 0;
    for (std::uint32_t batch = 0; batch < kBatches; ++batch) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return in_flight_ < kInFlight; });
      most = std::max(most, engine_.figures().customers_awake);
      ++in_flight_;
      lock.unlock();
      send(batch * kInBatch);
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ == 0; });
    return most;
  }
  std::uint64_t accepted() const { return accepted_; }

 private:
  void send(std::uint32_t first) {
    auto batch = std::make_shared<actors::UsageBatch>();
    std::vector<std::size_t> ends;
    for (std::uint32_t i = 0; i < kInBatch; ++i)
      batch->body += Population::id((first + i) % kCustomers), ends.push_back(batch->body.size());
    std::size_t from = 0;
    for (const std::size_t end : ends) {
      storage::UsageEvent event{std::string_view(batch->body).substr(from, end - from), {}};
      event.request.usage.tokens = 1;
      event.request.usage.operation = "chat";
      batch->events.push_back(event);
      from = end;
    }
    batch->on_done = [this](actors::UsageBatch& done, const Error* error) {
      std::lock_guard lock(mutex_);
      if (error == nullptr)
        for (const storage::Verdict& verdict : done.verdicts) accepted_ += verdict.accepted();
      --in_flight_;
      changed_.notify_all();
    };
    engine_.usage(std::move(batch));
  }

  actors::Engine& engine_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t in_flight_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace

TEST_CASE("no more customers are awake than may be, also when all of them come in turn") {
  PopulationOptions options;
  options.customers = kCustomers;
  options.first_grace_end = options.last_grace_end = midnight() + kDay;
  const Population population(options);
  Stand stand(population, {kAwake, 60 * kSecond});
  stand.fill();
  Watch watch(population, [](const actors::ChargeNews&) {});
  stand.start(watch, filled_until());
  Rounds rounds(stand.engine());
  const std::uint64_t most = rounds.run();
  CHECK(rounds.accepted() == kBatches * kInBatch);
  CHECK(most <= kAwake + kBeyond);
  CHECK(most > kAwake / 2);
  stand.stop();
  CHECK(watch.alarms() == std::vector<std::string>());
}

}  // namespace reckoner::million
