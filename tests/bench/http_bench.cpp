// What HTTP itself allows on this machine: a bare server with HMAC and JSON, under the load that
// the service is measured with; and how fast drive is, were the engine as fast as that.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/basics/instant.hpp"
#include "sim/drive/load.hpp"
#include "sim/drive/requests.hpp"
#include "sim/drive/sender.hpp"
#include "tests/bench/http/limit_server.hpp"

namespace reckoner::bench {
namespace {

constexpr const char* kSecret = "whsec_benchmark";

std::string usage_line(std::size_t number) {
  return fmt::format(R"("customer_id":"customer-{}","tokens":1234,"operation":"chat.completion",)"
                     R"("idempotency_key":"8c7e1a9e-4f0b-4a52-9d0e-{:012}",)"
                     R"("timestamp":"2026-01-05T10:00:00Z"}})",
                     number % 1'000, number);
}

std::string webhook_body(std::size_t number) {
  return fmt::format(
      R"({{"type":"subscription.updated","timestamp":"2026-01-05T10:00:00Z",)"
      R"("data":{{"id":"sub_{}",)"
      R"("customer_id":"cus_{}","product_id":"cortex_starter","status":"active"}}}})",
      number, number % 1'000);
}

void measure(const char* what, const sim::Target& target, sim::MovedLine::Kind kind,
             std::size_t connections) {
  sim::Requests requests(target, {"rk_benchmark", kSecret, sim::WebhookScheme::guide});
  sim::LoadOptions options{target, connections, {}, 5};
  for (std::size_t i = 0; i < 20'000; ++i) {
    sim::MovedLine line;
    line.kind = kind;
    const std::string text = kind == sim::MovedLine::Kind::usage ? usage_line(i) : webhook_body(i);
    (kind == sim::MovedLine::Kind::usage ? line.members : line.body) = text;
    requests.line(options.requests.emplace_back(), line, 0);
  }
  const Result<sim::LoadResult> result = sim::run_load(options);
  if (!result) {
    fmt::print("{}: {}\n", what, result.error().detail);
    std::exit(1);
  }
  fmt::print("{:<28} {:>9.0f} requests/s   p50 {:>6} us   p99 {:>6} us   {} of status 200\n", what,
             result->per_second(), result->latencies.per_mille(500).count(),
             result->latencies.per_mille(990).count(), result->statuses.at(200));
}

// All that drive does for a line: its order, its record, its answer read.
void measure_drive(const sim::Target& target, std::size_t connections) {
  sim::MovedHistory history;
  for (std::size_t i = 0; i < 100'000; ++i)
    history.add(R"({"at":"2026-01-05T10:00:00Z","kind":"usage",)" + usage_line(i));
  if (Status moved = history.move({*parse_instant("2026-01-06T10:00:00Z")}); !moved) return;
  sim::SendingOptions options;
  options.connections = connections;
  sim::Sender sender(history, target, {"rk_benchmark", kSecret}, options);
  if (Status sent = sender.send(); !sent) return void(fmt::print("{}\n", sent.error().detail));
  const sim::SendingFigures& figures = sender.figures();
  const sim::Latencies& latencies = figures.kinds[0].latencies;
  fmt::print("{:<28} {:>9.0f} lines/s      p50 {:>6} us   p99 {:>6} us\n", "  bare server, drive",
             static_cast<double>(figures.lines()) / figures.took.count(),
             latencies.per_mille(500).count(), latencies.per_mille(990).count());
}

int run() {
  const LimitServer server(kSecret);
  const sim::Target target{"127.0.0.1", std::to_string(server.port()), ""};
  for (const std::size_t connections : {std::size_t(1), std::size_t(32), std::size_t(128)}) {
    fmt::print("{} connections\n", connections);
    measure("  bare server, usage", target, sim::MovedLine::Kind::usage, connections);
    measure("  bare server, webhooks", target, sim::MovedLine::Kind::webhook, connections);
    measure_drive(target, connections);
  }
  return 0;
}

}  // namespace
}  // namespace reckoner::bench

int main() {
  return reckoner::bench::run();
}
