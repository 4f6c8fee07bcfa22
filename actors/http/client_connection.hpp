// One connection of the client: opens, sends a request, reads its answer. Only for client*.cpp
// files: it pulls in Asio.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "actors/http/client.hpp"
#include "actors/http/client_url.hpp"

namespace reckoner::http {

class Connection {
 public:
  Connection(boost::asio::io_context& io, boost::asio::ssl::context& tls, const Url& url,
             const ClientOptions& options);

  // Errors: `connect_failed`, `tls_failed`; nothing of a request was sent.
  boost::asio::awaitable<Status> open();

  // Sends the request and reads the answer. `sent` is true from when a byte of the request may have
  // left.
  boost::asio::awaitable<Result<ClientResponse>> exchange(const ClientRequest& request,
                                                          const std::string& target, bool& sent);

  // Whether it may carry another request: the other side keeps it, and has not closed it meanwhile.
  bool reusable();
  // Everything under way ends with an error.
  void abort();

  std::chrono::steady_clock::time_point idle_since;

 private:
  using Tcp = boost::asio::ip::tcp;

  boost::asio::awaitable<boost::system::error_code> connect();
  boost::asio::awaitable<Result<ClientResponse>> read(bool head);
  Error failed(std::string code, std::string_view why, Retry retry) const;

  const ClientOptions& options_;
  const Url url_;
  Tcp::resolver resolver_;
  Tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<Tcp::socket&>> tls_;
  bool kept_ = false, aborted_ = false;
};

// The request as it goes over the wire. Empty where a header or the method would break it apart.
std::string request_text(const ClientRequest& request, const Url& url);

}  // namespace reckoner::http
