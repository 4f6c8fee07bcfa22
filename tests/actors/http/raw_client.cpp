#include "tests/actors/http/raw_client.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "engine/basics/ids.hpp"

namespace reckoner::http {

struct RawClient::Connection {
  int socket = -1;
  SSL_CTX* context = nullptr;
  SSL* ssl = nullptr;

  ~Connection() {
    SSL_free(ssl);
    SSL_CTX_free(context);
    if (socket >= 0) ::close(socket);
  }
};

RawClient::RawClient(std::uint16_t port, bool tls) : connection_(std::make_unique<Connection>()) {
  Connection& to = *connection_;
  to.socket = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(to.socket >= 0);
  const timeval patience{20, 0};  // so that a test fails instead of hanging
  setsockopt(to.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(to.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  if (!tls) return;
  to.context = SSL_CTX_new(TLS_client_method());
  to.ssl = SSL_new(to.context);
  SSL_set_fd(to.ssl, to.socket);
  REQUIRE(SSL_connect(to.ssl) == 1);
}

RawClient::~RawClient() = default;
RawClient::RawClient(RawClient&&) noexcept = default;

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        connection_->ssl != nullptr
            ? SSL_write(connection_->ssl, bytes.data(), static_cast<int>(bytes.size()))
            : ::send(connection_->socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() {
  ::shutdown(connection_->socket, SHUT_WR);
}

bool RawClient::fill() {
  char buffer[16 * 1024];
  const ssize_t read = connection_->ssl != nullptr
                           ? SSL_read(connection_->ssl, buffer, sizeof buffer)
                           : ::recv(connection_->socket, buffer, sizeof buffer, 0);
  if (read <= 0) return false;
  in_.append(buffer, static_cast<std::size_t>(read));
  return true;
}

RawAnswer RawClient::receive(bool to_head) {
  RawAnswer out;
  std::size_t end;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return out;
  std::string head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  REQUIRE(head.starts_with("HTTP/1.1 "));
  out.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t colon = head.find(": ", at), line_end = head.find("\r\n", at);
    REQUIRE(colon < line_end);
    out.fields[fold_case(head.substr(at, colon - at))] =
        head.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  if (to_head || out.field("content-length").empty()) return out;
  const std::size_t length = std::stoul(out.field("content-length"));
  while (in_.size() < length) REQUIRE(fill());
  out.body = in_.substr(0, length);
  in_.erase(0, length);
  return out;
}

bool RawClient::is_closed() {
  return in_.empty() && !fill();
}

std::string RawClient::tls_version() const {
  return SSL_get_version(connection_->ssl);
}

std::string RawClient::post(std::string_view path, std::string_view body, std::string_view fields) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string RawClient::get(std::string_view path, std::string_view fields) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields) + "\r\n";
}

}  // namespace reckoner::http
