// The driver on SQLite, as it fills: events a second, pauses, bytes, memory, and restarts after a
// kill. Beside each the limit in the same run: the same blocks in the same batches appended to
// SQLite by hand. Verdicts are all checked.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/store/killed_writer.hpp"
#include "tests/bench/store/store_figures.hpp"

namespace reckoner::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatches[] = {1'000, 4'000};
constexpr std::size_t kFillBatch = 4'000;

struct Options {
  std::uint64_t events = 2'000'000;
  std::uint64_t window = 1'000'000;  // events of one measurement
  int rounds = 1;
  fs::path folder;
  bool keep = false;
  std::uint32_t fetching_threads = 4;
  std::uint64_t go_on_from = 0;  // what a store that was kept holds of the stream
};

const char* name_of(Measured measured) {
  return measured == Measured::whole_driver ? "the whole driver" : "journal and keys alone";
}

class Bench {
 public:
  explicit Bench(Options options)
      : options_(std::move(options)), run_(options_.folder / "store", options_.fetching_threads) {}

  void run() {
    print_stretches_header();
    run_.go_on_from(options_.go_on_from);
    if (options_.go_on_from == 0) {
      measure_empty();
      fs::create_directories(run_.folder());
    }
    for (const std::uint64_t level : levels()) measure_at(level);
    measure_restarts();
    if (options_.keep) fmt::print("kept, and holds {} events of the stream\n", run_.next());
  }

 private:
  std::vector<std::uint64_t> levels() const {
    std::vector<std::uint64_t> out;
    for (const std::uint64_t level : {10'000'000UL, 50'000'000UL})
      if (options_.go_on_from < level && level < options_.events) out.push_back(level);
    out.push_back(options_.events);
    return out;
  }

  // Takes a stretch, and then has its blocks appended by hand.
  void measure(const std::string& what, StoreRun& run, std::size_t batch) {
    const std::uint64_t stored = run.next();
    run.seen().recording = true;
    const Stretch stretch = run.take(options_.window, batch);
    run.seen().recording = false;
    print_stretch(what, stored, batch, stretch, limit(std::exchange(run.seen().batches, {})));
  }

  Limit limit(const std::vector<RecordedBatch>& batches) {
    const fs::path folder = options_.folder / "limit";
    fs::remove_all(folder);
    fs::create_directories(folder);
    Limit out;
    const std::uint64_t written = bytes_written();
    {
      RawJournal journal(folder / "raw.db");
      out.seconds = journal.append(batches);
    }
    out.bytes_written = bytes_written() - written;
    fs::remove_all(folder);
    return out;
  }

  void measure_empty() {
    for (int round = 0; round < options_.rounds; ++round)
      for (const Measured measured : {Measured::whole_driver, Measured::journal_and_keys})
        for (const std::size_t batch : kBatches) {
          const fs::path folder = options_.folder / "empty";
          fs::remove_all(folder);
          fs::create_directories(folder);
          StoreRun run(folder, options_.fetching_threads);
          run.open(measured);
          measure(name_of(measured), run, batch);
        }
    fs::remove_all(options_.folder / "empty");
  }

  void measure_at(std::uint64_t level) {
    run_.open(Measured::whole_driver);
    const std::uint64_t from = run_.next();
    if (level > from) {
      const Stretch filling = run_.take(level - from, kFillBatch);
      print_stretch(fmt::format("filled from {:.1f} M", static_cast<double>(from) / 1e6), level,
                    kFillBatch, filling, std::nullopt);
    }
    print_size(run_, run_.driver());
    make_warm(run_.folder());
    measure_rounds(Measured::whole_driver);
    run_.close();
    make_warm(run_.folder());
    run_.open(Measured::journal_and_keys);
    measure_rounds(Measured::journal_and_keys);
    run_.close();
    make_warm(run_.folder());
    print_verified(run_.verify());
    measure_cold();
  }

  void measure_rounds(Measured measured) {
    for (int round = 0; round < options_.rounds; ++round)
      for (const std::size_t batch : kBatches) measure(name_of(measured), run_, batch);
  }

  // Repeats find their first ones on the disk, not in the page cache.
  void measure_cold() {
    for (const std::size_t batch : kBatches) {
      make_cold(run_.folder());
      print_opened("opened in order, cold", run_.open(Measured::whole_driver));
      const std::uint64_t stored = run_.next();
      print_stretch("the whole driver, cold", stored, batch, run_.take(options_.window / 4, batch),
                    std::nullopt);
      run_.close();
    }
  }

  void measure_restarts() {
    for (const bool cold : {false, true}) {
      const std::uint64_t batches = std::max<std::uint64_t>(2, options_.window / kKilledBatch);
      const std::uint64_t first = run_.next();
      write_and_kill(run_.folder(), first, batches);
      if (cold)
        make_cold(run_.folder());
      else
        make_warm(run_.folder());
      const Opened opened = run_.open(Measured::whole_driver);
      print_opened(cold ? "after kill -9, cold" : "after kill -9, warm", opened);
      check_after_kill(first + batches * kKilledBatch);
      run_.close();
    }
  }

  // What was acknowledged is there; of the batch behind it all or nothing.
  void check_after_kill(std::uint64_t told) {
    const std::uint64_t last = std::min<std::uint64_t>(told, 10 * kKilledBatch);
    const Stretch again = run_.take_from(told - last, last, kKilledBatch);
    const Stretch behind = run_.take_from(told, kKilledBatch, kKilledBatch);
    const std::uint64_t firsts = behind.events - behind.repeats;
    const bool whole = behind.accepted == 0 || behind.accepted == firsts;
    fmt::print(
        "  sent again: {} of {} acknowledged events were lost; the batch behind them was {}\n",
        again.accepted, last,
        !whole                 ? "TORN"
        : behind.accepted == 0 ? "durable, too"
                               : "not durable");
    run_.go_on_from(told + kKilledBatch);
  }

  Options options_;
  StoreRun run_;
};

}  // namespace
}  // namespace reckoner::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  using namespace reckoner::bench;
  Options options;
  std::optional<std::uint64_t> write_from;
  CLI::App app("The storage driver on SQLite, beside SQLite by hand");
  app.add_option("--events", options.events, "to fill the store with");
  app.add_option("--window", options.window, "events of one measurement");
  app.add_option("--rounds", options.rounds, "how often each is measured");
  app.add_option("--folder", options.folder, "where the stores are made (150 bytes an event)");
  app.add_option("--fetching-threads", options.fetching_threads, "that read for repeats");
  app.add_flag("--keep", options.keep, "leave the store there");
  app.add_option("--go-on-from", options.go_on_from, "events that the store kept there holds");
  app.add_option("--write-until-killed", write_from)->group("");
  CLI11_PARSE(app, argc, argv);
  if (write_from) write_until_killed(options.folder, *write_from);
  const bool temporary = options.folder.empty();
  if (temporary) options.folder = "build/store_bench";
  if (options.go_on_from == 0) fs::remove_all(options.folder / "store");
  options.window = std::clamp<std::uint64_t>(options.events / 4, 4'000, options.window);
  Bench(options).run();
  if (!options.keep) fs::remove_all(temporary ? options.folder : options.folder / "store");
}
