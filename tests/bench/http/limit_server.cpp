#include "tests/bench/http/limit_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "engine/polar/signature.hpp"

namespace reckoner::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Failure = boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, polar::HmacKey& key) : socket_(std::move(socket)), key_(key) {
    Failure ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void read() {
    parser_.emplace();
    parser_->body_limit(std::uint64_t(64) << 20);
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](Failure failure, std::size_t) {
                       if (!failure) self->answer();
                     });
  }

 private:
  void answer() {
    const auto& request = parser_->get();
    const std::string signature = polar::sign_guide(key_, request.body());
    const auto sent = request.find("X-Polar-Signature");
    boost::json::error_code wrong;
    boost::json::monotonic_resource memory(space_, sizeof space_);
    const auto body = boost::json::parse(request.body(), wrong, &memory);
    const bool good =
        !wrong && body.is_object() && (sent == request.end() || sent->value() == signature);
    response_ = {};
    response_.version(11);
    response_.result(good ? http::status::ok : http::status::bad_request);
    response_.set(http::field::content_type, "application/json");
    response_.body() = good ? R"({"status":"accepted"})" : R"({"status":"wrong"})";
    response_.keep_alive(request.keep_alive());
    response_.prepare_payload();
    http::async_write(socket_, response_,
                      [self = shared_from_this()](Failure failure, std::size_t) {
                        if (!failure && self->response_.keep_alive()) self->read();
                      });
  }

  tcp::socket socket_;
  polar::HmacKey& key_;
  boost::beast::flat_static_buffer<64 * 1024> buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  unsigned char space_[16 * 1024];
};

}  // namespace

class LimitServer::Impl {
 public:
  explicit Impl(const std::string& secret)
      : key_(secret), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Impl() {
    io_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    acceptor_.async_accept([this](Failure failure, tcp::socket socket) {
      if (failure) return;
      std::make_shared<Session>(std::move(socket), key_)->read();
      accept();
    });
  }

  polar::HmacKey key_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

LimitServer::LimitServer(const std::string& secret) : impl_(std::make_unique<Impl>(secret)) {}
LimitServer::~LimitServer() = default;

std::uint16_t LimitServer::port() const {
  return impl_->port();
}

}  // namespace reckoner::bench
