#include "actors/log/log.hpp"

#include <signal.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "actors/log/alarm_limit.hpp"
#include "actors/log/descriptor_sink.hpp"
#include "actors/log/line.hpp"

namespace reckoner::log {
namespace {

Instant clock_now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
}

Options complete(Options options) {
  if (!options.now) options.now = clock_now;
  return options;
}

// Signals are for the program's own threads, and a reader that went away must not end it.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

class Log::Impl {
 public:
  explicit Impl(const Options& options)
      : options_(complete(options)),
        sink_(std::make_shared<DescriptorSink>(
            options.descriptor,
            [this](std::uint64_t lines) {
              const Field field{"lines", lines};
              return line(Level::warning, "log_dropped", {&field, 1});
            })),
        pool_(std::make_shared<spdlog::details::thread_pool>(
            options.queue, 1, block_signals, [sink = sink_.get()] { sink->report_losses(true); })),
        logger_(std::make_shared<spdlog::async_logger>(
            "log", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)),
        limit_(options.alarms_in_a_minute) {
    sink_->count_dropped_with([pool = pool_.get()] { return pool->overrun_counter(); });
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::off);
  }

  ~Impl() {
    report(limit_.take_all());
    sink_->give_up_at(std::chrono::steady_clock::now() + patience());
    pool_.reset();  // ends the thread that writes, after its last line
  }

  std::string line(Level level, std::string_view event, std::span<const Field> fields) const {
    return make_line(options_.format, options_.now(), level, event, fields);
  }

  void put(Level level, std::string_view event, std::span<const Field> fields) {
    if (next_over_.load(std::memory_order_relaxed) <= options_.now().micros) report_suppressed();
    hand_over(line(level, event, fields));
  }

  bool admits(std::string_view event) {
    const Instant now = options_.now();
    std::vector<AlarmLimit::Counted> over;
    bool admitted = false;
    {
      const std::scoped_lock lock(mutex_of_limit_);
      over = limit_.take_over(now);
      admitted = limit_.admit(event, now);
      next_over_ = limit_.next_over().micros;
    }
    report(over);
    return admitted;
  }

  // The queue keeps its order, so what was handed in first is written or dropped first.
  bool flush() const {
    const std::uint64_t wanted = handed_in_;
    const auto last = std::chrono::steady_clock::now() + patience();
    while (sink_->seen() + pool_->overrun_counter() < wanted) {
      if (std::chrono::steady_clock::now() >= last) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  std::uint64_t dropped() const { return pool_->overrun_counter() + sink_->lost(); }

 private:
  std::chrono::microseconds patience() const {
    return std::chrono::microseconds(options_.patience);
  }

  void hand_over(const std::string& line) {
    logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    ++handed_in_;
  }

  void report_suppressed() {
    std::vector<AlarmLimit::Counted> counted;
    {
      const std::scoped_lock lock(mutex_of_limit_);
      counted = limit_.take_over(options_.now());
      next_over_ = limit_.next_over().micros;
    }
    report(counted);
  }

  void report(const std::vector<AlarmLimit::Counted>& counted) {
    for (const auto& [event, suppressed] : counted) {
      const Field fields[] = {{"alarm", event}, {"suppressed", suppressed}};
      hand_over(line(Level::error, "alarms_suppressed", fields));
    }
  }

  Options options_;
  std::shared_ptr<DescriptorSink> sink_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;

  std::mutex mutex_of_limit_;
  AlarmLimit limit_;
  std::atomic<std::int64_t> next_over_{kDistantFuture.micros};
  std::atomic<std::uint64_t> handed_in_{0};
};

Log::Log(const Options& options) : level_(options.level), impl_(std::make_unique<Impl>(options)) {}

Log::~Log() = default;

void Log::put(Level level, std::string_view event, std::span<const Field> fields) {
  impl_->put(level, event, fields);
}

void Log::alarm(std::string_view event, Fields fields) {
  if (impl_->admits(event)) error(event, fields);
}

bool Log::flush() {
  return impl_->flush();
}

std::uint64_t Log::dropped() const {
  return impl_->dropped();
}

}  // namespace reckoner::log
