#include "actors/http/client.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "actors/http/client_connection.hpp"

namespace reckoner::http {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

struct Call {
  Call(asio::io_context& io, ClientRequest asked, Url to, std::string as_sent, OnResponse respond)
      : request(std::move(asked)),
        url(std::move(to)),
        text(std::move(as_sent)),
        on_response(std::move(respond)),
        deadline(io) {}

  ClientRequest request;
  Url url;
  std::string text;
  OnResponse on_response;  // empty: answered
  asio::steady_timer deadline;
  std::shared_ptr<Connection> connection;
  bool sent = false;

  bool answered() const { return !on_response; }
  bool may_be_repeated() const { return request.method == "GET" || request.method == "HEAD"; }
};
using CallPtr = std::shared_ptr<Call>;

struct Origin {
  std::vector<std::shared_ptr<Connection>> idle;  // the one used last at the back
  std::deque<CallPtr> waiting;
  std::size_t busy = 0;  // calls that have a connection, or make one
};

Error stopping(bool sent) {
  return {"stopping", "the HTTP client stops", sent ? Retry::unknown : Retry::later};
}

}  // namespace

class Client::Impl {
 public:
  explicit Impl(ClientOptions options)
      : options_(std::move(options)), work_(asio::make_work_guard(io_)), sweep_(io_) {}
  ~Impl() { stop(); }

  Status prepare();
  void send(ClientRequest request, OnResponse on_response);
  void stop();

 private:
  void begin(const CallPtr& call);
  void go_on(Origin& origin);
  asio::awaitable<void> run(CallPtr call, Origin& origin);
  std::shared_ptr<Connection> take_idle(Origin& origin);
  void give_back(Origin& origin, const std::shared_ptr<Connection>& connection);
  void arm_sweep();
  void answer(const CallPtr& call, Result<ClientResponse> result);

  const ClientOptions options_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer sweep_;
  bool sweeping_ = false;
  std::map<std::string, Origin> origins_;
  std::set<CallPtr> calls_;  // without an answer yet

  std::mutex gate_;  // of stopped_: between send and stop
  bool stopped_ = false;
  std::thread thread_;
};

Status Client::Impl::prepare() {
  boost::system::error_code failure;
  tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                       asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1,
                   failure);
  tls_.set_verify_mode(asio::ssl::verify_peer, failure);
  if (options_.ca_file.empty())
    tls_.set_default_verify_paths(failure);
  else
    tls_.load_verify_file(options_.ca_file, failure);
  if (failure)
    return Error{"invalid_ca_file", "'" + options_.ca_file + "': " + failure.message() +
                                        "; it takes a file of certificates, PEM"};
  thread_ = std::thread([this] { io_.run(); });
  return Done{};
}

void Client::Impl::send(ClientRequest request, OnResponse on_response) {
  Result<Url> url = parse_url(request.url);
  if (!url) return on_response(url.error());
  std::string text = request_text(request, *url);
  if (text.empty())
    return on_response(
        Error{"invalid_request", "a method or header with a byte that it cannot have"});

  std::unique_lock lock(gate_);
  if (stopped_) {
    lock.unlock();
    return on_response(stopping(false));
  }
  auto call = std::make_shared<Call>(io_, std::move(request), std::move(*url), std::move(text),
                                     std::move(on_response));
  asio::post(io_, [this, call = std::move(call)] { begin(call); });
}

void Client::Impl::begin(const CallPtr& call) {
  calls_.insert(call);
  if (calls_.size() > options_.max_calls)
    return answer(call, Error{"too_many_requests",
                              "more than " + std::to_string(options_.max_calls) + " at a time",
                              Retry::later});
  call->deadline.expires_after(options_.timeout);
  call->deadline.async_wait([this, call](boost::system::error_code cancelled) {
    if (cancelled || call->answered()) return;
    answer(call, Error{"timeout",
                       call->url.origin() + ": no answer within " +
                           std::to_string(options_.timeout.count()) + " ms",
                       call->sent ? Retry::unknown : Retry::later});
    if (call->connection) call->connection->abort();
  });
  Origin& origin = origins_[call->url.origin()];
  origin.waiting.push_back(call);
  go_on(origin);
}

