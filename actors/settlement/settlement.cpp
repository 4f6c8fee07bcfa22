#include "actors/settlement/settlement.hpp"

#include <caf/all.hpp>
#include <condition_variable>
#include <mutex>
#include <random>

#include "actors/settlement/settler.hpp"

namespace reckoner::settlement {
namespace {

// Something to do in the actor's turn.
struct Task {
  std::shared_ptr<std::function<void()>> run;
};

}  // namespace
}  // namespace reckoner::settlement

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::settlement::Task)

namespace reckoner::settlement {
namespace {

// Runs what it is sent, one after another. What the tasks do is the Settler's; it never throws
// but for want of memory, and then to stop is right.
class Desk : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](const Task& task) noexcept { (*task.run)(); }};
  }
};

caf::actor_system_config& quiet(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", 1);
  return config;
}

Random random_numbers() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine](std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(*engine);
  };
}

// Lets callbacks of other threads outlive the actor: they are then dropped.
struct Door {
  std::mutex mutex;
  caf::actor desk;  // null: closed

  void send(std::function<void()> run) {
    const std::lock_guard lock(mutex);
    if (desk) caf::anon_send(desk, Task{std::make_shared<std::function<void()>>(std::move(run))});
  }
  void send_later(Delay delay, std::function<void()> run) {
    const std::lock_guard lock(mutex);
    if (desk)
      caf::delayed_anon_send(desk, delay,
                             Task{std::make_shared<std::function<void()>>(std::move(run))});
  }
};

}  // namespace

class SettlementService::Impl {
 public:
  Impl(std::shared_ptr<ChargeSource> source, std::shared_ptr<polar::SettlementAdapter> adapter,
       SettlementOptions options, SettlementHooks hooks);
  ~Impl();

  void charge_changed(const actors::ChargeNews& news);
  SettlementFigures figures() const;
  bool stop();

 private:
  Surroundings surroundings();
  void run_and_count(const std::function<void()>& run);
  void hear();
  void close();

  const std::shared_ptr<ChargeSource> source_;
  const std::shared_ptr<polar::SettlementAdapter> adapter_;
  const SettlementOptions options_;
  const SettlementHooks hooks_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<CustomersCharge> news_;  // not heard yet
  bool some_lost_ = false;
  SettlementFigures figures_;
  bool quiet_ = false;

  const std::shared_ptr<Door> door_ = std::make_shared<Door>();
  Settler settler_;
  caf::actor_system_config config_;
  caf::actor_system system_;
};

SettlementService::Impl::Impl(std::shared_ptr<ChargeSource> source,
                              std::shared_ptr<polar::SettlementAdapter> adapter,
                              SettlementOptions options, SettlementHooks hooks)
    : source_(std::move(source)),
      adapter_(std::move(adapter)),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      settler_(*source_, adapter_.get(), options_, hooks_, surroundings()),
      system_(quiet(config_)) {
  door_->desk = system_.spawn<Desk>();
  door_->send([this] { run_and_count([this] { settler_.start(); }); });
}

SettlementService::Impl::~Impl() {
  close();
}

// Nothing of the settlement runs afterwards, whoever still calls back: the engine may go.
void SettlementService::Impl::close() {
  caf::actor desk;
  {
    const std::lock_guard lock(door_->mutex);
    desk = std::exchange(door_->desk, nullptr);
  }
  if (!desk) return;
  caf::anon_send_exit(desk, caf::exit_reason::kill);
  caf::scoped_actor self(system_);
  self->wait_for(desk);
}

Surroundings SettlementService::Impl::surroundings() {
  Surroundings out;
  out.now = [] { return std::chrono::steady_clock::now(); };
  // Callbacks keep the door, but run nothing through it once it is closed.
  out.post = [this, door = door_](std::function<void()> run) {
    door->send([this, run = std::move(run)] { run_and_count(run); });
  };
  out.after = [this](Delay delay, std::function<void()> run) {
    door_->send_later(delay, [this, run = std::move(run)] { run_and_count(run); });
  };
  out.random = options_.random ? options_.random : random_numbers();
  return out;
}

void SettlementService::Impl::run_and_count(const std::function<void()>& run) {
  run();
  SettlementFigures now = settler_.figures();
  const std::lock_guard lock(mutex_);
  figures_ = std::move(now);
}

// Not a message for each: a flood of news would fill the mailbox.
void SettlementService::Impl::charge_changed(const actors::ChargeNews& news) {
  bool first;
  {
    const std::lock_guard lock(mutex_);
    first = news_.empty() && !some_lost_;
    if (news_.size() < options_.in_memory)
      news_.push_back(news);
    else
      some_lost_ = true;
  }
  if (first) door_->send([this] { run_and_count([this] { hear(); }); });
}

void SettlementService::Impl::hear() {
  std::vector<CustomersCharge> news;
  bool some_lost;
  {
    const std::lock_guard lock(mutex_);
    news.swap(news_);
    some_lost = std::exchange(some_lost_, false);
  }
  settler_.hear(news, some_lost);
}

SettlementFigures SettlementService::Impl::figures() const {
  const std::lock_guard lock(mutex_);
  SettlementFigures out = figures_;
  out.waiting += news_.size();
  return out;
}

bool SettlementService::Impl::stop() {
  door_->send([this] {
    settler_.stop([this] {
      const std::lock_guard lock(mutex_);
      quiet_ = true;
      changed_.notify_all();
    });
  });
  std::unique_lock lock(mutex_);
  const bool quiet = changed_.wait_for(lock, options_.grace, [this] { return quiet_; });
  lock.unlock();
  close();
  return quiet;
}

SettlementService::SettlementService(std::shared_ptr<ChargeSource> source,
                                     std::shared_ptr<polar::SettlementAdapter> adapter,
                                     SettlementOptions options, SettlementHooks hooks)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(adapter), std::move(options),
                                   std::move(hooks))) {}

SettlementService::~SettlementService() = default;

void SettlementService::charge_changed(const actors::ChargeNews& news) {
  impl_->charge_changed(news);
}

SettlementFigures SettlementService::figures() const {
  return impl_->figures();
}

bool SettlementService::stop() {
  return impl_->stop();
}

}  // namespace reckoner::settlement
