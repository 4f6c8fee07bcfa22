#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/service/bench_store.hpp"
#include "tests/bench/service/figures.hpp"
#include "tests/bench/service/measure.hpp"
#include "tests/bench/service/traffic.hpp"
#include "tests/bench/store/machine.hpp"

namespace reckoner::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kReadyFloor = 5;
constexpr std::uint64_t kEventsEach = 10;  // a million customers: ten million events
// More than may be behind the marks of all shards together, so that as much as ever is folded.
constexpr std::uint64_t kEventsBefore = 400'000;
constexpr std::uint64_t kInBatch = 1'000;

// What was acknowledged is there: sent again, it is a duplicate.
std::uint64_t lost_events(const ServerProcess& server, const ServiceOptions& options,
                          const std::vector<Prepared>& requests, std::uint64_t answered) {
  const std::vector<Prepared> again(requests.begin(),
                                    requests.begin() + static_cast<std::ptrdiff_t>(answered));
  return load_with(server.target(), options.batch_connections, again, std::chrono::minutes(5))
      .accepted;
}

void measure_once(const ServiceOptions& options, const fs::path& folder, Traffic& traffic,
                  bool cold) {
  const std::vector<Prepared> requests =
      traffic.make(Kind::batch, kEventsBefore / kInBatch * 2, kInBatch);
  Loaded loaded;
  {
    ServerProcess server(folder, options.settings);
    // On one connection, so that those answered are the first ones.
    loaded =
        load_with(server.target(), 1, requests, std::chrono::minutes(5), [&](const Loaded& so_far) {
          if (so_far.events >= kEventsBefore) server.kill();
        });
  }
  if (cold)
    make_cold(folder);
  else
    make_warm(folder);
  const ServerProcess server(folder, options.settings);
  const std::uint64_t lost = lost_events(server, options, requests, loaded.requests);
  print_amount({cold ? "start to ready after kill -9, cold" : "start to ready after kill -9", "s",
                server.seconds_to_ready(), kReadyFloor,
                fmt::format("{} entries folded; {} customers, {:.1f} M events; of {} acknowledged "
                            "just before, {} are missing",
                            server.folded(), options.customers,
                            static_cast<double>(traffic.next()) / 1e6, loaded.events, lost)});
}

}  // namespace

void measure_start(const ServiceOptions& options) {
  const fs::path folder = options.folder / "start";
  const Filled filled = fill_store(folder, {options.customers, options.customers * kEventsEach});
  Traffic traffic(make_api_key(folder), filled.next);
  for (const bool cold : {false, true}) measure_once(options, folder, traffic, cold);
  fs::remove_all(folder);
}

}  // namespace reckoner::bench
