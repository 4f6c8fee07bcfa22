// An HTTP/1.1 server (Beast): keep-alive, limits on everything that a client can make large or
// slow, TLS if it has a certificate. What requests mean is the handler's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/http/message.hpp"
#include "engine/basics/result.hpp"

namespace reckoner::http {

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  // port 0: any that is free
  std::string tls_certificate, tls_key;   // files, PEM; both or none
  std::size_t max_body = 4 * 1024 * 1024;
  std::size_t max_header = 8 * 1024;
  // Of what has come of all bodies that are being received, over all connections; beyond: 503.
  std::size_t max_receiving = 256 * 1024 * 1024;
  std::size_t max_connections = 4'096;
  std::chrono::milliseconds header_timeout{5'000};    // for the whole header, from its first byte
  std::chrono::milliseconds request_timeout{10'000};  // for the body; and for the answer
  std::chrono::milliseconds idle_timeout{60'000};     // between two requests of a connection
  unsigned threads = 1;                               // each with an io_context of its own
  // Tells of what the handler did not answer: no HTTP, too large, too slow, or not answered in time
  // (then only the request's id and remote are there; else what was read of it). On a thread of the
  // server; may be empty.
  std::function<void(const Request&, const Response&)> on_refused;
};

class Server {
 public:
  // Listens and answers when it returns. Errors: `address_in_use`, `invalid_listen`,
  // `invalid_certificate`, each naming what it got.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
  ~Server();

  std::uint16_t port() const;
  std::size_t connections() const;

  // Takes no more connections or requests; waits up to `grace` for those in flight to be answered,
  // then closes what is left. Blocks. Once.
  void stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::http
