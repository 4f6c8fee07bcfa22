#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/http/limit_server.hpp"
#include "tests/bench/service/bench_store.hpp"
#include "tests/bench/service/figures.hpp"
#include "tests/bench/service/measure.hpp"
#include "tests/bench/service/traffic.hpp"
#include "tests/bench/store/machine.hpp"

namespace reckoner::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kSinglesFloor = 10'000, kBatchesFloor = 100'000, kWebhooksFloor = 4'000;
constexpr double kShareWhenLarge = 0.75;
constexpr double kWarmUp = 1;  // seconds
// The store alone is measured over so many events.
constexpr std::uint64_t kLimitEvents = 500'000;
// Prepared requests are held in memory: up to so many bytes.
constexpr std::size_t kMostPrepared = std::size_t(3) << 30;

Used operator-(const Used& a, const Used& b) {
  return {a.user - b.user, a.system - b.system, a.switches - b.switches};
}

// One kind of request on one server, and on the limit.
class Rate {
 public:
  Rate(const ServiceOptions& options, Kind kind, std::size_t connections, Traffic& traffic)
      : options_(options), kind_(kind), connections_(connections), traffic_(traffic) {}

  // Says how much has to be prepared, wakes who is asleep, and fills caches.
  void warm_up(const ServerProcess& server) {
    const std::uint64_t before = traffic_.next();
    const std::size_t count = is_batch() ? 200 : 50'000;
    const auto requests = traffic_.make(kind_, count);
    const Loaded loaded =
        load_with(server.target(), connections_, requests, std::chrono::duration<double>(kWarmUp));
    traffic_.go_on_from(before + (kind_ == Kind::webhook ? 0 : loaded.sent_events));
    const double per_second = static_cast<double>(loaded.requests) / loaded.seconds;
    const std::size_t most = kMostPrepared / requests.front().bytes.size();
    prepared_ = std::min<std::size_t>(
        most, static_cast<std::size_t>(per_second * options_.seconds * 1.6) + 100);
  }

  RateFigure measure(const std::string& what, const ServerProcess& server, double floor) {
    const std::uint64_t before = traffic_.next();
    requests_ = traffic_.make(kind_, prepared_);
    RateFigure figure{what, {}, {}, std::nullopt, floor};
    const Used used = server.used();
    figure.loaded = load_with(server.target(), connections_, requests_,
                              std::chrono::duration<double>(options_.seconds));
    figure.used = server.used() - used;
    if (kind_ != Kind::webhook) traffic_.go_on_from(before + figure.loaded.sent_events);
    return figure;
  }

  // The same requests, to a server that checks and parses them and does nothing else.
  double bare_server() const {
    const LimitServer server(kWebhookSecret);
    const sim::Target target{"127.0.0.1", std::to_string(server.port()), ""};
    return load_with(target, connections_, requests_,
                     std::chrono::duration<double>(options_.seconds))
        .events_per_second();
  }

 private:
  bool is_batch() const { return kind_ == Kind::batch || kind_ == Kind::lines; }

  const ServiceOptions& options_;
  const Kind kind_;
  const std::size_t connections_;
  Traffic& traffic_;
  std::size_t prepared_ = 0;
  std::vector<Prepared> requests_;
};

void measure_small(const ServiceOptions& options, const std::string& what, Kind kind,
                   double floor) {
  const fs::path folder = options.folder / "store";
  const Filled filled = fill_store(folder, {});
  Traffic traffic(make_api_key(folder), filled.next);
  std::vector<std::size_t> connections = {options.connections};
  if (options.connections > 1) connections.insert(connections.begin(), 1);
  {
    const ServerProcess server(folder, options.settings);
    for (const std::size_t each : connections) {
      Rate rate(options, kind, each, traffic);
      rate.warm_up(server);
      // One connection shows how long an answer takes alone; the floor is for many.
      RateFigure figure = rate.measure(fmt::format("{}, {} connections", what, each), server,
                                       each == 1 ? 0 : floor);
      if (options.limits) figure.limit = rate.bare_server();
      print_rate(figure);
    }
  }
  fs::remove_all(folder);
}

void measure_batches_into(const ServiceOptions& options, std::uint64_t events, double floor) {
  const fs::path folder = options.folder / "store";
  Filled filled = fill_store(folder, {0, events, options.limits ? kLimitEvents : 0, 1'000});
  // What the store alone took is in it: few beside many, but an empty one is made anew.
  if (events == 0) filled.next = fill_store(folder, {}).next;
  make_warm(folder);
  Traffic traffic(make_api_key(folder), filled.next);
  const std::string held =
      events == 0 ? "empty store" : fmt::format("{:.0f} M held", static_cast<double>(events) / 1e6);
  {
    const ServerProcess server(folder, options.settings);
    for (const Kind kind : {Kind::batch, Kind::lines}) {
      Rate rate(options, kind, options.batch_connections, traffic);
      rate.warm_up(server);
      RateFigure figure = rate.measure(
          fmt::format("batches of 1 000, {}, {}", kind == Kind::batch ? "JSON" : "NDJSON", held),
          server, floor);
      figure.limit = filled.rate;
      print_rate(figure);
      if (options.limits && events == 0 && kind == Kind::batch)
        fmt::print("    the bare server takes {:.0f} events/s in such bodies\n",
                   rate.bare_server());
    }
  }
  fs::remove_all(folder);
}

}  // namespace

void measure_singles(const ServiceOptions& options) {
  measure_small(options, "single events", Kind::single, kSinglesFloor);
}

void measure_webhooks(const ServiceOptions& options) {
  measure_small(options, "webhooks, signed", Kind::webhook, kWebhooksFloor);
}

void measure_batches(const ServiceOptions& options) {
  measure_batches_into(options, 0, kBatchesFloor);
  if (options.events > 0)
    measure_batches_into(options, options.events,
                         options.events < 50'000'000 ? 0 : kBatchesFloor * kShareWhenLarge);
}

}  // namespace reckoner::bench
