#include "actors/log/descriptor_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace reckoner::log {
namespace {

// As much as a pipe takes without blocking once it is ready (PIPE_BUF).
constexpr std::size_t kAtOnce = 4'096;
constexpr int kLookAgainAfterMs = 50;
constexpr std::chrono::seconds kBetweenReports{1};

}  // namespace

void DescriptorSink::report_losses(bool even_now) {
  const std::uint64_t losses = dropped_() + lost_;
  if (losses == reported_) return;
  const auto now = Clock::now();
  if (!even_now && now - last_report_ < kBetweenReports) return;
  last_report_ = now;
  if (write_line(make_loss_line_(losses - reported_))) reported_ = losses;
}

void DescriptorSink::sink_it_(const spdlog::details::log_msg& message) {
  report_losses(false);
  if (!write_line({message.payload.data(), message.payload.size()})) ++lost_;
  ++seen_;
}

bool DescriptorSink::write_line(std::string_view line) {
  buffer_.clear();
  if (broken_line_) buffer_ += '\n';
  buffer_ += line;
  buffer_ += '\n';
  return write_all(buffer_);
}

bool DescriptorSink::write_all(std::string_view bytes) {
  bool begun = false;
  while (!bytes.empty()) {
    if (!wait_for_room()) break;
    const auto wrote = write(descriptor_, bytes.data(), std::min(bytes.size(), kAtOnce));
    if (wrote < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (wrote < 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
    begun = true;
  }
  if (begun) broken_line_ = !bytes.empty();
  return bytes.empty();
}

// False: nobody reads, and the time for that is over.
bool DescriptorSink::wait_for_room() const {
  while (true) {
    pollfd wanted{descriptor_, POLLOUT, 0};
    const int ready = poll(&wanted, 1, kLookAgainAfterMs);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // write() says what is wrong
    if (Clock::now() >= give_up_at_.load()) return false;
  }
}

}  // namespace reckoner::log
