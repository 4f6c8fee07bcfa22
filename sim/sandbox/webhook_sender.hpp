// Takes webhooks from their queue, signs them and sends them.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "actors/http/client.hpp"
#include "engine/polar/signature.hpp"
#include "sim/sandbox/deliveries.hpp"
#include "sim/sandbox/timer.hpp"

namespace reckoner::sim::sandbox {

enum class WebhookScheme : std::uint8_t { guide, standard };

struct WebhookTarget {
  std::string url, secret;
  WebhookScheme scheme = WebhookScheme::guide;
};

// The headers that a webhook bears beside its body. `key` is made of all the secret's bytes, as
// Polar does it; `seconds` is the world's time, since 1970.
std::vector<std::pair<std::string, std::string>> signed_headers(polar::HmacKey& key,
                                                                WebhookScheme scheme,
                                                                const Deliveries::Attempt& attempt,
                                                                std::int64_t seconds);

class WebhookSender {
 public:
  // `deliveries` is touched only with `guard` held; both, and `timer`, outlive this. Errors: the
  // client's.
  static Result<std::unique_ptr<WebhookSender>> start(WebhookTarget target, std::mutex& guard,
                                                      Deliveries& deliveries, Timer& timer);
  ~WebhookSender() { stop(); }

  // There may be something to send. From any thread.
  void wake();
  // After the timer was stopped. What is under way counts as failed.
  void stop() { client_->stop(); }

 private:
  WebhookSender(WebhookTarget target, std::mutex& guard, Deliveries& deliveries, Timer& timer,
                std::unique_ptr<http::Client> client);
  void pump();  // on the timer's thread
  void send(Deliveries::Attempt attempt);

  const WebhookTarget target_;
  std::mutex& guard_;
  Deliveries& deliveries_;
  Timer& timer_;
  polar::HmacKey key_;
  std::atomic<bool> awake_{false};
  Instant armed_ = kDistantFuture;  // when the timer will wake it; under the guard
  std::unique_ptr<http::Client> client_;
};

}  // namespace reckoner::sim::sandbox
