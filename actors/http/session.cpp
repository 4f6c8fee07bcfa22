#include "actors/http/session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "actors/http/problem.hpp"

namespace reckoner::http {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kFirstBuffer = 4 * 1024;
constexpr std::size_t kLeastFree = 2 * 1024;
constexpr std::size_t kBodyBuffer = 64 * 1024;
// Bodies up to here are copied behind the head: one piece is sent faster than two.
constexpr std::size_t kSmallBody = 16 * 1024;
// How long the other side may take to read a last answer.
constexpr milliseconds kGoodbye{1'000};
constexpr std::int64_t kRetrySeconds = 1;

std::string text_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code failure;
  const auto remote = socket.remote_endpoint(failure);
  if (failure) return {};
  const std::string address = remote.address().to_string();
  return (remote.address().is_v6() ? '[' + address + ']' : address) + ':' +
         std::to_string(remote.port());
}

}  // namespace

Session::Session(Worker& worker, std::uint32_t slot, asio::ip::tcp::socket socket)
    : worker_(worker),
      slot_(slot),
      socket_(std::move(socket)),
      remote_(text_of(socket_)),
      reader_({worker.service().options.max_header, worker.service().options.max_body}) {
  if (worker.service().tls) tls_.emplace(socket_, *worker.service().tls);
}

template <class Buffers, class Then>
void Session::send(const Buffers& buffers, Then then) {
  if (tls_) {
    asio::async_write(*tls_, buffers, std::move(then));
  } else {
    asio::async_write(socket_, buffers, std::move(then));
  }
}

template <class Then>
void Session::read_some(Then then) {
  const auto free = asio::buffer(in_.data() + filled_, in_.size() - filled_);
  if (tls_) {
    tls_->async_read_some(free, std::move(then));
  } else {
    socket_.async_read_some(free, std::move(then));
  }
}

void Session::enter(Phase phase, milliseconds at_most) {
  phase_ = phase;
  deadline_ = std::chrono::steady_clock::now() + at_most;
}

void Session::start() {
  Failure ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  in_.resize(kFirstBuffer);
  if (worker_.service().stopping) return close();
  if (!tls_) return await_request();
  enter(Phase::handshake, options().header_timeout);
  tls_->async_handshake(asio::ssl::stream_base::server,
                        [self = shared_from_this()](Failure failure) {
                          if (self->phase_ == Phase::closed) return;
                          if (failure) return self->close();
                          self->await_request();
                        });
}

void Session::await_request() {
  reader_.begin();
  if (filled_ > 0) {  // the next one came with the last one
    enter(Phase::header, options().header_timeout);
    return parse();
  }
  if (worker_.service().stopping) return close();
  if (in_.size() > 4 * kFirstBuffer) in_ = std::string(kFirstBuffer, '\0');
  enter(Phase::idle, options().idle_timeout);
  receive();
}

void Session::receive() {
  if (receiving_) return;
  const std::size_t wanted = phase_ == Phase::body ? kBodyBuffer : kLeastFree;
  if (in_.size() - filled_ < wanted) in_.resize(filled_ + wanted);
  receiving_ = true;
  read_some([self = shared_from_this()](Failure failure, std::size_t bytes) {
    self->on_received(failure, bytes);
  });
}

void Session::on_received(Failure failure, std::size_t bytes) {
  receiving_ = false;
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::closing) return failure ? close() : discard();
  if (phase_ == Phase::writing) return;  // a refusal that did not wait for it
  if (failure) return close();
  filled_ += bytes;
  // Once for each request, so that slow drops do not lengthen it.
  if (phase_ == Phase::idle) enter(Phase::header, options().header_timeout);
  parse();
}

void Session::parse() {
  std::size_t taken = 0;
  const RequestReader::State state = reader_.read(unread(), taken);
  filled_ -= taken;
  if (taken > 0 && filled_ > 0) std::memmove(in_.data(), in_.data() + taken, filled_);
  switch (state) {
    case RequestReader::State::header:
      if (filled_ == 0 && !reader_.has_begun()) enter(Phase::idle, options().idle_timeout);
      return receive();
    case RequestReader::State::body:
      if (!hold_body())
        return refuse(
            {503, "unavailable", "too much is being received at the moment; again later"});
      if (phase_ == Phase::header) return on_header();
      return receive();
    case RequestReader::State::done:
      return hand_over();
    case RequestReader::State::refused:
      return refuse(reader_.refusal());
  }
}

// Who has sent a header need not be anybody: what bodies take is bounded over all connections. What
// counts is what has come of them: whoever only announces a body keeps nobody out.
bool Session::hold_body() {
  const std::size_t more = reader_.body_size() - held_;
  if (more == 0) return true;
  std::atomic<std::size_t>& receiving = worker_.service().receiving;
  held_ += more;
  return receiving.fetch_add(more) + more <= options().max_receiving;
}

void Session::release_body() {
  worker_.service().receiving -= std::exchange(held_, 0);
}

