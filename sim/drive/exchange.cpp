#include "sim/drive/exchange.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <memory>
#include <vector>

namespace reckoner::sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Failure = boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::response_parser<http::string_body>;

// A server may close what is idle just as the next request is on its way; better not to ask.
constexpr std::chrono::seconds kIdleAtMost{3};
constexpr std::chrono::milliseconds kSweep{250};
constexpr std::uint64_t kBodyAtMost = std::uint64_t(256) << 20;

std::optional<std::int64_t> seconds_in(const Parser::value_type& message) {
  const auto field = message.find(http::field::retry_after);
  if (field == message.end()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto text = field->value();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || seconds < 0) return std::nullopt;
  return seconds;
}

class Connection {
 public:
  Connection(asio::io_context& io, const tcp::resolver::results_type& addresses, Talker& talker,
             std::size_t number, std::chrono::milliseconds timeout, std::size_t& running)
      : socket_(io),
        timer_(io),
        addresses_(addresses),
        talker_(talker),
        number_(number),
        timeout_(timeout),
        running_(running) {}

  void step() {
    SteadyTime until;
    switch (talker_.next(number_, request_, until)) {
      case Talker::Next::finished:
        --running_;
        return close();
      case Talker::Next::wait:
        timer_.expires_at(until);
        return timer_.async_wait([this](Failure) { step(); });
      case Talker::Next::send:
        begun_ = Clock::now();
        deadline_ = begun_ + timeout_;
        if (socket_.is_open() && begun_ - last_used_ > kIdleAtMost) close();
        return socket_.is_open() ? write() : connect();
    }
  }

  // Gives up on what has taken too long: the operation under way fails.
  void sweep(SteadyTime now) {
    if (now < deadline_ || timed_out_) return;
    timed_out_ = true;
    Failure ignored;
    socket_.close(ignored);
  }

 private:
  void connect() {
    asio::async_connect(socket_, addresses_, [this](Failure failure, const tcp::endpoint&) {
      if (failure || timed_out_) return none(Answer::Outcome::not_sent, failure);
      socket_.set_option(tcp::no_delay(true), failure);
      buffer_.clear();
      write();
    });
  }

  void write() {
    asio::async_write(socket_, asio::buffer(request_), [this](Failure failure, std::size_t) {
      if (failure) return none(Answer::Outcome::lost, failure);
      parser_.emplace();
      parser_->body_limit(kBodyAtMost);
      read();
    });
  }

  void read() {
    socket_.async_read_some(buffer_.prepare(buffer_.max_size() - buffer_.size()),
                            [this](Failure failure, std::size_t bytes) {
                              if (failure && failure != asio::error::eof)
                                return none(Answer::Outcome::lost, failure);
                              buffer_.commit(bytes);
                              parse(failure == asio::error::eof);
                            });
  }

  void parse(bool ended) {
    Failure failure;
    // It takes one part of a message at a time, and says so.
    while (buffer_.size() > 0 && !parser_->is_done()) {
      const std::size_t used = parser_->put(buffer_.data(), failure);
      buffer_.consume(used);
      if (failure == http::error::need_more) break;
      if (failure) return none(Answer::Outcome::lost, failure);
    }
    if (parser_->is_done()) return arrived(ended);
    if (!ended) return read();
    // An answer may end with its connection.
    failure = {};
    if (parser_->got_some()) parser_->put_eof(failure);
    if (!failure && parser_->is_done()) return arrived(ended);
    none(Answer::Outcome::lost, asio::error::eof);
  }

  void arrived(bool ended) {
    last_used_ = Clock::now();
    deadline_ = SteadyTime::max();
    timed_out_ = false;
    const Parser::value_type& message = parser_->get();
    Answer answer;
    answer.status = message.result_int();
    answer.body = message.body();
    answer.retry_after_seconds = seconds_in(message);
    answer.took = std::chrono::duration_cast<std::chrono::microseconds>(last_used_ - begun_);
    if (ended || !parser_->keep_alive()) close();
    talker_.answered(number_, answer);
    step();
  }

  void none(Answer::Outcome outcome, Failure failure) {
    const std::string why = timed_out_ ? "no answer in time" : failure.message();
    close();
    deadline_ = SteadyTime::max();
    timed_out_ = false;
    Answer answer;
    answer.outcome = outcome;
    answer.why = why;
    talker_.answered(number_, answer);
    step();
  }

  void close() {
    Failure ignored;
    socket_.close(ignored);
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  const tcp::resolver::results_type& addresses_;
  Talker& talker_;
  std::size_t number_;
  std::chrono::milliseconds timeout_;
  std::string_view request_;
  boost::beast::flat_static_buffer<16 * 1024> buffer_;
  std::optional<Parser> parser_;
  SteadyTime begun_, last_used_, deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  std::size_t& running_;  // of all connections
};

// Looks from time to time whether something has taken too long.
void sweep_for_ever(asio::steady_timer& timer,
                    const std::vector<std::unique_ptr<Connection>>& connections) {
  timer.expires_after(kSweep);
  timer.async_wait([&](Failure) {
    for (const auto& connection : connections) connection->sweep(Clock::now());
    sweep_for_ever(timer, connections);
  });
}

}  // namespace

Status exchange(const Target& target, const ExchangeOptions& options, Talker& talker) {
  asio::io_context io(1);
  tcp::resolver resolver(io);
  Failure failure;
  const auto addresses = resolver.resolve(target.host, target.port, failure);
  if (failure) return Error{"unknown_host", target.host + ": " + failure.message(), Retry::later};
  std::size_t running = options.connections;
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < options.connections; ++i)
    connections.push_back(
        std::make_unique<Connection>(io, addresses, talker, i, options.timeout, running));
  asio::steady_timer sweeping(io);
  sweep_for_ever(sweeping, connections);
  for (const auto& connection : connections) asio::post(io, [&connection] { connection->step(); });
  while (running > 0) io.run_one();
  return Done{};
}

}  // namespace reckoner::sim
