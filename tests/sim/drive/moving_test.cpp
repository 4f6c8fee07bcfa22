// Lines as they are sent: moved, and otherwise what they were.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "engine/ledger/report.hpp"
#include "sim/drive/json_edit.hpp"
#include "sim/drive/moved_history.hpp"
#include "sim/generate/generator.hpp"
#include "sim/replay/replayer.hpp"

namespace reckoner::sim {
namespace {

const Instant kNow = *parse_instant("2026-07-20T12:34:56.789Z");

void move_all(MovedHistory& history, const std::vector<std::string>& lines, WebhookScheme scheme) {
  for (const std::string& line : lines) history.add(line);
  const Status done = history.move({kNow, scheme, 400 * kDay});
  if (!done) FAIL(done.error().detail);
}

// One line, moved by exactly a day.
std::string move_by_a_day(const std::string& line, WebhookScheme scheme = WebhookScheme::standard) {
  json::HistoryReader reader;
  if (const Status read = reader.read(line); !read) FAIL(read.error().detail);
  Mover mover(kDay, scheme, "new-");
  const MovedLine& out = mover.move(line, reader.line());
  json::JsonLine text;
  write_history_line(text, out, out.at);
  return std::string(text.view());
}

std::string error_of(const std::vector<std::string>& lines, Micros max_age = 35 * kDay) {
  MovedHistory history;
  for (const std::string& line : lines) history.add(line);
  const Status done = history.move({kNow, WebhookScheme::standard, max_age});
  return done ? "" : done.error().code + ": " + done.error().detail;
}

}  // namespace

TEST_CASE("moving: usage keeps what it says, and always says when", "[drive]") {
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u",)"
                      R"("tokens":12,"operation":"op","timestamp":"2026-01-05T08:00:00+01:00",)"
                      R"("metadata":{"a": [1, 2.50]},"stray":1})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"usage","customer_id":"u","tokens":12,)"
        R"("operation":"op","timestamp":"2026-01-06T07:00:00Z","metadata":{"a": [1, 2.50]}})");
  CHECK(move_by_a_day(R"({"kind":"usage","at":"2026-01-05T10:00:00Z","customer_id":"u",)"
                      R"("tokens":"12","operation":"op","timestamp":null})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"usage","customer_id":"u","tokens":"12",)"
        R"("operation":"op","timestamp":"2026-01-06T10:00:00Z"})");
}

TEST_CASE("moving: what is wrong with usage stays wrong", "[drive]") {
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u",)"
                      R"("tokens":1.5,"operation":7,"timestamp":"soon"})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"usage","customer_id":"u","tokens":1.5,)"
        R"("operation":7,"timestamp":"soon"})");
}

TEST_CASE("moving: a webhook's times and those of its subscriptions move, all else stays",
          "[drive]") {
  CHECK(move_by_a_day(
            R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w1","body":{ "type":"x",)"
            R"("timestamp" : "2026-01-05T09:00:00\u002B00:00","data":{"id":"p","past_due_at":null,)"
            R"("modified_at":"2026-01-04T00:00:00Z","created_at":"2025-01-01T00:00:00Z",)"
            R"("active_subscriptions":[{"past_due_at":"2026-01-03T00:00:00Z"},7,{}],)"
            R"("amount_usd":29.10}}})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"webhook","id":"w1","body":{ "type":"x",)"
        R"("timestamp" : "2026-01-06T09:00:00Z","data":{"id":"p","past_due_at":null,)"
        R"("modified_at":"2026-01-05T00:00:00Z","created_at":"2025-01-01T00:00:00Z",)"
        R"("active_subscriptions":[{"past_due_at":"2026-01-04T00:00:00Z"},7,{}],)"
        R"("amount_usd":29.10}}})");
}

TEST_CASE("moving: a webhook without a time gets that of its line", "[drive]") {
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w","body":{}})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"webhook","id":"w",)"
        R"("body":{"timestamp":"2026-01-06T10:00:00Z"}})");
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w",)"
                      R"("body":{"timestamp":"soon","id":7}})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"webhook","id":"w",)"
        R"("body":{"timestamp":"2026-01-06T10:00:00Z","id":7}})");
}

TEST_CASE("moving: a webhook has its id where the scheme looks for it", "[drive]") {
  const std::string without = R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","body":{}})";
  CHECK(move_by_a_day(without).find(R"("id":"new-1")") != std::string::npos);
  CHECK(move_by_a_day(without, WebhookScheme::guide).find("id") == std::string::npos);
  const std::string own = R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","body":{"id":"b"}})";
  CHECK(move_by_a_day(own).find(R"("id":"b","body")") != std::string::npos);
  CHECK(move_by_a_day(
            R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w","body":{"id":"b"}})",
            WebhookScheme::guide) == R"({"at":"2026-01-06T10:00:00Z","kind":"webhook","id":"w",)"
                                     R"("body":{"timestamp":"2026-01-06T10:00:00Z","id":"w"}})");
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w","body":{}})",
                      WebhookScheme::guide) ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"webhook","id":"w",)"
        R"("body":{"timestamp":"2026-01-06T10:00:00Z","id":"w"}})");
}

