// One connection: reads a request, has it answered, writes the answer, and again. All of it on the
// thread of its worker; it never waits.
//
//   handshake ─▶ idle ─▶ header ─▶ body ─▶ answering ─▶ writing ─▶ idle …
//                                 refused ──────────────▶ writing ─▶ closing
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "actors/http/request_reader.hpp"
#include "actors/http/worker.hpp"

namespace reckoner::http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Worker& worker, std::uint32_t slot, boost::asio::ip::tcp::socket socket);

  void start();
  // Nothing, if it is no answer to the request that is waited for.
  void answer(std::uint64_t number, Response response);
  void look_at_deadline(Worker::Time now);
  // Closes it unless a request is under way; then after its answer.
  void stop();
  void close();

 private:
  enum class Phase : std::uint8_t {
    handshake,
    idle,
    header,
    body,
    answering,
    writing,
    closing,  // all is said; waits for the other side to have read it
    closed,
  };
  using Failure = boost::system::error_code;

  void enter(Phase phase, std::chrono::milliseconds at_most);
  void await_request();
  void receive();
  void on_received(Failure failure, std::size_t bytes);
  void parse();
  void on_header();
  bool hold_body();
  void release_body();
  void hand_over();
  void respond(Response response);
  void refuse(const Refusal& refusal);
  void give_up_waiting();
  void write();
  void on_written(Failure failure);
  void say_goodbye();
  void discard();
  std::string_view unread() const { return std::string_view(in_).substr(0, filled_); }
  const ServerOptions& options() const { return worker_.service().options; }

  template <class Buffers, class Then>
  void send(const Buffers& buffers, Then then);
  template <class Then>
  void read_some(Then then);

  Worker& worker_;
  const std::uint32_t slot_;
  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  std::string remote_;

  Phase phase_ = Phase::idle;
  Worker::Time deadline_{};
  RequestReader reader_;
  std::string in_;  // its first `filled_` bytes were read and not taken
  std::size_t filled_ = 0;
  bool receiving_ = false;
  std::size_t held_ = 0;  // of what the server may be receiving

  // Of the request that is being answered.
  std::uint64_t number_ = 0;
  std::string request_id_;
  bool keep_alive_ = false, head_only_ = false;
  bool handing_over_ = false;
  std::optional<Response> at_once_;  // came before the handler returned
  std::string head_;
  Response response_;
};

}  // namespace reckoner::http
