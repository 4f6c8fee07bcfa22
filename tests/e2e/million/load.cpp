#include "tests/e2e/million/load.hpp"

#include <utility>

namespace reckoner::million {
namespace {

using namespace std::chrono_literals;
using storage::Verdict;

constexpr auto kBeat = 5ms;
constexpr std::size_t kMostToSettle = 20'000;
constexpr std::size_t kMostWrong = 20;

// Events own what they say: the views are set when all of it is there.
class EventsOf {
 public:
  explicit EventsOf(std::size_t events) : batch_(std::make_shared<actors::UsageBatch>()) {
    batch_->body.reserve(events * 64);
  }

  void add(std::uint32_t who, std::int64_t tokens, std::uint64_t number) {
    const std::string id = Population::id(who), key = "load-" + std::to_string(number);
    const std::size_t at = batch_->body.size();
    batch_->body += id + key;
    RECKONER_CHECK(batch_->body.size() <= batch_->body.capacity(), "views would go stale");
    const std::string_view text = std::string_view(batch_->body).substr(at);
    storage::UsageEvent event{text.substr(0, id.size()), {}};
    event.request.usage.idempotency_key = text.substr(id.size());
    event.request.usage.tokens = tokens;
    event.request.usage.operation = "chat";
    batch_->events.push_back(event);
  }
  std::shared_ptr<actors::UsageBatch> take() { return std::move(batch_); }

 private:
  std::shared_ptr<actors::UsageBatch> batch_;
};

}  // namespace

Load::Load(const Population& population, LoadOptions options)
    : population_(population), options_(std::move(options)) {}

Load::~Load() {
  end();
}

void Load::begin(actors::Engine& engine) {
  engine_ = &engine;
  ending_ = false;
  thread_ = std::thread([this] { run(); });
}

bool Load::end() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  if (thread_.joinable()) {
    lock.unlock();
    thread_.join();
    lock.lock();
  }
  return changed_.wait_for(lock, 10min, [this] { return in_flight_ == 0; });
}

void Load::charge_changed(const actors::ChargeNews& news) {
  if (news.charge.status != ChargeStatus::pending) return;
  std::lock_guard lock(mutex_);
  if (to_settle_.size() < kMostToSettle) to_settle_.push_back(news);
}

LoadCounts Load::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

sim::Latencies Load::take_latencies() {
  std::lock_guard lock(mutex_);
  return std::exchange(latencies_, {});
}

std::vector<std::string> Load::wrong() const {
  std::lock_guard lock(mutex_);
  return wrong_;
}

// --- the pace -------------------------------------------------------------------------------

void Load::run() {
  auto next = Clock::now();
  double owed = 0;
  while (true) {
    next = std::max(next + kBeat, Clock::now() - 100ms);  // what was missed is not made up for
    owed += options_.a_second * std::chrono::duration<double>(kBeat).count();
    for (; owed >= 1; --owed) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ending_ || in_flight_ < options_.in_flight; });
        if (ending_) return;
        ++in_flight_;
      }
      turn();
    }
    std::this_thread::sleep_until(next);
  }
}

// One request.
void Load::turn() {
  const std::uint64_t luck = random_.below(1'000);
  if (luck < 580) return use_one(false);
  if (luck < 590) return use_one(true);
  if (luck < 600) return use_many();
  if (luck < 700) return hear();
  if (luck < 750) return change();
  if (luck < 850) return look();
  if (luck < 900) return ask_leave();
  settle();
}

void Load::answered(const Error* error, std::string_view of) {
  std::lock_guard lock(mutex_);
  if (error == nullptr)
    ++counts_.requests;
  else if (error->code == "stopping")
    ++counts_.refused;
  else if (wrong_.size() < kMostWrong)
    wrong_.push_back(std::string(of) + ": " + error->code + ": " + error->detail);
  --in_flight_;
  changed_.notify_all();
}

// --- usage ----------------------------------------------------------------------------------

Load::Sent Load::next_event() {
  return {somebody_active(), random_.between(1, 400), ++number_};
}

void Load::use_one(bool again) {
  Sent event = next_event();
  if (again) {
    std::lock_guard lock(mutex_);
    again = acknowledged_.number != 0;
    if (again) event = acknowledged_;
  }
  EventsOf events(1);
  events.add(event.who, event.tokens, event.number);
  auto batch = events.take();
  batch->wants_totals = true;
  batch->on_done = [this, event, again, sent = Clock::now()](actors::UsageBatch& done,
                                                             const Error* error) {
    if (error == nullptr) answered_one(event, again, done, sent);
    answered(error, "usage");
  };
  engine_->usage(std::move(batch));
}

void Load::answered_one(Sent event, bool again, const actors::UsageBatch& batch,
                        Clock::time_point sent) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sent);
  const auto expected = again ? Verdict::Kind::duplicate : Verdict::Kind::accepted;
  std::lock_guard lock(mutex_);
  latencies_.add(took);
  if (batch.verdicts[0].kind != expected) {
    if (wrong_.size() < kMostWrong)
      wrong_.push_back("usage of key load-" + std::to_string(event.number) + ": verdict " +
                       std::to_string(static_cast<int>(batch.verdicts[0].kind)));
    return;
  }
  if (again) return void(++counts_.duplicates);
  ++counts_.events;
  ++counts_.keyed;
  acknowledged_ = event;
}

