// A sandbox on a real socket, a client that calls it, and a server that webhooks come to.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/http/client.hpp"
#include "actors/http/server.hpp"
#include "engine/polar/signature.hpp"
#include "sim/sandbox/sandbox.hpp"

namespace reckoner::sim::sandbox {

// Takes webhooks, and answers each with the status that is set.
class Receiver {
 public:
  Receiver();
  ~Receiver();

  std::string url() const;
  void answer_with(unsigned status);
  // Waits until that many came (a minute at most), and returns all.
  std::vector<http::Request> wait_for(std::size_t count);
  std::size_t count();

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  unsigned status_ = 200;
  std::vector<http::Request> all_;
  std::unique_ptr<http::Server> server_;
};

// Of the secret, at the present time.
polar::Verdict verdict_of(const http::Request& webhook, const std::string& secret,
                          polar::Scheme scheme);

class Caller {
 public:
  explicit Caller(std::string url, std::chrono::milliseconds timeout = std::chrono::seconds(60));

  // Blocks. Paths from the root: "/api/v1/charges".
  Result<http::ClientResponse> call(const std::string& method, const std::string& path,
                                    const std::string& body = {}, const std::string& key = {});
  // The answer's body, which there is.
  std::string get(const std::string& path);
  std::string post(const std::string& path, const std::string& body, const std::string& key = {});
  http::Client& client() { return *client_; }

 private:
  std::string url_;
  std::unique_ptr<http::Client> client_;
};

std::unique_ptr<Sandbox> start_sandbox(SandboxOptions options = {});

// Waits until it holds; fails the test where it does not within a minute.
template <class Condition>
void wait_until(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace reckoner::sim::sandbox
