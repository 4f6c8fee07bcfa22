#include "tests/e2e/service/calls.hpp"

#include <future>

#include "engine/polar/signature.hpp"

namespace reckoner::e2e {
namespace {

namespace bj = boost::json;

std::shared_ptr<http::Client> client(std::chrono::milliseconds timeout) {
  http::ClientOptions options;
  options.timeout = timeout;
  options.connections_per_origin = 1;
  options.max_response = 256 * 1024 * 1024;
  return std::move(http::Client::start(options)).value();
}

}  // namespace

bj::object Answer::json() const {
  boost::system::error_code failed;
  const bj::value value = bj::parse(body, failed);
  return !failed && value.is_object() ? value.as_object() : bj::object();
}

Caller::Caller(std::chrono::milliseconds timeout) : client_(client(timeout)) {}

Answer Caller::call(const std::string& method, const std::string& url, Headers headers,
                    std::string body) {
  std::promise<Answer> answered;
  client_->send({method, url, std::move(headers), std::move(body)},
                [&answered](Result<http::ClientResponse> response) {
                  Answer out;
                  if (response) {
                    out.status = response->status;
                    if (const std::string* after = response->header("retry-after"))
                      out.retry_after = *after;
                    out.body = std::move(response->body);
                  } else {
                    out.not_sent = response.error().retry != Retry::unknown;
                    out.why = response.error().code + ": " + response.error().detail;
                  }
                  answered.set_value(std::move(out));
                });
  return answered.get_future().get();
}

Answer Caller::get(const std::string& url, const std::string& key) {
  return call("GET", url, {{"Authorization", "Bearer " + key}});
}

Answer Caller::post(const std::string& url, const std::string& key, std::string json) {
  return call("POST", url,
              {{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}},
              std::move(json));
}

Headers webhook_headers(const std::string& secret, const std::string& body) {
  polar::HmacKey key(secret);
  return {{"Content-Type", "application/json"},
          {"X-Polar-Signature", polar::sign_guide(key, body)}};
}

std::string text_of(const bj::object& object, std::string_view member) {
  const bj::value* value = object.if_contains(member);
  if (value == nullptr) return "(none)";
  if (value->is_string()) return std::string(value->as_string());
  return bj::serialize(*value);
}

}  // namespace reckoner::e2e