TEST_CASE("moving: customers and operators' acts", "[drive]") {
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u",)"
                      R"("billing_day":3,"email":"","name":null,"company":"C"})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"customer","customer_id":"u","company":"C",)"
        R"("billing_day":3})");
  CHECK(move_by_a_day(R"({"at":"2026-01-05T10:00:00Z","kind":"operator","customer_id":"u",)"
                      R"("charge_id":"u:2","decision":"write-off"})") ==
        R"({"at":"2026-01-06T10:00:00Z","kind":"operator","customer_id":"u","charge_id":"u:2",)"
        R"("decision":"write-off"})");
}

TEST_CASE("moving: a repeat without a time is still the same", "[drive]") {
  const auto usage = [](const std::string& at) {
    return R"({"at":")" + at +
           R"(","kind":"usage","customer_id":"u","tokens":1,"operation":"op",)" +
           R"("idempotency_key":"k"})";
  };
  MovedHistory history;
  move_all(history, {usage("2026-01-05T10:00:00Z"), usage("2026-01-05T11:00:00Z")},
           WebhookScheme::standard);
  CHECK(history.lines()[0].members == history.lines()[1].members);
}

TEST_CASE("moving: the last line is now, and clock and settlement lines are not sent", "[drive]") {
  MovedHistory history;
  move_all(history,
           {R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u"})", "  ",
            R"({"at":"2026-01-05T11:00:00Z","kind":"settlement","customer_id":"u",)"
            R"("charge_id":"u:1","status":"paid"})",
            R"({"at":"2026-01-05T12:00:00Z","kind":"clock"})"},
           WebhookScheme::standard);
  REQUIRE(history.lines().size() == 1);
  CHECK(history.lines()[0].at == kNow - 2 * 3'600 * kSecond);
  CHECK(history.settlements_passed_over() == 1);
}

TEST_CASE("moving: what cannot be sent is an error that names its line", "[drive]") {
  const std::string good = R"({"at":"2026-01-05T10:00:00Z","kind":"clock"})";
  CHECK(error_of({good, "", "{"}).starts_with("invalid_history: line 3: no JSON"));
  CHECK(error_of({good, R"({"at":"2026-01-05T11:00:00Z","kind":"book"})"})
            .starts_with("invalid_history: line 2: kind is book; a running engine's own"));
}

TEST_CASE("moving: usage that would be too old by now is an error, not what always was",
          "[drive]") {
  const auto usage = [](const std::string& at, const std::string& said) {
    return R"({"at":")" + at + R"(","kind":"usage","customer_id":"u","tokens":1,"operation":"o",)" +
           R"("timestamp":")" + said + "\"}";
  };
  const std::string end = R"({"at":"2026-03-01T00:00:00Z","kind":"clock"})";
  const std::string told = error_of({usage("2026-01-10T00:00:00Z", "2026-01-10T00:00:00Z"), end});
  CHECK(told.starts_with("too_long: its usage goes back 50 days"));
  CHECK(told.find("--set usage.max_age_days=51") != std::string::npos);
  CHECK(error_of({usage("2026-01-10T00:00:00Z", "2026-01-10T00:00:00Z"), end}, 51 * kDay).empty());
  CHECK(error_of({usage("2026-02-10T00:00:00Z", "2025-01-01T00:00:00Z"), end}).empty());
}

namespace {

struct Sums {
  std::string tier, cost, revenue;
  std::int64_t tokens, requests;

  friend bool operator==(const Sums&, const Sums&) = default;
};

std::vector<Sums> sums_of(const Report& report) {
  std::vector<Sums> out;
  for (const CustomerReport& customer : report.customers) {
    Sums sums{customer.tier, "", "", 0, 0};
    Money cost, revenue;
    for (const PeriodReport& period : customer.periods) {
      cost += period.cost;
      sums.tokens += period.tokens;
      sums.requests += period.requests;
    }
    for (const Payment& payment : customer.state->payments.all()) revenue += payment.revenue();
    sums.cost = format_money(cost);
    sums.revenue = format_money(revenue);
    out.push_back(sums);
  }
  return out;
}

}  // namespace

TEST_CASE("moving: a moved history comes to what the history comes to", "[drive]") {
  GenerateOptions options;
  options.customers = 200;
  options.days = 33;
  options.events = 20'000;
  std::vector<std::string> lines;
  generate(
      options, [&](std::string_view line) { lines.emplace_back(line); },
      [](std::uint64_t, std::uint64_t) {});
  Replayer original({}), again({});
  for (const std::string& line : lines) REQUIRE(original.line(line).ok());
  const auto scheme = GENERATE(WebhookScheme::standard, WebhookScheme::guide);
  MovedHistory history;
  move_all(history, lines, scheme);
  REQUIRE(history.lines().size() == lines.size());
  for (const MovedLine& line : history.lines()) {
    json::JsonLine text;
    write_history_line(text, line, line.at);
    REQUIRE(again.line(text.view()).ok());
  }
  CHECK(again.counts().rejected_by_code == original.counts().rejected_by_code);
  CHECK(again.counts().accepted == original.counts().accepted);
  CHECK(again.counts().conflicts == original.counts().conflicts);
  CHECK(again.counts().until == kNow);
  // Ends of periods lie elsewhere, and charges with them; what usage costs does not.
  CHECK(sums_of(again.report()) == sums_of(original.report()));
}

}  // namespace reckoner::sim
