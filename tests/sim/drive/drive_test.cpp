// A drive from end to end, against the engine's interface with faults in it.
#include "sim/drive/drive.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/json/walker.hpp"
#include "sim/drive/json_edit.hpp"
#include "sim/drive/summary.hpp"
#include "sim/generate/generator.hpp"
#include "tests/sim/drive/ledger_engine.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::sim {
namespace {

using Fault = LedgerEngine::Fault;

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::vector<std::string> generated(std::uint64_t customers, std::uint64_t events) {
  GenerateOptions options;
  options.customers = customers;
  options.days = 20;
  options.events = events;
  std::vector<std::string> lines;
  generate(
      options, [&](std::string_view line) { lines.emplace_back(line); },
      [](std::uint64_t, std::uint64_t) {});
  return lines;
}

std::string usage(const std::string& customer, const std::string& key) {
  return R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":")" + customer +
         R"(","tokens":1000,"operation":"op")" +
         (key.empty() ? "" : R"(,"idempotency_key":")" + key + "\"") + "}";
}

void load(MovedHistory& history, const std::vector<std::string>& lines,
          WebhookScheme scheme = WebhookScheme::standard) {
  for (const std::string& line : lines) history.add(line);
  const Status moved = history.move({now(), scheme, 35 * kDay});
  if (!moved) FAIL(moved.error().detail);
}

DriveOptions options_for(const LedgerEngine& engine) {
  DriveOptions options;
  options.target = read_target("--target", engine.url()).value();
  options.access = {LedgerEngine::kApiKey, LedgerEngine::kSecret, WebhookScheme::standard};
  options.sending.connections = 7;
  return options;
}

DriveOutcome done(const Result<DriveOutcome>& outcome) {
  if (!outcome) FAIL(outcome.error().code << ": " << outcome.error().detail);
  return outcome.value();
}

// Every so many requests one of these.
LedgerEngine::Faults every(std::size_t period, std::vector<Fault> faults) {
  return [=](std::size_t number, const LedgerEngine::Request&) {
    return number % period == period - 1 ? faults[number / period % faults.size()] : Fault::none;
  };
}

}  // namespace

