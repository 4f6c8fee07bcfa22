#include "tests/actors/settlement/http_polar.hpp"

namespace reckoner::settlement {
namespace {

using Deed = http::OddServer::Deed;

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find(from);
  if (start == text.npos) return {};
  const std::size_t begin = start + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

// %3A and the like; ids of tests need no more.
std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
    } else {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::string shown(const std::string& key, const HttpPolar::Held& held) {
  return R"({"id":")" + held.id + R"(","idempotency_key":")" + key + R"(","amount_usd":)" +
         between(held.body, "\"amount_usd\":", ",") + R"(,"status":"pending"})";
}

Deed status(const std::string& code) {
  return {"HTTP/1.1 " + code + " No\r\nRetry-After: 0\r\nContent-Length: 2\r\n\r\n{}"};
}

}  // namespace

HttpPolar::HttpPolar(Fault fault)
    : fault_(std::move(fault)),
      server_([this](const std::string& request) { return answer(request); }) {}

void HttpPolar::fail(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

void HttpPolar::hold(const std::string& key, const std::string& body) {
  const std::lock_guard lock(mutex_);
  held_[key] = {"ch_other", body, 0};
}

std::map<std::string, HttpPolar::Held> HttpPolar::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}
int HttpPolar::posts() const {
  const std::lock_guard lock(mutex_);
  return posts_;
}
int HttpPolar::gets() const {
  const std::lock_guard lock(mutex_);
  return gets_;
}

Deed HttpPolar::answer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const bool is_post = request.starts_with("POST /api/v1/charges ");
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  ++(is_post ? posts_ : gets_);
  std::string fault = fault_ ? fault_(is_post) : "";
  const bool takes = is_post && (fault.empty() || fault.starts_with("take "));
  std::string good = takes ? take(between(request, "Idempotency-Key: ", "\r\n"), body) : "";
  if (!is_post) good = list(decoded(between(request, "idempotency_key=", " ")));
  if (fault.starts_with("take ")) fault.erase(0, 5);
  if (fault == "close") return {"", true};
  if (fault == "hang") return {"", false, true};
  return fault.empty() ? Deed{http::OddServer::ok(good)} : status(fault);
}

std::string HttpPolar::take(const std::string& key, const std::string& body) {
  Held& held = held_[key];
  if (held.id.empty()) held.id = "ch_" + std::to_string(held_.size());
  if (held.body.empty()) held.body = body;
  ++held.requests;
  return shown(key, held);
}

std::string HttpPolar::list(const std::string& key) const {
  const auto found = held_.find(key);
  return R"({"items":[)" + (found == held_.end() ? "" : shown(key, found->second)) + "]}";
}

}  // namespace reckoner::settlement