void Client::Impl::go_on(Origin& origin) {
  while (!origin.waiting.empty() && origin.busy < options_.connections_per_origin) {
    const CallPtr call = std::move(origin.waiting.front());
    origin.waiting.pop_front();
    if (call->answered()) continue;  // it waited too long
    ++origin.busy;
    asio::co_spawn(io_, run(call, origin), asio::detached);
  }
}

asio::awaitable<void> Client::Impl::run(CallPtr call, Origin& origin) {
  call->connection = take_idle(origin);
  for (bool kept = call->connection != nullptr; !call->answered(); kept = false) {
    if (!kept) {
      call->connection = std::make_shared<Connection>(io_, tls_, call->url, options_);
      const Status opened = co_await call->connection->open();
      if (!opened) {
        answer(call, opened.error());
        break;
      }
      if (call->answered()) break;
    }
    Result<ClientResponse> result =
        co_await call->connection->exchange(call->request, call->text, call->sent);
    // A kept connection can end just as it is used: then once more, where that can do no harm.
    const bool stale = kept && !result.ok() && result.error().code == "connection_lost";
    if (stale && (!call->sent || call->may_be_repeated())) continue;
    answer(call, std::move(result));
    break;
  }
  give_back(origin, call->connection);
  call->connection.reset();
  go_on(origin);
}

std::shared_ptr<Connection> Client::Impl::take_idle(Origin& origin) {
  while (!origin.idle.empty()) {
    std::shared_ptr<Connection> connection = std::move(origin.idle.back());
    origin.idle.pop_back();
    if (connection->reusable()) return connection;
  }
  return nullptr;
}

void Client::Impl::give_back(Origin& origin, const std::shared_ptr<Connection>& connection) {
  --origin.busy;
  if (connection == nullptr || !connection->reusable()) return;
  connection->idle_since = Steady::now();
  origin.idle.push_back(connection);
  arm_sweep();
}

void Client::Impl::arm_sweep() {
  if (sweeping_) return;
  sweeping_ = true;
  sweep_.expires_after(options_.idle_timeout);
  sweep_.async_wait([this](boost::system::error_code cancelled) {
    sweeping_ = false;
    if (cancelled) return;
    bool left = false;
    for (auto& [name, origin] : origins_) {
      std::erase_if(origin.idle, [&](const auto& connection) {
        return Steady::now() - connection->idle_since >= options_.idle_timeout;
      });
      left = left || !origin.idle.empty();
    }
    if (left) arm_sweep();
  });
}

void Client::Impl::answer(const CallPtr& call, Result<ClientResponse> result) {
  if (call->answered()) return;
  const OnResponse on_response = std::exchange(call->on_response, nullptr);
  call->deadline.cancel();
  calls_.erase(call);
  on_response(std::move(result));
}

void Client::Impl::stop() {
  {
    const std::lock_guard lock(gate_);
    if (std::exchange(stopped_, true)) return;
  }
  if (!thread_.joinable()) return;  // it never started
  // What was sent before is begun before: posts keep their order.
  asio::post(io_, [this] {
    while (!calls_.empty()) {
      const CallPtr call = *calls_.begin();
      answer(call, stopping(call->sent));
      if (call->connection) call->connection->abort();
    }
    io_.stop();
  });
  thread_.join();
}

Result<std::unique_ptr<Client>> Client::start(ClientOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  const Status prepared = impl->prepare();
  if (!prepared) return prepared.error();
  return std::unique_ptr<Client>(new Client(std::move(impl)));
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

void Client::send(ClientRequest request, OnResponse on_response) {
  impl_->send(std::move(request), std::move(on_response));
}

void Client::stop() {
  impl_->stop();
}

}  // namespace reckoner::http