TEST_CASE("drive: a generated history, and the engine comes to what its replay comes to",
          "[drive]") {
  LedgerEngine engine;
  MovedHistory history;
  const std::vector<std::string> lines = generated(100, 3'000);
  DriveOptions options = options_for(engine);
  options.access.scheme = GENERATE(WebhookScheme::standard, WebhookScheme::guide);
  options.sending.batch = GENERATE(1u, 8u);
  options.sandbox = options.target;
  load(history, lines, options.access.scheme);
  const DriveOutcome outcome = done(drive(history, options));
  INFO(drive_summary(outcome));
  CHECK(outcome.agrees());
  CHECK(outcome.compared);
  CHECK(outcome.sending.lines() == lines.size());
  CHECK(outcome.sending.rejected > 0);
  CHECK(outcome.sending.duplicates > 0);
  CHECK(outcome.engine.money_hash == engine.money_hash());
  CHECK(outcome.totals.charges > 0);
  REQUIRE(outcome.sandbox);
  CHECK(outcome.sandbox->charges == static_cast<std::size_t>(outcome.totals.charges));
  CHECK(outcome.sandbox->charged == outcome.totals.charged);
}

TEST_CASE("drive: lines of one customer go in order, one connection, one after the other",
          "[drive]") {
  LedgerEngine engine;
  MovedHistory history;
  std::vector<std::string> lines;
  for (int i = 0; i < 600; ++i)
    lines.push_back(usage("c" + std::to_string(i % 30), std::to_string(i)));
  load(history, lines);
  CHECK(done(drive(history, options_for(engine))).agrees());
  std::map<std::string, std::vector<int>> keys;
  std::map<std::string, std::set<std::size_t>> connections;
  for (const LedgerEngine::Request& request : engine.requests()) {
    const auto word = [&](const char* name) {
      return *json_string(json::raw_member(request.body, name));
    };
    keys[word("customer_id")].push_back(std::stoi(word("idempotency_key")));
    connections[word("customer_id")].insert(request.connection);
  }
  CHECK(keys.size() == 30);
  std::set<std::size_t> all;
  for (const auto& [customer, numbers] : keys) {
    INFO(customer);
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    CHECK(numbers.size() == 20);
    CHECK(connections[customer].size() == 1);
    all.insert(connections[customer].begin(), connections[customer].end());
  }
  CHECK(all.size() == 7);
}

TEST_CASE("drive: what is answered 429 or 503, or not at all, is sent again and counts once",
          "[drive]") {
  const auto [fault, lost] = GENERATE(table<Fault, bool>({{Fault::too_many, false},
                                                          {Fault::unavailable, false},
                                                          {Fault::lost_request, true},
                                                          {Fault::lost_answer, true},
                                                          {Fault::last_on_its_own, false}}));
  LedgerEngine engine(every(9, {fault}));
  MovedHistory history;
  load(history, generated(40, 600));
  DriveOptions options = options_for(engine);
  options.sending.batch = GENERATE(1u, 3u);
  const DriveOutcome outcome = done(drive(history, options));
  INFO(drive_summary(outcome));
  CHECK(outcome.agrees());
  CHECK((outcome.sending.lost > 0) == lost);
  CHECK((outcome.sending.retries > 0) == (fault != Fault::last_on_its_own));
  CHECK(outcome.sending.doubtful.empty());
}

TEST_CASE("drive: usage without a key whose answer is lost is not sent again, and is doubtful",
          "[drive]") {
  const auto fault = GENERATE(Fault::lost_answer, Fault::lost_request);
  LedgerEngine engine(
      [=](std::size_t number, const auto&) { return number == 3 ? fault : Fault::none; });
  MovedHistory history;
  load(history, {usage("a", ""), usage("a", "k1"), usage("a", ""), usage("a", ""), usage("a", "k2"),
                 usage("a", "")});
  const DriveOutcome outcome = done(drive(history, options_for(engine)));
  CHECK(engine.requests().size() == 6);
  CHECK(outcome.sending.doubtful == std::vector<std::size_t>{3});
  CHECK(outcome.agrees() == (fault == Fault::lost_answer));
  CHECK(drive_summary(outcome).find("doubtful 1") != std::string::npos);
}

TEST_CASE("drive: of a batch whose answer is lost, what has a key is sent again", "[drive]") {
  LedgerEngine engine([](std::size_t number, const auto&) {
    return number == 0 ? Fault::lost_answer : Fault::none;
  });
  MovedHistory history;
  load(history, {usage("a", "k1"), usage("a", ""), usage("a", "k2")});
  DriveOptions options = options_for(engine);
  options.sending.batch = 10;
  const DriveOutcome outcome = done(drive(history, options));
  INFO(drive_summary(outcome));
  CHECK(outcome.agrees());
  CHECK(outcome.sending.doubtful.size() == 1);
  CHECK(outcome.totals.requests == 3);
}

TEST_CASE("drive: an engine that miscounts is told apart, customer by customer", "[drive]") {
  LedgerEngine engine([](std::size_t number, const auto&) {
    return number == 4 ? Fault::miscounted : Fault::none;
  });
  MovedHistory history;
  std::vector<std::string> lines;
  for (int i = 0; i < 5; ++i) lines.push_back(usage("c" + std::to_string(i), "k"));
  load(history, lines);
  DriveOptions options = options_for(engine);
  options.sending.connections = 1;
  const DriveOutcome outcome = done(drive(history, options));
  CHECK_FALSE(outcome.agrees());
  CHECK(outcome.engine.money_hash != outcome.replay_money_hash);
  const std::string told = drive_summary(outcome);
  INFO(told);
  const std::string customer =
      *json_string(json::raw_member(engine.requests()[4].body, "customer_id"));
  const auto of_customer = std::find_if(
      outcome.differences.begin(), outcome.differences.end(),
      [&](const auto& one) { return one.where == customer && one.field == "accrued_usd"; });
  REQUIRE(of_customer != outcome.differences.end());
  CHECK(of_customer->engine == "0.4");
  CHECK(of_customer->replay == "0.2");
  for (const Difference& one : outcome.differences)
    CHECK((one.where == "all" || one.where == customer));
  CHECK(told.find("NOT the same") != std::string::npos);
}

TEST_CASE("drive: a charge that the sandbox has twice or for nothing is a difference", "[drive]") {
  // The first charge of whoever has one in this history.
  const auto [id, says] = GENERATE(table<std::string, std::string>(
      {{"nobody:1", "was never decided"}, {"a:1", "taken 2 times"}}));
  LedgerEngine engine;
  engine.strange_charge(id);
  MovedHistory history;
  std::vector<std::string> lines = {
      R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"a",)"
      R"("polar_customer_id":"p"})"};
  for (int i = 0; i < 5; ++i) lines.push_back(usage("a", std::to_string(i)));
  load(history, lines);
  DriveOptions options = options_for(engine);
  options.sandbox = options.target;
  const DriveOutcome outcome = done(drive(history, options));
  CHECK_FALSE(outcome.agrees());
  REQUIRE(outcome.differences.size() == 1);
  CHECK(outcome.differences[0].where == id);
  CHECK((outcome.differences[0].replay == says || outcome.differences[0].engine == says));
  CHECK(drive_summary(outcome).find(says) != std::string::npos);
}

