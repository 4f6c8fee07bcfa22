// How a run goes, second by second: the load, midnight, a restart when half of the customers have
// been told of it, and on until all of them have been, and the time is up.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/e2e/million/load.hpp"
#include "tests/e2e/million/stand.hpp"

namespace reckoner::million {

struct Sample {
  double second = 0;
  std::uint64_t resident = 0;
  std::uint64_t keyed = 0;  // entries with a key so far
  std::uint64_t awake = 0;
  std::uint32_t told = 0;
  bool everybody_told = false;
};

struct CourseOptions {
  std::uint32_t seconds = 10;  // at least
  std::uint32_t quiet = 3;     // seconds that it goes on when everybody has been told
  bool prints = false;         // a line every ten seconds
};

class Course {
 public:
  Course(Stand& stand, Watch& watch, Load& load, CourseOptions options)
      : stand_(stand), watch_(watch), load_(load), options_(options) {}

  // The engine is there. False: customers were not told, and no more of them came to be for
  // minutes.
  bool run();

  const std::vector<Sample>& samples() const { return samples_; }
  // Usage events sent alone: while customers were told of midnight, and at other times.
  const sim::Latencies& while_told() const { return while_told_; }
  const sim::Latencies& otherwise() const { return otherwise_; }
  double telling_took() const { return telling_took_; }
  std::uint32_t told_at_restart() const { return told_at_restart_; }

 private:
  using Clock = std::chrono::steady_clock;

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }
  void sample();
  bool restart();
  void print_head() const;
  void print();

  Stand& stand_;
  Watch& watch_;
  Load& load_;
  CourseOptions options_;
  Clock::time_point began_;
  std::vector<Sample> samples_;
  sim::Latencies while_told_, otherwise_, lately_;
  double telling_began_ = -1, telling_took_ = 0;
  double printed_at_ = 0;
  LoadCounts printed_;
  double restart_took_ = -1;
  std::uint32_t told_at_restart_ = 0;
};

}  // namespace reckoner::million
