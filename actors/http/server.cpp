#include "actors/http/server.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>

#include "actors/http/listen_address.hpp"
#include "actors/http/tls.hpp"
#include "actors/http/worker.hpp"

namespace reckoner::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Failure = boost::system::error_code;

namespace {

// Where the system has no more files to give: until some are closed.
constexpr std::chrono::milliseconds kAcceptAgain{100};

}  // namespace

// The acceptor lives on the first worker's thread, and gives connections to all in turn.
class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler) {
    service_.options = std::move(options);
    service_.handler = std::move(handler);
    service_.on_closed = [this] { on_closed(); };
    const unsigned threads = std::max(1u, service_.options.threads);
    for (unsigned i = 0; i < threads; ++i) workers_.push_back(std::make_unique<Worker>(service_));
  }
  ~Impl() { stop(std::chrono::milliseconds(0)); }

  Status open();
  void run();
  void stop(std::chrono::milliseconds grace);

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return connections_; }

 private:
  Status listen(const ListenAddress& address);
  void accept();
  void on_accepted(Failure failure, tcp::socket socket);
  void on_closed();
  asio::io_context& io() { return workers_.front()->io(); }

  Service service_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> accept_again_;
  std::size_t next_worker_ = 0;
  bool paused_ = false;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::mutex mutex_;
  std::condition_variable all_closed_;
  bool stopped_ = false;
};

Status Server::Impl::open() {
  const ServerOptions& options = service_.options;
  auto tls = make_tls(options.tls_certificate, options.tls_key);
  if (!tls) return tls.error();
  service_.tls = std::move(tls).value();
  const Result<ListenAddress> address = parse_listen(options.listen);
  if (!address) return address.error();
  return listen(*address);
}

Status Server::Impl::listen(const ListenAddress& address) {
  const std::string& text = service_.options.listen;
  Failure failure;
  const bool local = address.host == "localhost";
  const auto host = asio::ip::make_address(local ? "127.0.0.1" : address.host, failure);
  if (failure) return invalid_listen(text, "'" + address.host + "' is no IP address");
  const tcp::endpoint endpoint(host, address.port);
  tcp::acceptor& acceptor = acceptor_.emplace(io());
  accept_again_.emplace(io());
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure == asio::error::address_in_use)
    return Error{"address_in_use",
                 "listen is '" + text +
                     "': another program listens there already; it takes an "
                     "address and a port that are free",
                 Retry::later};
  if (failure) return invalid_listen(text, failure.message());
  port_ = acceptor.local_endpoint(failure).port();
  return Done{};
}

void Server::Impl::run() {
  for (const auto& worker : workers_) worker->start();
  asio::post(io(), [this] { accept(); });
}

void Server::Impl::accept() {
  paused_ = connections_ >= service_.options.max_connections;
  if (paused_ || service_.stopping) return;
  next_worker_ = (next_worker_ + 1) % workers_.size();
  acceptor_->async_accept(
      workers_[next_worker_]->io(),
      [this](Failure failure, tcp::socket socket) { on_accepted(failure, std::move(socket)); });
}

void Server::Impl::on_accepted(Failure failure, tcp::socket socket) {
  if (service_.stopping) return;
  if (!failure) {
    ++connections_;
    workers_[next_worker_]->adopt(std::move(socket));
    return accept();
  }
  accept_again_->expires_after(kAcceptAgain);
  accept_again_->async_wait([this](Failure cancelled) {
    if (!cancelled) accept();
  });
}

void Server::Impl::on_closed() {
  const bool was_full = connections_-- == service_.options.max_connections;
  if (was_full)
    asio::post(io(), [this] {
      if (paused_) accept();
    });
  if (!service_.stopping) return;
  const std::lock_guard lock(mutex_);
  all_closed_.notify_all();
}

void Server::Impl::stop(std::chrono::milliseconds grace) {
  if (stopped_) return;
  stopped_ = true;
  service_.stopping = true;
  asio::post(io(), [this] {
    Failure ignored;
    if (acceptor_) acceptor_->close(ignored);
    if (accept_again_) accept_again_->cancel();
  });
  for (const auto& worker : workers_) worker->stop_sessions();
  {
    std::unique_lock lock(mutex_);
    all_closed_.wait_for(lock, grace, [this] { return connections_ == 0; });
  }
  for (const auto& worker : workers_) worker->close_sessions();
  for (const auto& worker : workers_) worker->join();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (Status opened = impl->open(); !opened) return opened.error();
  impl->run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}

std::size_t Server::connections() const {
  return impl_->connections();
}

void Server::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

}  // namespace reckoner::http
