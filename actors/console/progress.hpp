// A progress bar for people who wait: on standard error, and only where that is a terminal. It is
// gone once the work is done, so that what the command has to say stands alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace reckoner::console {

class ProgressBar {
 public:
  // `total` 0: not known; then it shows how much is done and how fast, but not how much is left.
  explicit ProgressBar(std::string label, std::uint64_t total = 0);
  ~ProgressBar() { finish(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Cheap: draws at most ten times a second.
  void update(std::uint64_t done);
  // Takes the bar away.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  std::uint64_t total_;
  bool on_terminal_;
  bool drawn_ = false;
  Clock::time_point start_, next_draw_;
};

// What a bar shows: "label [#####     ]  52 %, 1 234 567/s, 12 s left".
std::string progress_text(const std::string& label, std::uint64_t done, std::uint64_t total,
                          double seconds);

}  // namespace reckoner::console
