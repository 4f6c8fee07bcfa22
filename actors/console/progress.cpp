#include "actors/console/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

#include "actors/console/numbers.hpp"

namespace reckoner::console {
namespace {

constexpr auto kBetweenDraws = std::chrono::milliseconds(100);
constexpr std::size_t kBarWidth = 24;
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string duration_text(double seconds) {
  const std::int64_t whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

std::string progress_text(const std::string& label, std::uint64_t done, std::uint64_t total,
                          double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string speed = grouped(static_cast<std::int64_t>(rate)) + "/s";
  if (total == 0)
    return fmt::format("{} {}, {}", label, grouped(static_cast<std::int64_t>(done)), speed);
  const double part = std::min(static_cast<double>(done) / static_cast<double>(total), 1.0);
  const auto filled = static_cast<std::size_t>(part * kBarWidth);
  std::string text = fmt::format("{} [{:<{}}] {:>3} %, {}", label, std::string(filled, '#'),
                                 kBarWidth, static_cast<int>(part * 100), speed);
  // A guess from the first moments would be far off.
  if (part > 0 && seconds > 0.5) text += ", " + duration_text(seconds / part - seconds) + " left";
  return text;
}

ProgressBar::ProgressBar(std::string label, std::uint64_t total)
    : label_(std::move(label)),
      total_(total),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      next_draw_(start_ + kBetweenDraws) {}

void ProgressBar::update(std::uint64_t done) {
  if (!on_terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kBetweenDraws;
  const std::chrono::duration<double> taken = now - start_;
  print(std::string(kEraseLine) + progress_text(label_, done, total_, taken.count()));
  drawn_ = true;
}

void ProgressBar::finish() {
  if (drawn_) print(kEraseLine);
  drawn_ = false;
}

}  // namespace reckoner::console
