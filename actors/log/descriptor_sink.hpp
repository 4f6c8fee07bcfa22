// Where the log's lines end: a file, a terminal, a pipe. Only log.cpp and its own source include
// this, for it brings spdlog.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace reckoner::log {

// One thread at a time writes; what else is said of threads stands at each function.
class DescriptorSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  // `make_loss_line` makes the line that says how many were lost.
  DescriptorSink(int descriptor, std::function<std::string(std::uint64_t)> make_loss_line)
      : descriptor_(descriptor), make_loss_line_(std::move(make_loss_line)) {}

  // From any thread: lines that came here, and those of them that could not be written.
  std::uint64_t seen() const { return seen_.load(); }
  std::uint64_t lost() const { return lost_.load(); }
  // From any thread: from then on no more waiting for a reader.
  void give_up_at(std::chrono::steady_clock::time_point when) { give_up_at_ = when; }

  // Lines that were dropped before they came here, in all: set before the first line.
  void count_dropped_with(std::function<std::uint64_t()> dropped) { dropped_ = std::move(dropped); }
  // Says what was lost since it was last said. `even_now`: also if that was a moment ago.
  void report_losses(bool even_now);

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}
  bool write_line(std::string_view line);
  bool write_all(std::string_view bytes);
  bool wait_for_room() const;

  using Clock = std::chrono::steady_clock;

  int descriptor_;
  std::function<std::string(std::uint64_t)> make_loss_line_;
  std::function<std::uint64_t()> dropped_;
  std::atomic<std::uint64_t> seen_{0}, lost_{0};
  std::atomic<Clock::time_point> give_up_at_{Clock::time_point::max()};
  std::uint64_t reported_ = 0;
  Clock::time_point last_report_{};
  bool broken_line_ = false;  // the last line stands there without its end
  std::string buffer_;
};

}  // namespace reckoner::log
