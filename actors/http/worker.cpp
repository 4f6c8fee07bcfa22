#include "actors/http/worker.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "actors/http/session.hpp"

namespace reckoner::http {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// How often deadlines are looked at: each may be passed by this much.
milliseconds tick_of(const ServerOptions& options) {
  const milliseconds shortest =
      std::min({options.header_timeout, options.request_timeout, options.idle_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

}  // namespace

Worker::Worker(Service& service)
    : service_(service),
      work_(io_.get_executor()),
      tick_(tick_of(service.options)),
      inbox_(std::make_shared<Inbox>()) {
  inbox_->open({[this](Answer to) { answer(std::move(to)); },
                [this] { asio::post(io_, [this] { take_answers(); }); }});
}

Worker::~Worker() {
  join();
  inbox_->close();
}

void Worker::start() {
  thread_ = std::thread([this] {
    inbox_->belongs_to_this_thread();
    io_.run();
    inbox_->close();
  });
}

void Worker::join() {
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void Worker::adopt(asio::ip::tcp::socket socket) {
  asio::post(io_, [this, socket = std::move(socket)]() mutable { add(std::move(socket)); });
}

void Worker::add(asio::ip::tcp::socket socket) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(sessions_.size()));
    sessions_.emplace_back();
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  ++live_;
  sessions_[slot] = std::make_shared<Session>(*this, slot, std::move(socket));
  // It may be gone before start() returns.
  const std::shared_ptr<Session> session = sessions_[slot];
  session->start();
  if (!ticking_ && live_ > 0) {
    ticking_ = true;
    look_at_deadlines();
  }
}

void Worker::remove(std::uint32_t slot) {
  sessions_[slot].reset();
  free_slots_.push_back(slot);
  --live_;
  service_.on_closed();
}

void Worker::look_at_deadlines() {
  const Time now = std::chrono::steady_clock::now();
  for (std::size_t slot = 0; slot < sessions_.size(); ++slot)
    if (const std::shared_ptr<Session> session = sessions_[slot]) session->look_at_deadline(now);
  ticking_ = live_ > 0;
  if (!ticking_) return;
  ticks_.expires_after(tick_);
  ticks_.async_wait([this](boost::system::error_code) { look_at_deadlines(); });
}

void Worker::take_answers() {
  inbox_->take(answers_);
  for (Answer& each : answers_) answer(std::move(each));
  answers_.clear();
}

void Worker::answer(Answer answer) {
  const std::shared_ptr<Session> session = sessions_[answer.to.slot];
  if (session) session->answer(answer.to.number, std::move(answer.response));
}

void Worker::stop_sessions() {
  asio::post(io_, [this] {
    for (std::size_t slot = 0; slot < sessions_.size(); ++slot)
      if (const std::shared_ptr<Session> session = sessions_[slot]) session->stop();
  });
}

void Worker::close_sessions() {
  asio::post(io_, [this] {
    for (std::size_t slot = 0; slot < sessions_.size(); ++slot)
      if (const std::shared_ptr<Session> session = sessions_[slot]) session->close();
    ticks_.cancel();
  });
}

}  // namespace reckoner::http
