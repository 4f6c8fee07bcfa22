// An HTTP/1.1 client for calls to few servers: http and https, kept connections, one thread of its
// own. TLS is 1.2 or newer, with certificate and host name verified; redirects are not followed.
//
// An error tells whether the request may have reached the other side (Error::retry): `now` and
// `later` only where certainly nothing of it was sent, `unknown` once a byte of it may have left.
// Codes: `invalid_request` (never sent), `connect_failed`, `tls_failed`, `timeout`,
// `connection_lost`, `invalid_response`, `response_too_large`, `too_many_requests`, `stopping`.
// Details name the server and nothing else of the request.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"

namespace reckoner::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // "https://api.polar.sh/api/v1/charges?a=b", percent-encoded, without user
  std::vector<std::pair<std::string, std::string>> headers;  // beside Host and Content-Length
  std::string body;
};

struct ClientResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, as they came
  std::string body;

  // The first of that name (given in lower case); null: there is none.
  const std::string* header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return &value;
    return nullptr;
  }
};

struct ClientOptions {
  std::chrono::milliseconds timeout{15'000};       // of the whole call, waiting included
  std::chrono::milliseconds idle_timeout{30'000};  // after which a kept connection is closed
  std::size_t max_response = 1024 * 1024;          // bytes of the body
  std::size_t max_header = 16 * 1024;
  std::size_t connections_per_origin = 8;  // further calls wait
  std::size_t max_calls = 1'024;           // waiting and under way; more: `too_many_requests`
  std::string ca_file;                     // PEM, of those who are trusted; empty: the system's
};

using OnResponse = std::function<void(Result<ClientResponse>)>;

class Client {
 public:
  // Errors: `invalid_ca_file`.
  static Result<std::unique_ptr<Client>> start(ClientOptions options);
  ~Client();  // stops

  // From any thread; returns at once. `on_response` is called exactly once, on the client's thread,
  // which it must not block; after stop() on the caller's.
  void send(ClientRequest request, OnResponse on_response);

  // Ends every call under way with `stopping` (later, or unknown). Blocks until all have their
  // answer. Not from the client's own thread.
  void stop();

 private:
  class Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::http
