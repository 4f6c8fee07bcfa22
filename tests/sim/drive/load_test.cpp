#include "sim/drive/load.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "sim/drive/requests.hpp"
#include "tests/sim/drive/ledger_engine.hpp"

namespace reckoner::sim {
namespace {

LoadOptions usage_load(const LedgerEngine& engine, std::size_t events) {
  LoadOptions options;
  options.target = read_target("--target", engine.url()).value();
  options.connections = 5;
  Requests requests(options.target, {LedgerEngine::kApiKey, LedgerEngine::kSecret});
  for (std::size_t i = 0; i < events; ++i) {
    const std::string members = R"("customer_id":"u","tokens":1,"operation":"o",)"
                                R"("idempotency_key":")" +
                                std::to_string(i) + "\"}";
    MovedLine line;
    line.members = members;
    requests.line(options.requests.emplace_back(), line, 0);
  }
  return options;
}

}  // namespace

TEST_CASE("load: each request is sent as often as asked, over so many connections", "[drive]") {
  LedgerEngine engine;
  LoadOptions options = usage_load(engine, 100);
  options.rounds = 3;
  const Result<LoadResult> result = run_load(options);
  REQUIRE(result.ok());
  CHECK(result->answers == 300);
  CHECK(result->failures == 0);
  CHECK(result->statuses == std::map<unsigned, std::uint64_t>{{200, 300}});
  CHECK(result->latencies.count() == 300);
  CHECK(engine.requests().size() == 300);
  CHECK(engine.requests().back().connection < 5);
}

TEST_CASE("load: what breaks is counted, and a connection made anew", "[drive]") {
  LedgerEngine engine([](std::size_t number, const auto&) {
    return number % 10 == 0 ? LedgerEngine::Fault::lost_request : LedgerEngine::Fault::none;
  });
  const Result<LoadResult> result = run_load(usage_load(engine, 100));
  REQUIRE(result.ok());
  CHECK(result->answers == 90);
  CHECK(result->failures == 10);
}

TEST_CASE("load: a host that is not there is an error", "[drive]") {
  LoadOptions options;
  options.target = {"no-such-host.invalid", "80", ""};
  const Result<LoadResult> result = run_load(options);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == "unknown_host");
}

}  // namespace reckoner::sim
