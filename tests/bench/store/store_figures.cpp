#include "tests/bench/store/store_figures.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace reckoner::bench {
namespace {

constexpr double kLongestPause = 0.4, kLongestOpening = 5, kMostBytesPerKey = 12;
constexpr double kSlowestVerify = 1'000'000;

const char* verdict(bool good) {
  return good ? "" : "  <-- misses its floor";
}

double per_event(std::uint64_t bytes, std::uint64_t events) {
  return events == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(events);
}

}  // namespace

double floor_rate(std::size_t batch, std::uint64_t stored) {
  const double empty = batch >= 4'000 ? 450'000 : batch >= 1'000 ? 300'000 : 0;
  return stored < 50'000'000 ? empty : empty * 0.75;
}

void print_stretches_header() {
  fmt::print("{:<34}{:>8}{:>6}{:>10}{:>10}{:>7}{:>10}{:>9}{:>9}{:>9}{:>9}{:>7}{:>6}\n", "",
             "M held", "batch", "events/s", "limit", "ratio", "floor", "p99 ms", "max ms",
             "B/event", "limit", "wrong", "load");
}

void print_stretch(const std::string& what, std::uint64_t stored, std::size_t batch,
                   const Stretch& stretch, const std::optional<Limit>& limit) {
  const double limit_rate = limit ? static_cast<double>(stretch.events) / limit->seconds : 0;
  const double floor = floor_rate(batch, stored);
  fmt::print("{:<34}{:>8.1f}{:>6}{:>10.0f}", what, static_cast<double>(stored) / 1e6, batch,
             stretch.rate());
  if (limit)
    fmt::print("{:>10.0f}{:>7.2f}", limit_rate, stretch.rate() / limit_rate);
  else
    fmt::print("{:>10}{:>7}", "", "");
  fmt::print("{:>10.0f}{:>9.1f}{:>9.1f}{:>9.0f}", floor, stretch.percentile_99() * 1e3,
             stretch.longest() * 1e3, per_event(stretch.bytes_written, stretch.events));
  if (limit)
    fmt::print("{:>9.0f}", per_event(limit->bytes_written, stretch.events));
  else
    fmt::print("{:>9}", "");
  const bool good =
      stretch.wrong == 0 && stretch.rate() >= floor && stretch.longest() <= kLongestPause;
  fmt::print("{:>7}{:>6.1f}{}\n", stretch.wrong, stretch.load, verdict(good));
  const auto micros = [&](double seconds) {
    return seconds * 1e6 / static_cast<double>(stretch.events);
  };
  fmt::print(
      "    us/event: judging and gathering {:.2f}, the store's commit {:.2f}, applying {:.2f}; "
      "processor {:.2f}; {} repeats, {:.0f} bytes read from the disk for each; {} rows\n",
      micros(stretch.judging), micros(stretch.storing), micros(stretch.applying),
      micros(stretch.processor), stretch.repeats, per_event(stretch.bytes_read, stretch.repeats),
      stretch.rows);
  std::fflush(stdout);
}

void print_size(const StoreRun& run, storage::Driver& driver) {
  const storage::DedupeIndex& keys = driver.keys();
  const double each = per_event(keys.bytes(), keys.keys());
  fmt::print(
      "  {:.1f} M keys: {:.2f} bytes of memory each (at most {:.0f}){}; the whole process {} "
      "MB; files {:.1f} bytes an event\n",
      static_cast<double>(keys.keys()) / 1e6, each, kMostBytesPerKey,
      verdict(each <= kMostBytesPerKey), resident_bytes() >> 20,
      per_event(folder_bytes(run.folder()), run.next()));
  std::fflush(stdout);
}

void print_verified(const Verified& verified) {
  const double rate = static_cast<double>(verified.entries) / verified.seconds;
  fmt::print(
      "verify, warm, at rest: {:.0f} entries/s (at least {:.0f}), {} differences; load {:.1f}{}\n",
      rate, kSlowestVerify, verified.damages, load(),
      verdict(rate >= kSlowestVerify && verified.damages == 0));
  std::fflush(stdout);
}

void print_opened(const std::string& what, const Opened& opened) {
  fmt::print(
      "{:<34}{:>8.2f} s (at most {:.0f}): opening the file {:.2f}, key log {:.2f} ({:.1f} M), "
      "keys from the journal {:.2f} ({:.2f} M), folding {:.2f} ({:.2f} M); {} MB, load "
      "{:.1f}{}\n",
      what, opened.total, kLongestOpening, opened.store, opened.keys,
      static_cast<double>(opened.counts.keys_from_log) / 1e6, opened.tail,
      static_cast<double>(opened.counts.keys_from_journal) / 1e6, opened.folding,
      static_cast<double>(opened.counts.folded) / 1e6, opened.resident >> 20, load(),
      verdict(opened.total <= kLongestOpening));
  std::fflush(stdout);
}

}  // namespace reckoner::bench
