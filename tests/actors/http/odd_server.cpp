#include "tests/actors/http/odd_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <mutex>
#include <thread>

namespace reckoner::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// Header and body; empty: the connection ended.
std::string read_request(tcp::socket& socket, boost::asio::streambuf& buffer) {
  error_code failure;
  const std::size_t header = boost::asio::read_until(socket, buffer, "\r\n\r\n", failure);
  if (failure) return {};
  std::string out(header, '\0');
  buffer.sgetn(out.data(), static_cast<std::streamsize>(header));
  const std::size_t length = out.find("Content-Length: ");
  const std::size_t wanted = length == out.npos ? 0 : std::stoul(out.substr(length + 16));
  if (buffer.size() < wanted)
    boost::asio::read(socket, buffer, boost::asio::transfer_exactly(wanted - buffer.size()),
                      failure);
  std::string body(wanted, '\0');
  buffer.sgetn(body.data(), static_cast<std::streamsize>(wanted));
  return out + body;
}

}  // namespace

class OddServer::Impl {
 public:
  Impl(OddServer& server, Script script)
      : server_(server), script_(std::move(script)), listening_(io_, {loopback(), 0}) {
    accepting_ = std::thread([this] { accept(); });
  }
  ~Impl() {
    ended_ = true;
    error_code ignored;
    tcp::socket last(io_);  // wakes the thread that waits for one
    last.connect({loopback(), port()}, ignored);
    accepting_.join();
    for (tcp::socket& socket : sockets_) {
      socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return listening_.local_endpoint().port(); }
  static boost::asio::ip::address loopback() { return boost::asio::ip::address_v4::loopback(); }

 private:
  void accept() {
    while (true) {
      tcp::socket& socket = sockets_.emplace_back(io_);
      error_code failure;
      listening_.accept(socket, failure);
      if (ended_ || failure) return;
      ++server_.connections_;
      threads_.emplace_back([this, &socket] { serve(socket); });
    }
  }
  void serve(tcp::socket& socket) {
    boost::asio::streambuf buffer;
    error_code ignored;
    while (true) {
      const std::string request = read_request(socket, buffer);
      if (request.empty()) return;
      const Deed deed = script_(request);
      boost::asio::write(socket, boost::asio::buffer(deed.bytes), ignored);
      if (deed.hang) {
        char byte;
        socket.read_some(boost::asio::buffer(&byte, 1), ignored);
        return;
      }
      if (!deed.close) continue;
      socket.shutdown(tcp::socket::shutdown_both, ignored);
      ++server_.closed_;
      return;
    }
  }

  OddServer& server_;
  const Script script_;
  boost::asio::io_context io_;
  tcp::acceptor listening_;
  std::atomic<bool> ended_{false};
  std::list<tcp::socket> sockets_;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

OddServer::OddServer(Script script) : impl_(std::make_unique<Impl>(*this, std::move(script))) {}
OddServer::~OddServer() = default;

std::string OddServer::url(const std::string& target) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port()) + target;
}

std::string OddServer::ok(const std::string& body, const std::string& headers) {
  return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace reckoner::http
