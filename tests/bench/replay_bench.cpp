// Replay on one core, from JSON Lines and from a binary journal, each beside its limit in the same
// run: parsing the lines and doing nothing, reading the bytes and doing nothing. Then the memory
// and the snapshot of one customer. `replay_bench EVENTS` for another number of events.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "engine/customer/state_encoding.hpp"
#include "engine/json/history.hpp"
#include "sim/generate/generator.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/bench/customer_size.hpp"

namespace reckoner {
namespace {

struct History {
  std::string lines;
  std::string journal;
  std::int64_t line_count = 0;
};

template <class Each>
void each_line(const std::string& text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    each(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
}

History make_history(std::uint64_t customers, std::uint64_t events) {
  History out;
  sim::GenerateOptions options;
  options.customers = customers;
  options.events = events;
  options.days = 30;
  sim::generate(
      options,
      [&](std::string_view line) {
        out.lines.append(line) += '\n';
        ++out.line_count;
      },
      [](std::uint64_t, std::uint64_t) {});
  JournalFileWriter writer([&](std::string_view bytes) { out.journal += bytes; });
  sim::Replayer replayer({});
  replayer.write_to(&writer);
  each_line(out.lines, [&](std::string_view line) {
    RECKONER_CHECK(replayer.line(line).ok(), "a generated line cannot be read");
  });
  writer.finish();
  return out;
}

// The median of three, for the machine may be busy. Each run has a replayer of its own, which is
// made and taken down outside the time.
double median_seconds(const std::function<void(sim::Replayer&)>& work) {
  std::vector<double> runs;
  for (int run = 0; run < 3; ++run) {
    sim::Replayer replayer({});
    const auto start = std::chrono::steady_clock::now();
    work(replayer);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    runs.push_back(took.count());
  }
  std::sort(runs.begin(), runs.end());
  return runs[1];
}

void parse_only(const History& history) {
  json::HistoryReader reader;
  std::int64_t tokens = 0;
  each_line(history.lines, [&](std::string_view line) {
    if (reader.read(line).ok()) tokens += reader.line().usage.usage.tokens;
  });
  RECKONER_CHECK(tokens != 0, "nothing was parsed");
}

void replay_lines(const History& history, sim::Replayer& replayer) {
  each_line(history.lines, [&](std::string_view line) {
    RECKONER_CHECK(replayer.line(line).ok(), "a line cannot be read");
  });
}

void read_only(const History& history) {
  std::uint64_t sum = 0;
  const std::string& bytes = history.journal;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::copy_n(bytes.data() + at, 8, reinterpret_cast<char*>(&word));
    sum ^= word;
  }
  RECKONER_CHECK(sum != 0, "nothing was read");
}

std::int64_t replay_journal(const History& history, sim::Replayer& replayer) {
  const Status done = replayer.journal(history.journal, [](std::size_t) {});
  RECKONER_CHECK(done.ok(), "the journal cannot be read");
  return replayer.counts().events;
}

void print_row(const std::string& what, std::int64_t events, double took, double limit) {
  const auto rate = [&](double s) { return static_cast<double>(events) / s / 1e6; };
  fmt::print("{:<44}{:>12.2f}{:>16.2f}{:>9.2f}\n", what, rate(took), rate(limit), limit / took);
}

void measure(std::uint64_t customers, std::uint64_t events) {
  const History history = make_history(customers, events);
  const std::string who = fmt::format("{} customers, {} lines", customers, history.line_count);
  print_row("JSON Lines, " + who, history.line_count,
            median_seconds([&](sim::Replayer& to) { replay_lines(history, to); }),
            median_seconds([&](sim::Replayer&) { parse_only(history); }));
  std::int64_t events_in = 0;
  const double took =
      median_seconds([&](sim::Replayer& to) { events_in = replay_journal(history, to); });
  print_row(fmt::format("binary, {} events", events_in), events_in, took,
            median_seconds([&](sim::Replayer&) { read_only(history); }));
}

}  // namespace
}  // namespace reckoner

int main(int argc, char** argv) {
  using namespace reckoner;
  const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'000'000;
  fmt::print("{:<44}{:>12}{:>16}{:>9}\n", "replay, one core", "million/s", "limit", "ratio");
  measure(10'000, events);
  measure(1'000'000, events * 2);
  bench::print_customer_size();
}
