// A stand-in for Polar on real HTTP, in this process: docs/simulator.md says what it does.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"
#include "sim/sandbox/state.hpp"
#include "sim/sandbox/webhook_sender.hpp"

namespace reckoner::sim::sandbox {

struct SandboxOptions {
  std::string listen = "127.0.0.1:8090";  // port 0: any that is free
  std::string api_key;                    // empty: any will do
  WebhookTarget webhooks;                 // without a URL none are made
  double speed = 1;                       // of pauses between attempts, faults and payments
  bool strict = false;
  bool pay_charges = false;  // a taken charge is paid a moment later
  std::uint64_t seed = 1;
  std::string faults;  // as --faults
};

// For any thread; not from its own handlers, which are nobody's.
class Sandbox {
 public:
  // Answers when it returns. Errors: the server's; `invalid_faults`; `invalid_webhooks` (no URL, or
  // one without a secret). Each detail begins with the name of the flag.
  static Result<std::unique_ptr<Sandbox>> start(SandboxOptions options);
  ~Sandbox();

  std::uint16_t port() const;
  std::string url() const;  // "http://127.0.0.1:41234"; the API is below /api/v1
  // As GET /_sandbox/state, or /_sandbox/totals if brief.
  std::string state(bool brief = false) const;
  Totals totals() const;
  DeliveryCounts deliveries() const;
  std::map<std::string, std::uint64_t> faults_fired() const;  // by name

  // As POST /_sandbox/faults {"faults":list}, /webhooks and /advance.
  Status set_faults(std::string_view list);
  Result<std::string> send_webhook(std::string_view body);
  void advance(Micros by);

  // Closes what is open, and ends webhooks; what it holds stays to be looked at. Once.
  void stop();

 private:
  class Impl;
  explicit Sandbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::sim::sandbox