void Session::on_header() {
  enter(Phase::body, options().request_timeout);
  if (!reader_.expects_continue()) return receive();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  send(asio::buffer(kContinue.data(), kContinue.size()),
       [self = shared_from_this()](Failure failure, std::size_t) {
         if (self->phase_ == Phase::closed) return;
         if (failure) return self->close();
         if (self->phase_ == Phase::body) self->receive();
       });
}

void Session::hand_over() {
  release_body();
  keep_alive_ = reader_.keep_alive();
  Request request = reader_.take();
  head_only_ = request.method == "HEAD";
  const std::string* sent = request.header("x-request-id");
  request.id =
      sent != nullptr && is_sane_request_id(*sent) ? *sent : worker_.writer().make_request_id();
  request.remote = remote_;
  request_id_ = request.id;
  number_ = worker_.next_number();
  enter(Phase::answering, options().request_timeout);
  handing_over_ = true;
  worker_.service().handler(
      std::move(request),
      [inbox = worker_.inbox(), to = RequestAddress{slot_, number_}](Response response) {
        inbox->deliver({to, std::move(response)});
      });
  handing_over_ = false;
  if (!at_once_) return;
  Response response = std::move(*at_once_);
  at_once_.reset();
  respond(std::move(response));
}

void Session::answer(std::uint64_t number, Response response) {
  if (phase_ != Phase::answering || number != number_) return;
  if (!handing_over_) return respond(std::move(response));
  if (!at_once_) at_once_ = std::move(response);
}

void Session::respond(Response response) {
  if (response.status == 0) return close();
  response_ = std::move(response);
  if (worker_.service().stopping) keep_alive_ = false;
  write();
}

void Session::refuse(const Refusal& refusal) {
  release_body();
  Request request = reader_.take();
  keep_alive_ = false;
  head_only_ = request.method == "HEAD";
  request.id = request_id_ = worker_.writer().make_request_id();
  request.remote = remote_;
  response_ = refusal.status == 503 ? problem_later(503, refusal.code, refusal.detail, 1)
                                    : problem(refusal.status, refusal.code, refusal.detail);
  if (options().on_refused) options().on_refused(request, response_);
  write();
}

void Session::write() {
  enter(Phase::writing, options().request_timeout);
  head_.clear();
  worker_.writer().head(head_, response_, {keep_alive_, head_only_, request_id_});
  if (head_only_) response_.body.clear();
  const auto then = [self = shared_from_this()](Failure failure, std::size_t) {
    self->on_written(failure);
  };
  if (response_.body.size() <= kSmallBody) {
    head_ += response_.body;
    return send(asio::buffer(head_), then);
  }
  send(std::array{asio::buffer(std::as_const(head_)), asio::buffer(std::as_const(response_.body))},
       then);
}

void Session::on_written(Failure failure) {
  if (phase_ == Phase::closed) return;
  if (failure) return close();
  response_ = Response{};
  if (keep_alive_) return await_request();
  say_goodbye();
}

// What the other side sent and nobody read would make the system reset the connection, and the
// answer with it: so it is told that nothing more comes, and read until it, too, is done.
void Session::say_goodbye() {
  enter(Phase::closing, kGoodbye);
  const auto then = [self = shared_from_this()](Failure) {
    if (self->phase_ == Phase::closed) return;
    Failure gone;
    self->socket_.shutdown(asio::socket_base::shutdown_send, gone);
    if (gone) return self->close();
    self->discard();
  };
  if (tls_) return tls_->async_shutdown(then);
  then({});
}

void Session::discard() {
  if (receiving_) return;
  filled_ = 0;
  receiving_ = true;
  // The stream below TLS, whose own end was said.
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](Failure failure, std::size_t bytes) {
                            self->on_received(failure, bytes);
                          });
}

void Session::give_up_waiting() {
  Response response =
      problem_later(503, "unavailable",
                    "no answer was found in " + std::to_string(options().request_timeout.count()) +
                        " ms; whether it happened is not known",
                    kRetrySeconds);
  if (options().on_refused) {
    Request known;  // the handler has the rest
    known.id = request_id_;
    known.remote = remote_;
    options().on_refused(known, response);
  }
  respond(std::move(response));
}

void Session::look_at_deadline(Worker::Time now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::header:
      return refuse({408, "request_timeout",
                     "the request's header was not there after " +
                         std::to_string(options().header_timeout.count()) + " ms"});
    case Phase::body:
      return refuse({408, "request_timeout",
                     "the request's body was not there after " +
                         std::to_string(options().request_timeout.count()) + " ms"});
    case Phase::answering:
      return give_up_waiting();
    case Phase::handshake:
    case Phase::idle:
    case Phase::writing:
    case Phase::closing:
      return close();
    case Phase::closed:
      return;
  }
}

void Session::stop() {
  if (phase_ == Phase::handshake) return close();
  if (phase_ != Phase::idle) return;
  // A request that is already here is answered.
  Failure failure;
  if (socket_.available(failure) == 0 || failure) close();
}

void Session::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  release_body();
  Failure ignored;
  socket_.close(ignored);
  worker_.remove(slot_);
}

}  // namespace reckoner::http
