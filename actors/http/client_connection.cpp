#include "actors/http/client_connection.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "engine/basics/ids.hpp"

namespace reckoner::http {
namespace {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using boost::system::error_code;

constexpr auto kValue = asio::as_tuple(asio::use_awaitable);
constexpr int kMostInterim = 8;  // answers 1xx before the one that counts

bool is_token(std::string_view text) {
  static constexpr std::string_view kAlso = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kAlso.find(c) != kAlso.npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
}

ClientResponse response_of(wire::response<wire::string_body>&& message) {
  ClientResponse out;
  out.status = message.result_int();
  for (const auto& field : message)
    out.headers.emplace_back(fold_case({field.name_string().data(), field.name_string().size()}),
                             std::string(field.value()));
  out.body = std::move(message.body());
  return out;
}

}  // namespace

std::string request_text(const ClientRequest& request, const Url& url) {
  if (!is_token(request.method)) return {};
  std::string out = request.method + ' ' + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
                    "\r\nUser-Agent: reckoner\r\n";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !is_header_value(value)) return {};
    out += name + ": " + value + "\r\n";
  }
  if (!request.body.empty() || request.method == "POST")
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return out + "\r\n" + request.body;
}

Connection::Connection(asio::io_context& io, asio::ssl::context& tls, const Url& url,
                       const ClientOptions& options)
    : options_(options), url_(url), resolver_(io), socket_(io) {
  if (url_.tls) tls_.emplace(socket_, tls);
}

Error Connection::failed(std::string code, std::string_view why, Retry retry) const {
  return {std::move(code), url_.origin() + ": " + std::string(why), retry};
}

asio::awaitable<error_code> Connection::connect() {
  error_code no_address;
  const auto address = asio::ip::make_address(url_.host, no_address);
  if (!no_address) {
    const auto [failure] =
        co_await socket_.async_connect(Tcp::endpoint(address, url_.port), kValue);
    co_return failure;
  }
  const auto [unresolved, found] =
      co_await resolver_.async_resolve(url_.host, std::to_string(url_.port), kValue);
  if (unresolved) co_return unresolved;
  // One by one, for async_connect over several would open the socket again after abort().
  error_code failure = asio::error::host_not_found;
  for (const auto& entry : found) {
    if (aborted_) co_return asio::error::operation_aborted;
    error_code closed;
    socket_.close(closed);
    const auto [refused] = co_await socket_.async_connect(entry.endpoint(), kValue);
    failure = refused;
    if (!failure) break;
  }
  co_return failure;
}

asio::awaitable<Status> Connection::open() {
  const error_code failure = co_await connect();
  if (failure) co_return failed("connect_failed", failure.message(), Retry::later);
  error_code ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  if (!tls_) co_return Done{};

  error_code no_address;
  asio::ip::make_address(url_.host, no_address);
  const bool named = static_cast<bool>(no_address);
  if (named && SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str()) != 1)
    co_return failed("tls_failed", "the host's name cannot be sent", Retry::later);
  tls_->set_verify_callback(asio::ssl::host_name_verification(url_.host), ignored);
  const auto [refused] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kValue);
  if (refused) co_return failed("tls_failed", refused.message(), Retry::later);
  co_return Done{};
}

asio::awaitable<Result<ClientResponse>> Connection::exchange(const ClientRequest& request,
                                                             const std::string& text, bool& sent) {
  kept_ = false;
  sent = true;
  error_code failure;
  if (tls_) {
    const auto [broken, bytes] = co_await asio::async_write(*tls_, asio::buffer(text), kValue);
    failure = broken;
  } else {
    const auto [broken, bytes] = co_await asio::async_write(socket_, asio::buffer(text), kValue);
    failure = broken;
    if (failure && bytes == 0) sent = false;  // beneath TLS nobody can say
  }
  if (failure)
    co_return failed("connection_lost", failure.message(), sent ? Retry::unknown : Retry::now);
  co_return co_await read(request.method == "HEAD");
}

asio::awaitable<Result<ClientResponse>> Connection::read(bool head) {
  boost::beast::flat_buffer buffer;
  for (int interim = 0; interim <= kMostInterim; ++interim) {
    wire::response_parser<wire::string_body> parser;
    parser.body_limit(options_.max_response);
    parser.header_limit(static_cast<std::uint32_t>(options_.max_header));
    parser.skip(head);
    error_code failure;
    if (tls_) {
      const auto [broken, bytes] = co_await wire::async_read(*tls_, buffer, parser, kValue);
      failure = broken;
    } else {
      const auto [broken, bytes] = co_await wire::async_read(socket_, buffer, parser, kValue);
      failure = broken;
    }
    if (failure == wire::error::body_limit || failure == wire::error::header_limit ||
        failure == wire::error::buffer_overflow)
      co_return failed(
          "response_too_large",
          "the answer is larger than " + std::to_string(options_.max_response) + " bytes",
          Retry::unknown);
    if (failure == wire::error::end_of_stream)
      co_return failed("connection_lost", "closed before it answered", Retry::unknown);
    if (failure == wire::error::partial_message)
      co_return failed("connection_lost", "closed in the middle of its answer", Retry::unknown);
    if (failure && failure.category() == make_error_code(wire::error::bad_version).category())
      co_return failed("invalid_response", failure.message(), Retry::unknown);
    if (failure) co_return failed("connection_lost", failure.message(), Retry::unknown);
    if (parser.get().result_int() / 100 == 1 && parser.get().result_int() != 101) continue;
    kept_ = parser.get().keep_alive() && buffer.size() == 0;
    co_return response_of(parser.release());
  }
  co_return failed("invalid_response", "interim answers without end", Retry::unknown);
}

bool Connection::reusable() {
  if (!kept_ || aborted_ || !socket_.is_open()) return false;
  // Whatever can be read now is an end, or an answer that nobody asked for.
  error_code failure;
  socket_.non_blocking(true, failure);
  if (failure) return false;
  char byte;
  socket_.receive(asio::buffer(&byte, 1), Tcp::socket::message_peek, failure);
  return failure == asio::error::would_block;
}

void Connection::abort() {
  aborted_ = true;
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace reckoner::http
