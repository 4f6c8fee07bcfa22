#include "tests/bench/service/figures.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "tests/bench/store/machine.hpp"

namespace reckoner::bench {
namespace {

std::string verdict(double amount, double floor, bool less_is_better) {
  if (floor == 0) return "";
  if (less_is_better ? amount > floor : amount < floor) return "BELOW";
  return (less_is_better ? amount * 2 <= floor : amount >= floor * 2) ? "ok, twice" : "ok";
}

double millis(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

}  // namespace

void print_rates_header() {
  fmt::print("{:<40}{:>11}{:>9}{:>9}{:>11}{:>7}{:>10}{:>11}{:>9}{:>8}{:>9}{:>6}\n", "", "events/s",
             "p50 ms", "p99 ms", "limit", "ratio", "floor", "", "CPU us/e", "of sys", "sleeps/e",
             "load");
}

void print_rate(const RateFigure& figure) {
  const Loaded& loaded = figure.loaded;
  const double rate = loaded.events_per_second(), events = static_cast<double>(loaded.events);
  fmt::print("{:<40}{:>11.0f}{:>9.2f}{:>9.2f}", figure.what, rate,
             millis(loaded.latencies.per_mille(500)), millis(loaded.latencies.per_mille(990)));
  if (figure.limit)
    fmt::print("{:>11.0f}{:>7.2f}", *figure.limit, rate / *figure.limit);
  else
    fmt::print("{:>11}{:>7}", "", "");
  fmt::print("{:>10.0f}{:>11}{:>9.2f}{:>8.2f}{:>9.3f}{:>6.1f}\n", figure.floor,
             verdict(rate, figure.floor, false), figure.used.processor() * 1e6 / events,
             figure.used.system * 1e6 / events, static_cast<double>(figure.used.switches) / events,
             load());
  if (!loaded.right())
    fmt::print(
        "    WRONG: {} requests refused, {} lost; {} events accepted where it should be {}"
        "{}{}\n",
        loaded.refused, loaded.lost, loaded.accepted, loaded.expected,
        loaded.first_refused.empty() ? "" : "; the first: ", loaded.first_refused);
  std::fflush(stdout);
}

void print_amount(const AmountFigure& figure) {
  fmt::print("{:<40}{:>11.2f} {:<8}", figure.what, figure.amount, figure.unit);
  if (figure.floor > 0)
    fmt::print("floor {:>6.0f}  {:<10}", figure.floor, verdict(figure.amount, figure.floor, true));
  fmt::print("  {}\n", figure.detail);
  std::fflush(stdout);
}

}  // namespace reckoner::bench