void Load::use_many() {
  EventsOf events(options_.in_batch);
  for (std::uint32_t i = 0; i < options_.in_batch; ++i) {
    const Sent event = next_event();
    events.add(event.who, event.tokens, event.number);
  }
  auto batch = events.take();
  batch->on_done = [this](actors::UsageBatch& done, const Error* error) {
    if (error == nullptr) {
      std::lock_guard lock(mutex_);
      for (const Verdict& verdict : done.verdicts) {
        if (verdict.accepted())
          ++counts_.events, ++counts_.keyed;
        else if (wrong_.size() < kMostWrong)
          wrong_.emplace_back("an event of a batch was not accepted");
      }
    }
    answered(error, "usage in a batch");
  };
  engine_->usage(std::move(batch));
}

// --- webhooks, and changes of customers ------------------------------------------------------

// The guide's do not say when they were sent, Polar's do. Subscriptions of those whose grace ends
// stay as they are.
std::string Load::webhook_body(std::uint32_t who, Instant now) {
  const std::string polar = Population::polar_id(who);
  const bool may_change = !population_.grace_end(who);
  switch (random_.below(4)) {
    case 0:
      if (may_change)
        return subscription_body(who, random_.chance(8'000) ? "active" : "canceled",
                                 now - random_.between(0, 5 * kSecond), {});
      [[fallthrough]];
    case 1:
      return R"({"type":"customer.updated","data":{"id":")" + polar + R"(","email":"a)" +
             std::to_string(number_) + R"(@example.com"}})";
    case 2:
      if (may_change)
        return R"({"type":"subscription.updated","data":{"id":")" +
               Population::subscription_id(who) + R"(","customer_id":")" + polar +
               R"(","product_id":"cortex_professional","status":"active"}})";
      [[fallthrough]];
    default:
      return R"({"type":"order.paid","data":{"id":"o)" + std::to_string(number_) +
             R"(","customer_id":")" + polar +
             R"(","net_amount":2900,"currency":"usd","billing_reason":"purchase"}})";
  }
}

void Load::hear() {
  const std::uint32_t who = somebody_active();
  ++number_;
  const Instant now = options_.now();
  actors::WebhookRequest webhook;
  webhook.id = "hook-" + std::to_string(number_);
  webhook.body = webhook_body(who, now);
  auto read = bodies_.read(webhook.body, now);
  RECKONER_CHECK(read.ok(), "a body made here cannot be read");
  webhook.event = std::move(read->event);
  webhook.on_done = [this](const Result<actors::WebhookAnswer>& answer) {
    if (answer.ok()) {
      std::lock_guard lock(mutex_);
      ++counts_.keyed;
    }
    answered(answer.ok() ? nullptr : &answer.error(), "a webhook");
  };
  engine_->webhook(std::move(webhook));
}

void Load::change() {
  const std::uint32_t who = somebody_active();
  actors::CustomerRequest request;
  request.line.customer_id = Population::id(who);
  request.line.profile.name = "Name " + std::to_string(++number_);
  if (random_.chance(1'000))
    request.line.profile.billing_day = static_cast<std::uint8_t>(random_.between(1, 31));
  request.must_exist = true;
  request.on_done = [this](const Result<const actors::CustomerAnswer*>& answer) {
    answered(answer.ok() ? nullptr : &answer.error(), "a customer's change");
  };
  engine_->customer(std::move(request));
}

// --- what only looks ------------------------------------------------------------------------

// Half of them at anybody at all: most of whom sleep.
void Load::look() {
  const auto who = random_.chance(5'000)
                       ? somebody_active()
                       : static_cast<std::uint32_t>(random_.below(population_.size()));
  engine_->view(Population::id(who), [this](const Result<const actors::CustomerView*>& view) {
    answered(view.ok() ? nullptr : &view.error(), "a view");
  });
}

// Whoever sleeps wakes for it: one in fifty.
void Load::ask_leave() {
  const auto who = random_.chance(9'800)
                       ? somebody_active()
                       : static_cast<std::uint32_t>(random_.below(population_.size()));
  engine_->authorize(Population::id(who), 100, [this](const Result<actors::Authorization>& leave) {
    answered(leave.ok() ? nullptr : &leave.error(), "an authorization");
  });
}

// --- settlement -----------------------------------------------------------------------------

void Load::settle() {
  actors::ChargeNews news;
  {
    std::lock_guard lock(mutex_);
    if (to_settle_.empty()) {
      --in_flight_;
      return;
    }
    news = std::move(to_settle_.front());
    to_settle_.pop_front();
  }
  settle_as(news, news.charge.status == ChargeStatus::pending ? ChargeStatus::submitted
                                                              : ChargeStatus::paid);
}

void Load::settle_as(const actors::ChargeNews& news, ChargeStatus status) {
  actors::ChargeRequest<Settlement> request;
  request.customer_id = news.customer_id;
  request.body.charge_number = news.charge.number;
  request.body.status = status;
  request.body.polar_charge_id = "polar-" + charge_id(news.customer_id, news.charge.number);
  request.on_done = [this, news, status](const Result<const actors::ChargeAnswer*>& answer) {
    {
      std::lock_guard lock(mutex_);
      if (answer.ok() && status == ChargeStatus::paid) ++counts_.settled;
      if (answer.ok() && status == ChargeStatus::submitted)
        to_settle_.push_back({news.customer_id, news.polar_customer_id, (*answer)->charge});
      if (!answer.ok()) to_settle_.push_back(news);
    }
    answered(answer.ok() ? nullptr : &answer.error(), "a settlement");
  };
  engine_->settlement(std::move(request));
}

}  // namespace reckoner::million
