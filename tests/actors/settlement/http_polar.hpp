// The guide's charges API over real HTTP, which takes each idempotency key once and fails as a test
// says: it also loses answers, and hangs.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "tests/actors/http/odd_server.hpp"

namespace reckoner::settlement {

class HttpPolar {
 public:
  // What goes wrong with a request; "" is nothing. Of "500", "401", "402", "429": that status;
  // "close": no answer; "hang": none for ever. With "take " in front the charge is taken first.
  using Fault = std::function<std::string(bool is_post)>;

  explicit HttpPolar(Fault fault = nullptr);

  std::string base_url() const { return server_.url("/api/v1"); }
  void fail(Fault fault);
  // Somebody else has used the key, for this body.
  void hold(const std::string& key, const std::string& body);

  struct Held {
    std::string id, body;
    int requests = 0;
  };
  std::map<std::string, Held> held() const;
  int posts() const;
  int gets() const;

 private:
  http::OddServer::Deed answer(const std::string& request);
  std::string take(const std::string& key, const std::string& body);
  std::string list(const std::string& query) const;

  mutable std::mutex mutex_;
  Fault fault_;
  std::map<std::string, Held> held_;
  int posts_ = 0, gets_ = 0;
  http::OddServer server_;
};

}  // namespace reckoner::settlement
