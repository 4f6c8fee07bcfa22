#include "sim/sandbox/sandbox.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "actors/http/client_url.hpp"
#include "actors/http/server.hpp"
#include "sim/sandbox/control.hpp"

namespace reckoner::sim::sandbox {
namespace {

using std::chrono::milliseconds;

constexpr Micros kBeforePayment = kSecond / 2;
// How long a call that is not answered is kept open; clients give up sooner.
constexpr std::chrono::seconds kHold{60};
constexpr std::size_t kMostHeld = 4'096;
constexpr milliseconds kGrace{500};

// What the server takes for: close, without an answer.
http::Response no_answer() {
  http::Response out;
  out.status = 0;
  return out;
}

http::Response fault_response(FaultKind kind) {
  switch (kind) {
    case FaultKind::error_500:
      return error_response(500, "InternalServerError", "a fault of the sandbox");
    case FaultKind::error_401:
      return error_response(401, "Unauthorized", "a fault of the sandbox");
    case FaultKind::error_402:
      return error_response(402, "PaymentFailed", "a fault of the sandbox");
    case FaultKind::error_422:
      return error_response(422, "RequestValidationError", "a fault of the sandbox");
    case FaultKind::error_429: {
      http::Response out = error_response(429, "TooManyRequests", "a fault of the sandbox");
      out.headers.emplace_back("Retry-After", "1");
      return out;
    }
    default:
      return no_answer();
  }
}

bool does_the_work(const CallFate& fate) {
  return !fate.fault || *fate.fault == FaultKind::lost || *fate.fault == FaultKind::lost_late;
}

Instant world_time() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

}  // namespace

class Sandbox::Impl {
 public:
  explicit Impl(SandboxOptions options)
      : options_(std::move(options)),
        state_{Model({options_.api_key, options_.strict, options_.seed}), Faults(options_.seed),
               Deliveries(!options_.webhooks.url.empty(), options_.seed), RequestCounts{}},
        timer_(options_.speed) {}
  ~Impl() { stop(); }

  Status start();
  void stop();

  const SandboxOptions options_;
  mutable std::mutex mutex_;  // of the state
  State state_;
  Timer timer_;
  std::unique_ptr<WebhookSender> sender_;
  std::unique_ptr<http::Server> server_;
  std::uint16_t port_ = 0;

  void wake() const {
    if (sender_) sender_->wake();
  }

 private:
  void handle(const http::Request& request, http::Reply reply);
  void handle_control(const http::Request& request, const http::Reply& reply);
  // Both with the mutex held.
  http::Response work(const http::Request& request);
  void add_webhook(Webhook webhook);

  void settle(const std::string& charge_id);
  void hold(http::Reply reply);
  void release(std::uint64_t held);

