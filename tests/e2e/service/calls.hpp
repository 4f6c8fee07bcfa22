// Calls over HTTP that wait for their answer, and what is read of it.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/http/client.hpp"

namespace reckoner::e2e {

struct Answer {
  unsigned status = 0;    // 0: there was none
  bool not_sent = false;  // there was none, and nothing was sent
  std::string body, why;
  std::optional<std::string> retry_after;

  bool ok() const { return status / 100 == 2; }
  // Empty where the body is none. From any thread.
  boost::json::object json() const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// One thread at a time: what it sends goes over one connection.
class Caller {
 public:
  explicit Caller(std::chrono::milliseconds timeout = std::chrono::seconds(60));

  Answer call(const std::string& method, const std::string& url, Headers headers = {},
              std::string body = {});
  Answer get(const std::string& url, const std::string& key);
  Answer post(const std::string& url, const std::string& key, std::string json);

 private:
  std::shared_ptr<http::Client> client_;
};

// With the guide's signature.
Headers webhook_headers(const std::string& secret, const std::string& body);

// A member's text, or its number as text.
std::string text_of(const boost::json::object& object, std::string_view member);

}  // namespace reckoner::e2e
