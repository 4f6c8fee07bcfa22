#include "tests/e2e/million/stand.hpp"

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "tests/support/store.hpp"

namespace reckoner::million {
namespace {

storage::DriverOptions driver_options() {
  storage::DriverOptions options;
  options.book = book();
  options.owner = "a test";
  options.fetching_threads = 4;
  return options;
}

storage::StoreStatus fill_store(const storage::StoreOptions& place, const Population& population,
                                Filled& filled) {
  std::unique_ptr<storage::Store> store;
  if (storage::StoreStatus failed = storage::open_store(place, store)) return failed;
  std::unique_ptr<storage::Driver> driver;
  if (auto failed = storage::Driver::open(std::move(store), driver_options(), driver))
    return failed;
  return million::fill(*driver, population, filled);
}

}  // namespace

void Stand::fill() {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const storage::StoreOptions place = store_.options();
  std::fflush(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Filled filled;
    const storage::StoreStatus failed = fill_store(place, population_, filled);
    if (failed) std::fprintf(stderr, "filling: %s\n", failed->detail.c_str());
    const bool told = write(ends[1], &filled, sizeof filled) == ssize_t{sizeof filled};
    _exit(!failed && told ? 0 : 1);
  }
  close(ends[1]);
  const bool read_all = read(ends[0], &filled_, sizeof filled_) == ssize_t{sizeof filled_};
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  REQUIRE(read_all);
}

storage::OpeningCounts Stand::start(Watch& watch, std::optional<Instant> now) {
  storage::OpenedStore opened;
  REQUIRE_OK(storage::open_store_to_work(store_.open_store(), driver_options(), opened));
  const storage::OpeningCounts counts = opened.counts;
  if (now) clock.set(*now);
  actors::EngineOptions options;
  options.now = [this] { return clock.now(); };
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  options.awake = options_.awake;
  options.idle = options_.idle;
  engine_ = std::make_unique<actors::Engine>(std::move(opened), std::move(options), watch.events());
  return counts;
}

void Stand::stop() {
  REQUIRE_OK(engine_->stop());
  engine_.reset();
  // As a process that ends: the next engine begins without what this one's threads had.
  malloc_trim(0);
}

}  // namespace reckoner::million
