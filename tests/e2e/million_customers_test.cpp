// A million customers, ten thousand of them active, over midnight of the 1st: nobody's timer is
// lost, also not by a restart on the way, memory stays flat, and a plain replay of the journal
// comes to the same. In short with 20 000 customers; with RECKONER_LONG_TESTS a million of them,
// for as many seconds as RECKONER_SOAK_SECONDS says (120; an hour by hand).
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <span>

#include "tests/e2e/million/checks.hpp"
#include "tests/e2e/million/course.hpp"
#include "tests/support/store.hpp"

namespace reckoner::million {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr Micros kIdle = 5 * kSecond;
constexpr std::uint32_t kToldAtATime = 4'000;  // at most: the lane's bound

struct Size {
  std::uint32_t customers, active, awake, a_second;
  std::uint32_t lead;  // seconds before midnight at which the engine is ready
  CourseOptions course;
};

std::uint32_t from_environment(const char* name, std::uint32_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : static_cast<std::uint32_t>(std::atoi(given));
}

Size size_of_run() {
  if (!support::long_tests()) return {20'000, 500, 3'000, 1'000, 3, {8, 3, false}};
  const std::uint32_t seconds = from_environment("RECKONER_SOAK_SECONDS", 120);
  return {from_environment("RECKONER_SOAK_CUSTOMERS", 1'000'000),
          10'000,
          100'000,
          2'000,
          std::clamp(seconds / 6, 10U, 300U),
          {seconds, 30, true}};
}

PopulationOptions population_options(const Size& size) {
  PopulationOptions options;
  options.customers = size.customers;
  options.active = size.active;
  const Micros window = (size.course.seconds - size.lead) * kSecond;
  options.first_grace_end = midnight() - size.lead * kSecond / 2;
  options.last_grace_end = midnight() + window * 3 / 4;
  return options;
}

// The engine's hashes, as of now.
Result<actors::Hashes> hashes_of(actors::Engine& engine) {
  std::promise<Result<actors::Hashes>> found;
  engine.hashes({},
                [&found](Result<actors::Hashes> hashes) { found.set_value(std::move(hashes)); });
  return found.get_future().get();
}

void check_tables(storage::Store& store, const Population& population, const Watch& watch,
                  Instant last_due) {
  std::unique_ptr<storage::Reader> reader;
  REQUIRE_OK(store.open_reader(reader));
  CHECK(due_rows(*reader, last_due) == 0);
  const ChargesFound charges = charges_at_midnight(*reader, population);
  CHECK(charges.sleepers == charges.sleepers_wanted);
  CHECK(charges.wrong == 0);
  CHECK(charges.at_midnight == watch.charges_at_midnight());
  std::uint64_t rows = 0;
  CHECK(wrong_tiers(*reader, population, rows) == 0);
  CHECK(rows == population.size());
}

void check_replay(storage::Store& store, const actors::Hashes& live, const Population& population,
                  std::uint64_t events) {
  const Replayed replayed = replay(store, live.at);
  REQUIRE(replayed.failure == "");
  CHECK(replayed.state_hash == live.state_hash);
  CHECK(replayed.money_hash == live.money_hash);
  CHECK(static_cast<std::uint64_t>(replayed.totals.requests) == events);
  CHECK(static_cast<std::uint64_t>(replayed.totals.customers) == population.size());
}

// Mean of some samples, so that one does not decide.
std::uint64_t mean_resident(std::span<const Sample> samples) {
  std::uint64_t sum = 0;
  for (const Sample& sample : samples) sum += sample.resident;
  return sum / samples.size();
}

// What may grow: the index of keys, at most 11.5 bytes a key; and what is full once and for all:
// the store's page caches (64 MiB of the writer, 16 MiB of each reader) and the allocator's arenas.
// Then 8 KiB for each customer who was awake at the same time: state, actor, rows not written yet.
constexpr std::uint64_t kForKey = 12, kForAwake = 8 * 1024, kForSleeping = 64;
constexpr std::uint64_t kCaches = 128 * kMiB, kToBegin = 32 * kMiB, kNoise = 8 * kMiB;

void check_memory(const Size& size, const Course& course, std::uint64_t asleep) {
  CHECK(asleep <= kToBegin + kForSleeping * size.customers);
  const std::vector<Sample>& samples = course.samples();
  const Sample& first = samples.front();
  std::uint64_t most_awake = 0;
  for (const Sample& sample : samples) most_awake = std::max(most_awake, sample.awake);
  // Those who are active; those whom the clock has just told; and whoever the load woke lately.
  constexpr std::uint64_t kLately = kIdle / kSecond + 1;
  CHECK(most_awake <= size.active + kToldAtATime + size.a_second * kLately);
  for (const Sample& sample : samples) {
    INFO("at " << sample.second << " s: " << sample.resident / kMiB << " MiB, at first "
               << first.resident / kMiB);
    REQUIRE(sample.resident <= first.resident + kCaches + kForAwake * most_awake +
                                   kForKey * (sample.keyed - first.keyed));
  }
  // No trend, once everybody was told.
  const auto told = std::find_if(samples.begin(), samples.end(),
                                 [](const Sample& sample) { return sample.everybody_told; });
  const std::span quiet(told, samples.end());
  REQUIRE(quiet.size() >= size.course.quiet);
  const std::size_t part = (quiet.size() + 2) / 3;
  const std::uint64_t before = mean_resident(quiet.first(part));
  const std::uint64_t after = mean_resident(quiet.last(part));
  INFO("from " << before / kMiB << " to " << after / kMiB << " MiB");
  CHECK(after <= before + kNoise + kForKey * (quiet.back().keyed - quiet.front().keyed));
}

void print_figures(const Size& size, const Course& course, const Watch& watch,
                   std::uint64_t asleep) {
  std::uint64_t awake = 0, resident = 0;
  for (const Sample& sample : course.samples()) {
    awake = std::max(awake, sample.awake);
    resident = std::max(resident, sample.resident);
  }
  const auto ms = [](const sim::Latencies& latencies, unsigned per_mille) {
    return static_cast<double>(latencies.per_mille(per_mille).count()) / 1000;
  };
  const double mib = static_cast<double>(kMiB);
  std::printf(
      "%u customers, all asleep: %.1f MiB. Most awake %llu, most resident %.1f MiB.\n"
      "%u told of midnight in %.0f s (%u before the restart), with %llu entries of the clock in "
      "all.\n"
      "Usage, p50 and p99: meanwhile %.1f and %.1f ms, otherwise %.1f and %.1f ms.\n",
      size.customers, static_cast<double>(asleep) / mib, static_cast<unsigned long long>(awake),
      static_cast<double>(resident) / mib, watch.told(), course.telling_took(),
      course.told_at_restart(), static_cast<unsigned long long>(watch.clock_entries()),
      ms(course.while_told(), 500), ms(course.while_told(), 990), ms(course.otherwise(), 500),
      ms(course.otherwise(), 990));
}

// Where a check ends the test: the engine speaks to the watch and the load as long as it is there.
struct Ended {
  Load& load;
  Stand& stand;
  ~Ended() {
    load.end();
    stand.abandon();
  }
};

}  // namespace

TEST_CASE("a million customers: midnight of the 1st reaches everybody, and memory stays flat") {
  const Size size = size_of_run();
  const PopulationOptions people = population_options(size);
  const Population population(people);
  Stand stand(population, {size.awake, kIdle});
  stand.fill();

  LoadOptions load_options;
  load_options.a_second = size.a_second;
  load_options.now = [&stand] { return stand.clock.now(); };
  Load load(population, load_options);
  Watch watch(population, [&load](const actors::ChargeNews& news) { load.charge_changed(news); });
  const Ended ended{load, stand};

  const std::uint64_t before = resident_bytes();
  stand.start(watch, midnight() - size.lead * kSecond);
  const std::uint64_t after = resident_bytes(), asleep = after > before ? after - before : 0;
  Course course(stand, watch, load, size.course);
  CHECK(course.run());
  REQUIRE(load.end());
  print_figures(size, course, watch, asleep);
  CHECK(watch.everybody_told());
  CHECK(watch.alarms() == std::vector<std::string>());
  CHECK(load.wrong() == std::vector<std::string>());
  const LoadCounts counts = load.counts();
  CHECK(counts.duplicates > 0);
  CHECK(counts.settled > 0);
  check_memory(size, course, asleep);

  const auto hashes = hashes_of(stand.engine());
  REQUIRE(hashes.ok());
  stand.stop();
  const auto store = stand.at_rest();
  check_tables(*store, population, watch, people.last_grace_end);
  check_replay(*store, *hashes, population, stand.filled().events + counts.events);
}

}  // namespace reckoner::million
