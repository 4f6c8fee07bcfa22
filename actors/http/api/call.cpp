#include "actors/http/api/call.hpp"

#include "actors/http/problem.hpp"

namespace reckoner::http::api {
namespace {

constexpr std::int64_t kRetrySeconds = 1;

unsigned status_of(const Error& error) {
  if (error.code == "invalid_json" || error.code == "bad_request") return 400;
  if (error.code == "unknown_customer" || error.code == "unknown_charge") return 404;
  if (error.code == "polar_customer_taken") return 409;
  if (error.code == "too_large") return 413;
  return 422;
}

}  // namespace

polar::Verdict Verifiers::verify(const polar::SignatureHeaders& headers, std::string_view body,
                                 std::int64_t now, polar::Scheme scheme) {
  std::unique_lock lock(mutex_);
  if (free_.empty()) free_.push_back(polar::SignatureVerifier::of_secrets(secrets_).value());
  polar::SignatureVerifier verifier = std::move(free_.back());
  free_.pop_back();
  lock.unlock();
  const polar::Verdict verdict = verifier.verify(headers, body, now, scheme);
  lock.lock();
  free_.push_back(std::move(verifier));
  return verdict;
}

Core::Core(FrontDoorOptions given)
    : options(std::move(given)),
      usage(options.usage),
      webhooks(options.webhooks),
      others(options.others),
      heavy({1, SIZE_MAX}),
      verifiers(options.webhook_secrets) {}

Instant Core::now() const {
  if (options.now) return options.now();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

Call::Call(std::shared_ptr<Core> core, Request sent, Reply reply)
    : request(std::move(sent)),
      core_(std::move(core)),
      reply_(std::move(reply)),
      began_(std::chrono::steady_clock::now()),
      bytes_in_(request.body.size()) {}

void Call::answer(Response response) {
  if (const auto& on_access = options().on_access) {
    const auto taken = std::chrono::steady_clock::now() - began_;
    on_access({std::move(request.method), route, response.status,
               std::chrono::duration_cast<std::chrono::microseconds>(taken), bytes_in_,
               response.body.size(), std::move(request.id), std::move(request.remote),
               std::move(customer_id), std::move(key_id)});
  }
  ticket.release();
  reply_(std::move(response));
}

void Call::answer(const Error& error) {
  answer(answer_to(error));
}

void Call::answer_json(std::string body, unsigned status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  answer(std::move(response));
}

Response answer_to(const Error& error) {
  const bool later =
      error.code == "unavailable" || error.code == "stopping" || error.retry != Retry::never;
  if (later) return problem_later(503, "unavailable", error.detail, kRetrySeconds);
  return problem(status_of(error), error.code, error.detail);
}

}  // namespace reckoner::http::api
