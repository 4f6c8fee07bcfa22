// A driver on a store in a folder, fed with the stream of events, timed and checked.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "storage/driver/driver.hpp"
#include "tests/bench/store/event_maker.hpp"
#include "tests/bench/store/watched_store.hpp"

namespace reckoner::bench {

enum class Measured {
  whole_driver,     // as it runs
  journal_and_keys  // no rows are written, and what apply takes is left out
};

// What a stretch of the stream came to. Times are those inside the driver's calls.
struct Stretch {
  std::uint64_t events = 0, wrong = 0, accepted = 0, repeats = 0, rows = 0;
  double seconds = 0;
  // What they are made of: judging and gathering; the store's commits; applying; the rest.
  double judging = 0, storing = 0, applying = 0;
  double processor = 0;         // seconds of it, of the calling thread
  std::vector<double> commits;  // seconds of each
  std::uint64_t bytes_written = 0, bytes_read = 0;
  double load = 0;

  double rate() const { return static_cast<double>(events) / seconds; }
  double longest() const;
  double percentile_99() const;
};

// How an opening went, in seconds.
struct Opened {
  double total = 0, store = 0, keys = 0, tail = 0, folding = 0;
  storage::OpeningCounts counts;
  std::uint64_t resident = 0;
};

// What `storage verify` came to, on a store at rest.
struct Verified {
  std::uint64_t entries = 0, damages = 0;
  double seconds = 0;
};

class StoreRun {
 public:
  StoreRun(std::filesystem::path folder, std::uint32_t fetching_threads)
      : folder_(std::move(folder)), fetching_threads_(fetching_threads) {}

  // A new store's customers are registered and linked at once, outside all times.
  Opened open(Measured measured);
  // In order. Nothing is left to fold for the next opening.
  void close();
  // Only closed.
  Verified verify() const;

  // Takes the next events of the stream, or some of them again.
  Stretch take(std::uint64_t count, std::size_t batch);
  Stretch take_from(std::uint64_t first, std::uint64_t count, std::size_t batch);
  std::uint64_t next() const { return next_; }
  void go_on_from(std::uint64_t next) { next_ = next; }

  Seen& seen() { return seen_; }
  storage::Driver& driver() { return *driver_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::unique_ptr<storage::Store> open_store() const;
  void register_customers();
  void take_batch(std::uint64_t first, std::size_t count, Stretch& stretch);
  void commit(Stretch& stretch);
  void check_verdicts(Stretch& stretch) const;
  void settle_charges();

  std::filesystem::path folder_;
  std::uint32_t fetching_threads_;
  Measured measured_ = Measured::whole_driver;
  EventMaker maker_;
  Seen seen_;
  std::unique_ptr<storage::Driver> driver_;
  std::uint64_t next_ = 0;
  // Of the batch at work.
  MadeEvents made_;
  std::vector<storage::Verdict> verdicts_;
  struct Owed {
    std::string customer_id;
    std::uint32_t charge;
  };
  std::vector<Owed> owed_;
};

}  // namespace reckoner::bench
