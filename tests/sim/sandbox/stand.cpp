#include "tests/sim/sandbox/stand.hpp"

#include <future>

namespace reckoner::sim::sandbox {

using std::chrono::milliseconds;
using std::chrono::minutes;

Receiver::Receiver() {
  http::ServerOptions options;
  options.listen = "127.0.0.1:0";
  auto server = http::Server::start(options, [this](http::Request request, http::Reply reply) {
    http::Response response;
    {
      const std::lock_guard lock(mutex_);
      response.status = status_;
      all_.push_back(std::move(request));
      came_.notify_all();
    }
    reply(std::move(response));
  });
  REQUIRE(server.ok());
  server_ = std::move(*server);
}

Receiver::~Receiver() {
  server_->stop(milliseconds(100));
}

std::string Receiver::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/api/v1/webhooks/polar";
}

void Receiver::answer_with(unsigned status) {
  const std::lock_guard lock(mutex_);
  status_ = status;
}

std::vector<http::Request> Receiver::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, minutes(1), [&] { return all_.size() >= count; });
  return all_;
}

std::size_t Receiver::count() {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

polar::Verdict verdict_of(const http::Request& webhook, const std::string& secret,
                          polar::Scheme scheme) {
  const auto header = [&](std::string_view name) -> std::optional<std::string_view> {
    const std::string* found = webhook.header(name);
    if (found == nullptr) return std::nullopt;
    return *found;
  };
  auto verifier = polar::SignatureVerifier::of_secrets(secret);
  REQUIRE(verifier.ok());
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return verifier->verify({header("x-polar-signature"), header("webhook-id"),
                           header("webhook-timestamp"), header("webhook-signature")},
                          webhook.body, now.count(), scheme);
}

Caller::Caller(std::string url, milliseconds timeout) : url_(std::move(url)) {
  http::ClientOptions options;
  options.timeout = timeout;
  options.max_response = 64 * 1024 * 1024;
  auto client = http::Client::start(options);
  REQUIRE(client.ok());
  client_ = std::move(*client);
}

Result<http::ClientResponse> Caller::call(const std::string& method, const std::string& path,
                                          const std::string& body, const std::string& key) {
  http::ClientRequest request;
  request.method = method;
  request.url = url_ + path;
  request.headers = {{"Authorization", "Bearer polar_test"}, {"Content-Type", "application/json"}};
  if (!key.empty()) request.headers.emplace_back("Idempotency-Key", key);
  request.body = body;
  std::promise<Result<http::ClientResponse>> answer;
  client_->send(std::move(request), [&](Result<http::ClientResponse> response) {
    answer.set_value(std::move(response));
  });
  return answer.get_future().get();
}

std::string Caller::get(const std::string& path) {
  auto response = call("GET", path);
  REQUIRE(response.ok());
  return response->body;
}

std::string Caller::post(const std::string& path, const std::string& body, const std::string& key) {
  auto response = call("POST", path, body, key);
  REQUIRE(response.ok());
  return response->body;
}

std::unique_ptr<Sandbox> start_sandbox(SandboxOptions options) {
  options.listen = "127.0.0.1:0";
  options.api_key = "polar_test";
  auto sandbox = Sandbox::start(std::move(options));
  INFO((sandbox ? std::string() : sandbox.error().detail));
  REQUIRE(sandbox.ok());
  return std::move(*sandbox);
}

}  // namespace reckoner::sim::sandbox
