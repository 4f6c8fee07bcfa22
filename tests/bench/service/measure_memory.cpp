#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "actors/engine/engine.hpp"
#include "storage/store/loader.hpp"
#include "tests/bench/service/bench_store.hpp"
#include "tests/bench/service/figures.hpp"
#include "tests/bench/service/measure.hpp"
#include "tests/bench/service/traffic.hpp"

namespace reckoner::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kLiveFloor = 3 * 1024, kSleepingFloor = 64;
// They are awake before it is measured: pools, buffers and the store's caches (of 16 MiB, 4 000
// pages) are as large as they will be.
constexpr std::uint64_t kAwakeBefore = 40'000;

double each(std::uint64_t before, std::uint64_t after, std::uint64_t customers) {
  return (static_cast<double>(after) - static_cast<double>(before)) /
         static_cast<double>(customers);
}

std::uint64_t settled_bytes(const ServerProcess& server) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  return server.resident_bytes();
}

// Asking whether a request may go ahead wakes the customer.
void wake(const ServiceOptions& options, const ServerProcess& server, const Traffic& traffic,
          std::uint64_t from, std::uint64_t to) {
  std::vector<Prepared> requests;
  for (std::uint64_t i = from; i < to; ++i)
    requests.push_back({traffic.authorize(lived_customer(i)), 1, 0});
  const Loaded loaded =
      load_with(server.target(), options.connections, requests, std::chrono::minutes(5));
  if (!loaded.right() || loaded.requests != requests.size())
    fmt::print("    WRONG: {} of {} customers answered; {}\n", loaded.requests, requests.size(),
               loaded.first_refused);
}

// In this process, what malloc says of the same.
class EngineHere {
 public:
  explicit EngineHere(const fs::path& folder) {
    storage::StoreOptions place;
    place.url = "sqlite:" + (folder / "store.db").string();
    std::unique_ptr<storage::Store> store;
    storage::DriverOptions driving;
    driving.owner = "a benchmark";
    storage::OpenedStore opened;
    storage::StoreStatus failed = storage::open_store(reckoner_storage_plugin_v1, place, store);
    if (!failed) failed = storage::open_store_to_work(std::move(store), std::move(driving), opened);
    if (failed) {
      fmt::print(stderr, "service_bench: {}\n", failed->detail);
      std::exit(1);
    }
    actors::EngineOptions options;
    options.awake = SIZE_MAX;
    options.idle = 3'600 * kSecond;
    engine_ = std::make_unique<actors::Engine>(std::move(opened), options, actors::EngineEvents{});
  }

  void wake(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i < to; ++i) {
      std::promise<void> answered;
      engine_->authorize(lived_customer(i), 1, [&](const auto&) { answered.set_value(); });
      answered.get_future().get();
    }
  }
  std::uint64_t awake() const { return engine_->figures().customers_awake; }

 private:
  std::unique_ptr<actors::Engine> engine_;
};

double malloc_bytes_each(const fs::path& folder, std::uint64_t customers) {
  EngineHere engine(folder);
  engine.wake(0, kAwakeBefore);
  const std::size_t before = mallinfo2().uordblks;
  engine.wake(kAwakeBefore, kAwakeBefore + customers);
  if (engine.awake() != kAwakeBefore + customers)
    fmt::print("    WRONG: {} customers are awake\n", engine.awake());
  return each(before, mallinfo2().uordblks, customers);
}

void measure_live(const ServiceOptions& options) {
  const fs::path folder = options.folder / "lived";
  fill_with_lived(folder, kAwakeBefore + options.awake);
  double resident = 0;
  {
    const Traffic traffic(make_api_key(folder), 0);
    const ServerProcess server(folder,
                               {"engine.idle=1h", fmt::format("engine.awake_customers={}",
                                                              kAwakeBefore + options.awake + 1)},
                               Prices::built_in);
    wake(options, server, traffic, 0, kAwakeBefore);
    const std::uint64_t before = settled_bytes(server);
    wake(options, server, traffic, kAwakeBefore, kAwakeBefore + options.awake);
    resident = each(before, settled_bytes(server), options.awake);
  }
  const double allocated = malloc_bytes_each(folder, options.awake);
  print_amount({"memory of a live customer", "bytes", resident, kLiveFloor,
                fmt::format("resident; {:.0f} allocated; {} awake, each linked, a subscription, 3 "
                            "periods, 5 open charges",
                            allocated, options.awake)});
  fs::remove_all(folder);
}

void measure_sleeping(const ServiceOptions& options) {
  std::vector<std::uint64_t> resident;
  for (const std::uint64_t customers : {std::uint64_t{0}, options.customers}) {
    const fs::path folder = options.folder / "sleeping";
    fill_store(folder, {customers});
    const ServerProcess server(folder);
    resident.push_back(settled_bytes(server));
  }
  const std::uint64_t asleep = options.customers - kActiveCustomers;
  print_amount({"memory of a sleeping customer", "bytes", each(resident[0], resident[1], asleep),
                kSleepingFloor,
                fmt::format("resident; {} asleep; the process: {} MB", asleep, resident[1] >> 20)});
  fs::remove_all(options.folder / "sleeping");
}

}  // namespace

void measure_memory(const ServiceOptions& options) {
  measure_live(options);
  measure_sleeping(options);
}

}  // namespace reckoner::bench