TEST_CASE("drive: it waits until no charge is on its way, but not for ever", "[drive]") {
  LedgerEngine engine;
  MovedHistory history;
  load(history, {usage("a", "k")});
  DriveOptions options = options_for(engine);
  options.wait_at_most = std::chrono::milliseconds(300);
  SECTION("they go") {
    options.wait_at_most = std::chrono::seconds(30);
    engine.charges_pending(3);
    CHECK(done(drive(history, options)).agrees());
  }
  SECTION("they stay") {
    engine.charges_pending(1'000'000);
    const Result<DriveOutcome> outcome = drive(history, options);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().code == "still_on_its_way");
    CHECK(outcome.error().detail.find("--no-wait") != std::string::npos);
  }
  SECTION("it is told not to wait") {
    engine.charges_pending(1'000'000);
    options.wait = false;
    CHECK(done(drive(history, options)).agrees());
  }
}

TEST_CASE("drive: an engine that has customers already is not driven, but for --no-compare",
          "[drive]") {
  LedgerEngine engine;
  MovedHistory first, second;
  load(first, {usage("a", "k")});
  CHECK(done(drive(first, options_for(engine))).agrees());
  load(second, {usage("b", "k")});
  DriveOptions options = options_for(engine);
  const Result<DriveOutcome> outcome = drive(second, options);
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error().code == "not_empty");
  CHECK(engine.requests().size() == 1);
  options.compare = false;
  CHECK_FALSE(done(drive(second, options)).compared);
  CHECK(engine.requests().size() == 2);
}

TEST_CASE("drive: wrong keys end it with what was wrong", "[drive]") {
  LedgerEngine engine;
  MovedHistory history;
  DriveOptions options = options_for(engine);
  SECTION("API key") {
    load(history, {usage("a", "k")});
    options.access.api_key = "other";
    options.compare = GENERATE(true, false);
    const Result<DriveOutcome> outcome = drive(history, options);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().code == "unauthorized");
  }
  SECTION("webhook secret") {
    load(history, {R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w","body":{}})"});
    options.access.webhook_secret = "another secret";
    const Result<DriveOutcome> outcome = drive(history, options);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().detail.find("400 invalid_signature") != std::string::npos);
    CHECK(outcome.error().detail.find("--webhook-secret") != std::string::npos);
  }
}

TEST_CASE("drive: patience ends", "[drive]") {
  LedgerEngine engine([](std::size_t, const auto&) { return Fault::unavailable; });
  MovedHistory history;
  load(history, {usage("a", "k")});
  DriveOptions options = options_for(engine);
  options.sending.patience = std::chrono::milliseconds(200);
  const Result<DriveOutcome> outcome = drive(history, options);
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error().detail.starts_with("usage was answered 503 unavailable"));
}

TEST_CASE("drive: the record is a history that replays to the same", "[drive]") {
  const support::TemporaryFolder folder;
  LedgerEngine engine(every(11, {Fault::unavailable}));
  MovedHistory history;
  load(history, generated(30, 500));
  DriveOptions options = options_for(engine);
  options.record = folder.file("sent.jsonl");
  const DriveOutcome outcome = done(drive(history, options));
  Replayer replayer({{}, outcome.engine.at});
  std::size_t lines = 0;
  support::each_line(support::read_file(options.record), [&](std::string_view line) {
    ++lines;
    REQUIRE(replayer.line(line).ok());
  });
  CHECK(lines == outcome.sending.lines());
  CHECK(replayer.report().money_hash == outcome.engine.money_hash);
}

TEST_CASE("drive: a rate is kept to", "[drive]") {
  LedgerEngine engine;
  MovedHistory history;
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) lines.push_back(usage(std::to_string(i), "k"));
  load(history, lines);
  DriveOptions options = options_for(engine);
  options.sending.rate = 100;
  CHECK(done(drive(history, options)).sending.took.count() >= 0.58);
}

}  // namespace reckoner::sim
