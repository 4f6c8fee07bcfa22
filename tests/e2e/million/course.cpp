#include "tests/e2e/million/course.hpp"

#include <cstdio>

namespace reckoner::million {
namespace {

using namespace std::chrono_literals;

constexpr double kBetweenLines = 10;
constexpr double kStuck = 300;  // seconds without anybody told, nor a grace ended: it is not coming

constexpr double kMiB = 1024.0 * 1024.0;

double in_ms(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

bool Course::run() {
  began_ = Clock::now();
  if (options_.prints) print_head();
  bool restarted = false;
  double went_on_at = 0, all_told_at = -1;
  std::uint64_t came = 0;
  load_.begin(stand_.engine());
  for (auto next = began_ + 1s;; next += 1s) {
    // The restart is to come while customers are told, who may be through within the second.
    for (; Clock::now() < next; std::this_thread::sleep_for(20ms))
      if (!restarted && watch_.told() >= watch_.to_tell() / 2) restarted = restart();
    sample();
    if (elapsed() >= printed_at_ + kBetweenLines) print();
    const Sample& now = samples_.back();
    const std::uint64_t came_by_now = std::uint64_t{now.told} + watch_.graces_ended();
    if (came_by_now != came || stand_.clock.now() < midnight()) went_on_at = elapsed();
    came = came_by_now;
    if (elapsed() - went_on_at > kStuck && !now.everybody_told) return false;
    if (now.everybody_told && all_told_at < 0) all_told_at = elapsed();
    if (all_told_at >= 0 && elapsed() >= options_.seconds &&
        elapsed() >= all_told_at + options_.quiet)
      break;
  }
  print();
  return restarted;
}

void Course::sample() {
  const LoadCounts counts = load_.counts();
  const bool after_midnight = stand_.clock.now() >= midnight();
  const bool telling = after_midnight && watch_.told() < watch_.to_tell();
  samples_.push_back({elapsed(), resident_bytes(), stand_.filled().keyed + counts.keyed,
                      stand_.engine().figures().customers_awake, watch_.told(),
                      watch_.everybody_told()});
  const sim::Latencies latencies = load_.take_latencies();
  lately_.add(latencies);
  (telling ? while_told_ : otherwise_).add(latencies);
  if (telling && telling_began_ < 0) telling_began_ = elapsed();
  if (telling_began_ >= 0 && telling_took_ == 0 && !telling)
    telling_took_ = elapsed() - telling_began_;
}

// Under load: what comes meanwhile is refused.
bool Course::restart() {
  const auto began = Clock::now();
  REQUIRE_FALSE(stand_.engine().stop());
  REQUIRE(load_.end());
  stand_.stop();
  CHECK(stand_.start(watch_).folded == 0);
  load_.begin(stand_.engine());
  told_at_restart_ = watch_.told();
  restart_took_ = std::chrono::duration<double>(Clock::now() - began).count();
  if (options_.prints)
    std::printf("%8.0f  stopped and opened again in %.1f s\n", elapsed(), restart_took_);
  return true;
}

void Course::print_head() const {
  std::printf("%8s %12s %10s %10s %12s %10s %10s %10s %10s\n", "time s", "events", "events/s",
              "awake", "told", "graces", "RSS MiB", "p50 ms", "p99 ms");
}

void Course::print() {
  if (!options_.prints) return;
  const LoadCounts counts = load_.counts();
  const Sample& now = samples_.back();
  const double passed = elapsed() - printed_at_;
  std::printf("%8.0f %12llu %10.0f %10llu %12u %10u %10.1f %10.1f %10.1f\n", elapsed(),
              static_cast<unsigned long long>(counts.events),
              static_cast<double>(counts.events - printed_.events) / passed,
              static_cast<unsigned long long>(now.awake), now.told, watch_.graces_ended(),
              static_cast<double>(now.resident) / kMiB, in_ms(lately_.per_mille(500)),
              in_ms(lately_.per_mille(990)));
  std::fflush(stdout);
  printed_at_ = elapsed();
  printed_ = counts;
  lately_ = {};
}

}  // namespace reckoner::million