  std::mutex held_mutex_;
  std::uint64_t holds_ = 0;
  std::map<std::uint64_t, http::Reply> held_;  // calls that are left without an answer
};

Status Sandbox::Impl::start() {
  if (Status set = state_.faults.set(options_.faults, timer_.now()); !set) return set;
  if (!options_.webhooks.url.empty()) {
    if (options_.webhooks.secret.empty())
      return Error{"invalid_webhooks",
                   "webhook-secret is not given; with webhook-url it takes the secret that "
                   "webhooks are signed with"};
    if (const auto url = http::parse_url(options_.webhooks.url); !url)
      return Error{"invalid_webhooks",
                   "webhook-url is '" + options_.webhooks.url + "': " + url.error().detail};
    auto sender = WebhookSender::start(options_.webhooks, mutex_, state_.deliveries, timer_);
    if (!sender) return sender.error();
    sender_ = std::move(*sender);
  }
  http::ServerOptions server;
  server.listen = options_.listen;
  server.request_timeout = kHold + kHold;
  auto started =
      http::Server::start(server, [this](const http::Request& request, http::Reply reply) {
        if (request.path.starts_with(kControlPath)) return handle_control(request, reply);
        handle(request, std::move(reply));
      });
  if (!started) return started.error();
  server_ = std::move(*started);
  port_ = server_->port();
  return Done{};
}

void Sandbox::Impl::stop() {
  std::map<std::uint64_t, http::Reply> held;
  {
    const std::lock_guard lock(held_mutex_);
    held.swap(held_);
  }
  for (const auto& [number, reply] : held) reply(no_answer());
  if (server_) server_->stop(kGrace);
  server_.reset();
  timer_.stop();
  if (sender_) sender_->stop();
}

// --- calls ----------------------------------------------------------------------------------

void Sandbox::Impl::handle(const http::Request& request, http::Reply reply) {
  http::Response response;
  CallFate fate;
  {
    const std::lock_guard lock(mutex_);
    state_.requests.count(request, world_time() + state_.advanced);
    const bool is_charge = request.method == "POST" && request.path == "/api/v1/charges";
    fate = state_.faults.on_call(is_charge, timer_.now());
    response = does_the_work(fate) ? work(request) : fault_response(*fate.fault);
  }
  if (fate.fault == FaultKind::lost) response = no_answer();
  const bool hangs = fate.fault == FaultKind::hang || fate.fault == FaultKind::lost_late;
  if (hangs) return hold(std::move(reply));
  if (fate.delay == 0) return reply(std::move(response));
  timer_.after(fate.delay,
               [reply = std::move(reply), response = std::move(response)] { reply(response); });
}

http::Response Sandbox::Impl::work(const http::Request& request) {
  Outcome outcome = state_.model.answer(request, world_time() + state_.advanced);
  for (Webhook& webhook : outcome.webhooks) add_webhook(std::move(webhook));
  if (outcome.taken_charge && options_.pay_charges)
    timer_.after(
        kBeforePayment,
        [this, id = state_.model.holdings().charge_id(*outcome.taken_charge)] { settle(id); });
  return std::move(outcome.response);
}

void Sandbox::Impl::add_webhook(Webhook webhook) {
  const Instant now = timer_.now();
  if (state_.deliveries.add(std::move(webhook), state_.faults.on_webhook(now), now)) wake();
}

void Sandbox::Impl::settle(const std::string& charge_id) {
  const std::lock_guard lock(mutex_);
  const auto charge = state_.model.holdings().charge_with_id(charge_id);
  if (!charge) return;
  const bool paid = !state_.faults.payment_fails(timer_.now());
  auto webhook = state_.model.settle(*charge, paid, world_time() + state_.advanced);
  if (webhook) add_webhook(std::move(*webhook));
}

void Sandbox::Impl::handle_control(const http::Request& request, const http::Reply& reply) {
  ControlOutcome outcome;
  {
    const std::lock_guard lock(mutex_);
    outcome = control(state_, request, timer_.now());
  }
  if (outcome.advance > 0) timer_.advance(outcome.advance);
  wake();
  reply(std::move(outcome.response));
}

// --- no answer ------------------------------------------------------------------------------

void Sandbox::Impl::hold(http::Reply reply) {
  {
    const std::lock_guard lock(held_mutex_);
    if (held_.size() < kMostHeld) {
      const std::uint64_t number = ++holds_;
      held_.emplace(number, std::move(reply));
      const auto micros = std::chrono::microseconds(kHold).count();
      return timer_.after(static_cast<Micros>(static_cast<double>(micros) * options_.speed),
                          [this, number] { release(number); });
    }
  }
  reply(no_answer());
}

void Sandbox::Impl::release(std::uint64_t held) {
  http::Reply reply;
  {
    const std::lock_guard lock(held_mutex_);
    const auto found = held_.find(held);
    if (found == held_.end()) return;
    reply = std::move(found->second);
    held_.erase(found);
  }
  reply(no_answer());
}

// --- the face -------------------------------------------------------------------------------

Sandbox::Sandbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (Status started = impl->start(); !started) return started.error();
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(impl)));
}

std::uint16_t Sandbox::port() const {
  return impl_->port_;
}

std::string Sandbox::url() const {
  const std::string& listen = impl_->options_.listen;
  return "http://" + listen.substr(0, listen.rfind(':')) + ':' + std::to_string(port());
}

std::string Sandbox::state(bool brief) const {
  const std::lock_guard lock(impl_->mutex_);
  return state_json(impl_->state_, brief);
}

Totals Sandbox::totals() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->state_.totals();
}

DeliveryCounts Sandbox::deliveries() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->state_.deliveries.counts();
}

std::map<std::string, std::uint64_t> Sandbox::faults_fired() const {
  const std::lock_guard lock(impl_->mutex_);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [kind, fired] : impl_->state_.faults.fired())
    out.emplace(fault_name(kind), fired);
  return out;
}

Status Sandbox::set_faults(std::string_view list) {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->state_.faults.set(list, impl_->timer_.now());
}

Result<std::string> Sandbox::send_webhook(std::string_view body) {
  Result<std::string> sent = [&] {
    const std::lock_guard lock(impl_->mutex_);
    return sandbox::send_webhook(impl_->state_, body, impl_->timer_.now());
  }();
  impl_->wake();
  return sent;
}

void Sandbox::advance(Micros by) {
  {
    const std::lock_guard lock(impl_->mutex_);
    impl_->state_.advanced += by;
  }
  impl_->timer_.advance(by);
  impl_->wake();
}

void Sandbox::stop() {
  impl_->stop();
}

}  // namespace reckoner::sim::sandbox
