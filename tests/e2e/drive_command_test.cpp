// reckoner-sim drive as a shell runs it, against the engine's interface in front of a replay.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "tests/e2e/programs.hpp"
#include "tests/sim/drive/ledger_engine.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;
using sim::LedgerEngine;
using Fault = LedgerEngine::Fault;

struct Generated : Programs {
  Generated() {
    const Ran ran =
        simulator("generate --customers 30 --days 20 --seed 4 --events 500 --out h.jsonl");
    INFO(ran.said);
    REQUIRE(ran.code == 0);
  }

  Ran drive(const std::string& target, const std::string& more = "",
            const std::string& key = LedgerEngine::kApiKey,
            const std::string& secret = LedgerEngine::kSecret) const {
    return simulator("drive h.jsonl --target " + target + " --api-key " + key +
                     " --webhook-secret " + secret + ' ' + more);
  }
};

}  // namespace

TEST_CASE("programs: drive plays a history, compares, and keeps a record", "[e2e]") {
  const Generated programs;
  LedgerEngine engine;
  const Ran ran = programs.drive(
      engine.url(),
      "--rate max --connections 5 --record sent.jsonl --out report.json --sandbox " + engine.url());
  INFO(ran.said << ran.out);
  CHECK(ran.code == 0);
  CHECK(ran.said.empty());
  CHECK_THAT(ran.out, Contains("replay: the same"));
  CHECK_THAT(ran.out, Contains("events/s"));
  // The report: well-formed, with the same figures as the table, and the replay's.
  boost::json::error_code malformed;
  const boost::json::value report = boost::json::parse(programs.read("report.json"), malformed);
  REQUIRE_FALSE(malformed);
  CHECK(report.at("agrees") == true);
  CHECK(report.at("sandbox").at("charges") == report.at("replay").at("totals").at("charges"));
  CHECK(report.at("engine").at("money_hash") == report.at("replay").at("money_hash"));
  const Ran replayed = programs.simulator("replay sent.jsonl");
  CHECK(replayed.code == 0);
  CHECK_THAT(replayed.out, Contains("conservation holds"));
}

TEST_CASE("programs: drive exits with 1 where the engine comes to something else", "[e2e]") {
  const Generated programs;
  LedgerEngine engine([](std::size_t, const auto&) { return Fault::miscounted; });
  const Ran ran = programs.drive(engine.url(), "--out report.json");
  INFO(ran.said << ran.out);
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Contains("NOT the same") && Contains("what differs first"));
  CHECK_THAT(programs.read("report.json"), Contains("\"agrees\":false"));
  CHECK_THAT(ran.said, Contains("has not come to what a replay of the same comes to"));
}

TEST_CASE("programs: drive with other settings than the engine's finds the difference", "[e2e]") {
  const Generated programs;
  LedgerEngine engine;
  CHECK(programs.drive(engine.url(), "--set billing.threshold_usd=50").code == 1);
}

TEST_CASE("programs: drive says what is wrong with its flags, or the history", "[e2e]") {
  const Generated programs;
  LedgerEngine engine;
  const auto refused = [&](const Ran& ran, int code, const std::string& what) {
    INFO(ran.said);
    CHECK(ran.code == code);
    CHECK_THAT(ran.said, Contains(what));
    CHECK(ran.out.empty());
  };
  refused(programs.drive("https://x"), 2, "--target is 'https://x'; it takes a URL like http://");
  refused(programs.drive(engine.url(), "--rate fast"), 2, "--rate is 'fast'");
  refused(programs.drive(engine.url(), "--connections 0"), 2, "--connections is '0'");
  refused(programs.drive(engine.url(), "", "key", "x"), 2, "--webhook-secret is of 1 bytes");
  refused(programs.drive(engine.url(), "", "other"), 2, "401 unauthorized");
  refused(programs.drive(engine.url(), "--set usage.max_age_days=10"), 2,
          "raise it to at least 20 in the engine's configuration");
  programs.folder().write("h.jsonl", "{}\n");
  refused(programs.drive(engine.url()), 1, "h.jsonl: line 1: at is missing");
  CHECK(engine.requests().empty());
}

}  // namespace reckoner::e2e
