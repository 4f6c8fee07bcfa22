// One thread of a server, with an io_context of its own and the connections that live on it.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "actors/http/answer_writer.hpp"
#include "actors/http/inbox.hpp"
#include "actors/http/server.hpp"

namespace reckoner::http {

class Session;

// What all threads of a server share. Not changed while they run.
struct Service {
  ServerOptions options;
  Handler handler;
  std::unique_ptr<boost::asio::ssl::context> tls;  // null: plain
  // A connection is gone; called on its worker's thread.
  std::function<void()> on_closed;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> receiving{0};  // bytes of bodies that have come so far
};

class Worker {
 public:
  explicit Worker(Service& service);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From any thread.
  void start();
  boost::asio::io_context& io() { return io_; }
  void adopt(boost::asio::ip::tcp::socket socket);
  void stop_sessions();   // those that wait for a request
  void close_sessions();  // all
  void join();            // once all are closed, and the acceptor

  // For sessions, on this thread.
  using Time = std::chrono::steady_clock::time_point;
  Service& service() { return service_; }
  AnswerWriter& writer() { return writer_; }
  const std::shared_ptr<Inbox>& inbox() const { return inbox_; }
  std::uint64_t next_number() { return ++last_number_; }
  void remove(std::uint32_t slot);

 private:
  void add(boost::asio::ip::tcp::socket socket);
  void take_answers();
  void answer(Answer answer);
  void look_at_deadlines();

  Service& service_;
  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  boost::asio::steady_timer ticks_{io_};
  bool ticking_ = false;
  std::chrono::milliseconds tick_;
  AnswerWriter writer_;
  std::shared_ptr<Inbox> inbox_;
  std::vector<Answer> answers_;                     // kept for its memory
  std::vector<std::shared_ptr<Session>> sessions_;  // by slot
  std::vector<std::uint32_t> free_slots_;
  std::size_t live_ = 0;
  std::uint64_t last_number_ = 0;
  std::thread thread_;
};

}  // namespace reckoner::http
