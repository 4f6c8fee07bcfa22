// The limit that the front door is measured beside: a bare Beast server on one thread, which checks
// a request's HMAC, parses its JSON, answers a small one, and does nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace reckoner::bench {

class LimitServer {
 public:
  // On 127.0.0.1, on any free port. Each request's body is signed in its X-Polar-Signature, or, for
  // those that are not, as usage, the signature is computed all the same.
  explicit LimitServer(const std::string& secret);
  ~LimitServer();

  std::uint16_t port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::bench
