// An engine and a sandbox, as programs, in a folder: to be called, killed and started again.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/programs.hpp"
#include "tests/e2e/service/background.hpp"
#include "tests/e2e/service/calls.hpp"

namespace reckoner::e2e {

inline constexpr const char* kWebhookSecret = "a secret for webhooks";

class Sandbox {
 public:
  Sandbox();

  std::string url;

  // In place of those before: "down", "lost:0.1", "" for none.
  void faults(const std::string& list);
  boost::json::object state();
  // How often its charges were asked for, by whichever method and with whichever outcome.
  std::int64_t charge_calls();

 private:
  support::TemporaryFolder folder_;
  std::unique_ptr<Background> program_;
  Caller caller_;
};

struct EngineOptions {
  std::vector<std::string> settings;     // "key=value", beside those that every engine here has
  std::vector<std::string> environment;  // "NAME=value"
  bool take_over = false;
  bool dying = false;  // tests/e2e/service/dying_engine.cpp in place of `reckoner serve`
};

class Stand : public Programs {
 public:
  // Its settings hold for each start.
  explicit Stand(std::vector<std::string> settings = {});

  Sandbox sandbox;

  // Starts a further engine beside the one there is, and does not wait for it.
  std::unique_ptr<Background> launch(const EngineOptions& options = {});
  // REQUIREs that it comes to be ready.
  void start(const EngineOptions& options = {});
  // Waits until it is ready. False: it has ended before.
  bool await_ready();
  void begin(const EngineOptions& options) { engine_ = launch(options); }
  Background& engine() { return *engine_; }
  // SIGTERM. The exit code.
  std::optional<int> stop();

  std::string key() const { return key_; }
  std::string url(const std::string& path) const { return url_ + path; }
  // From the test's own thread.
  Answer get(const std::string& path) { return caller_->get(url(path), key_); }
  Answer post(const std::string& path, std::string json) {
    return caller_->post(url(path), key_, std::move(json));
  }
  Answer webhook(const std::string& body) {
    return caller_->call("POST", url("/api/v1/webhooks/polar"),
                         webhook_headers(kWebhookSecret, body), body);
  }
  // All charges, or those with that status.
  std::vector<boost::json::object> charges(const std::string& status = {});
  // Waits until no charge is pending or unknown. False: it took more than a minute.
  bool await_settled();
  // A number of the line that tells of being ready: "folded".
  std::int64_t at_ready(const std::string& name) const;

 private:
  void make_key();

  std::vector<std::string> settings_;
  support::TemporaryFolder said_;
  int launched_ = 0;
  std::unique_ptr<Background> engine_;
  std::string url_, key_;
  std::unique_ptr<Caller> caller_ = std::make_unique<Caller>();
};

}  // namespace reckoner::e2e
