#include "sim/sandbox/webhook_sender.hpp"

#include <chrono>
#include <utility>

namespace reckoner::sim::sandbox {
namespace {

constexpr std::chrono::seconds kTimeout{10};  // Polar's

std::int64_t seconds_since_1970() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> signed_headers(polar::HmacKey& key,
                                                                WebhookScheme scheme,
                                                                const Deliveries::Attempt& attempt,
                                                                std::int64_t seconds) {
  if (scheme == WebhookScheme::guide)
    return {{"Content-Type", "application/json"},
            {"X-Polar-Signature", polar::sign_guide(key, attempt.body)}};
  const std::string timestamp = std::to_string(seconds);
  return {{"Content-Type", "application/json"},
          {"webhook-id", attempt.id},
          {"webhook-timestamp", timestamp},
          {"webhook-signature", polar::sign_standard(key, attempt.id, timestamp, attempt.body)}};
}

Result<std::unique_ptr<WebhookSender>> WebhookSender::start(WebhookTarget target, std::mutex& guard,
                                                            Deliveries& deliveries, Timer& timer) {
  http::ClientOptions options;
  options.timeout = kTimeout;
  auto client = http::Client::start(options);
  if (!client) return client.error();
  return std::unique_ptr<WebhookSender>(
      new WebhookSender(std::move(target), guard, deliveries, timer, std::move(*client)));
}

WebhookSender::WebhookSender(WebhookTarget target, std::mutex& guard, Deliveries& deliveries,
                             Timer& timer, std::unique_ptr<http::Client> client)
    : target_(std::move(target)),
      guard_(guard),
      deliveries_(deliveries),
      timer_(timer),
      key_(target_.secret),
      client_(std::move(client)) {}

void WebhookSender::wake() {
  if (!awake_.exchange(true)) timer_.after(0, [this] { pump(); });
}

void WebhookSender::pump() {
  awake_ = false;
  while (true) {
    std::unique_lock lock(guard_);
    const Instant now = timer_.now();
    if (now >= armed_) armed_ = kDistantFuture;
    auto attempt = deliveries_.next(now);
    if (!attempt) {
      const auto due = deliveries_.due();
      if (!due || *due <= now || *due >= armed_) return;  // or: woken by an answer, or by then
      armed_ = *due;
      return timer_.after(*due - now, [this] { pump(); });
    }
    lock.unlock();
    send(std::move(*attempt));
  }
}

void WebhookSender::send(Deliveries::Attempt attempt) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = target_.url;
  request.headers = signed_headers(key_, target_.scheme, attempt, seconds_since_1970());
  request.headers.emplace_back("User-Agent", "polar.sh webhooks");
  request.body = std::move(attempt.body);
  client_->send(std::move(request),
                [this, number = attempt.number](const Result<http::ClientResponse>& response) {
                  {
                    const std::lock_guard lock(guard_);
                    deliveries_.done(number, response ? response->status : 0, timer_.now());
                  }
                  wake();
                });
}

}  // namespace reckoner::sim::sandbox
