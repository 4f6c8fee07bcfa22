// Lines of a history that stop the run (contracts.md, History): each error tells the line's number,
// the field, what came and what is taken.
#include <catch2/catch.hpp>

#include "tests/engine/json/read_line.hpp"

namespace reckoner::json {
namespace {

// The error's detail; empty where the line is good.
std::string fault(std::string_view line) {
  HistoryReader reader;
  const Status done = reader.read(line);
  if (done) return {};
  CHECK(done.error().code == "invalid_history");
  return done.error().detail;
}

// Of a line of this kind and these members, without "line 1: ".
std::string fault_of(std::string_view kind, std::string_view members) {
  const std::string detail = fault(R"({"at":"2026-01-05T10:00:00Z","kind":")" + std::string(kind) +
                                   "\"," + std::string(members) + "}");
  if (detail.empty()) return {};
  REQUIRE(detail.starts_with("line 1: "));
  return detail.substr(8);
}

struct Row {
  std::string value, shown;
};

// What a value is called that is not what it should be.
const std::vector<Row>& wrong_values() {
  static const std::vector<Row> rows = {
      {"null", "missing"},
      {"\"\"", "missing"},
      {"5", "5"},
      {"-1.50e3", "-1.50e3"},
      {"true", "a truth value"},
      {"{\"a\":1}", "an object"},
      {"[1]", "an array"},
      {R"("a\u0000b")", std::string("'a\0b'", 5)},
  };
  return rows;
}

}  // namespace

TEST_CASE("history faults: what is no JSON") {
  for (const std::string_view line :
       {"", " ", "{", "at,kind,customer_id", "{}{}", R"({"at":"2026-01-05T10:00:00Z",})",
        R"({"at":"2026-01-05T10:00:00Z" "kind":"clock"})", R"({"at":'2026-01-05T10:00:00Z'})",
        "{\"at\":\"2026-01-05T10:00:00Z\",\"kind\":\"clo\xFF\"}", "\xEF\xBB\xBF{}"}) {
    INFO(line);
    const std::string detail = fault(line);
    CHECK(detail.starts_with("line 1: no JSON: "));
    CHECK(detail.size() > 17);
  }
}

TEST_CASE("history faults: JSON that is no object has no at") {
  for (const char* line : {"[]", "5", "null", "\"2026-01-05T10:00:00Z\"", "{}", R"(["at"])",
                           R"([{"at":"2026-01-05T10:00:00Z","kind":"clock"}])"}) {
    INFO(line);
    CHECK(fault(line) == "line 1: at is missing; it takes a time like 2026-01-05T10:00:00Z");
  }
}

TEST_CASE("history faults: an at that is no time") {
  const std::string takes = "; it takes a time like 2026-01-05T10:00:00Z";
  for (const Row& row : wrong_values()) {
    INFO(row.value);
    CHECK(fault(R"({"kind":"clock","at":)" + row.value + "}") ==
          "line 1: at is " + row.shown + takes);
  }
  for (const std::string at : {"2026-01-05", "2026-01-05T10:00:00", "2026-1-5T10:00:00Z", "soon",
                               "2026-01-32T10:00:00Z", "2026-01-05T10:00:00.Z", "1767607200"})
    CHECK(fault(R"({"kind":"clock","at":")" + at + "\"}") == "line 1: at is '" + at + "'" + takes);
  const std::string long_text(100, 'x');
  CHECK(fault(R"({"kind":"clock","at":")" + long_text + "\"}") ==
        "line 1: at is '" + long_text.substr(0, 60) + "'" + takes);
}

TEST_CASE("history faults: an at before the line above it") {
  Lines lines;
  read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"clock"})");
  read(lines, R"({"at":"2026-01-05T10:00:00.000001Z","kind":"clock"})");
  const Status done = lines.reader.read(R"({"at":"2026-01-05T12:00:00+02:00","kind":"clock"})");
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().detail ==
        "line 3: at is 2026-01-05T10:00:00Z, before the line above it "
        "(2026-01-05T10:00:00.000001Z); time never goes back");
  CHECK(lines.reader.line_number() == 3);
}

TEST_CASE("history faults: blank lines that are skipped count in the number of the line") {
  Lines lines;
  lines.reader.skip();
  read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"clock"})");
  lines.reader.skip();
  const Status done = lines.reader.read("[]");
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().detail.starts_with("line 4: "));
}

TEST_CASE("history faults: a kind that is not known") {
  const std::string takes =
      "; it takes customer, usage, webhook, clock, settlement, operator or book";
  CHECK(fault(R"({"at":"2026-01-05T10:00:00Z"})") == "line 1: kind is missing" + takes);
  for (const Row& row : wrong_values()) {
    INFO(row.value);
    CHECK(fault(R"({"at":"2026-01-05T10:00:00Z","kind":)" + row.value + "}") ==
          "line 1: kind is " + row.shown + takes);
  }
  for (const char* kind : {"Usage", "usage ", "payment", "customers"})
    CHECK(fault_of(kind, R"("customer_id":"u")") == "kind is '" + std::string(kind) + "'" + takes);
}

TEST_CASE("history faults: no customer_id, or one that is none") {
  const std::string takes = "; it takes 1 to 255 bytes of UTF-8 without control characters";
  for (const char* kind : {"customer", "usage", "settlement", "operator"}) {
    INFO(kind);
    CHECK(fault_of(kind, R"("tokens":1)") == "customer_id is missing" + takes);
    for (const Row& row : wrong_values())
      CHECK(fault_of(kind, R"("customer_id":)" + row.value) ==
            "customer_id is " + row.shown + takes);
    CHECK(fault_of(kind, R"("customer_id":")" + std::string(256, 'u') + "\"") ==
          "customer_id is '" + std::string(60, 'u') + "'" + takes);
  }
  CHECK(fault_of("customer", R"("customer_id":")" + std::string(255, 'u') + "\"").empty());
  for (const char* kind : {"webhook", "clock", "book"})
    CHECK(fault_of(kind, R"("customer_id":5,"body":{})").empty());
}

TEST_CASE("history faults: a field of a customer that is no text") {
  const std::string takes = "; it takes 1 to 255 bytes of text";
  for (const char* field : {"email", "name", "company", "polar_customer_id"}) {
    for (const Row& row : wrong_values()) {
      INFO(field << " " << row.value);
      const std::string detail =
          fault_of("customer", R"("customer_id":"u",")" + std::string(field) + "\":" + row.value);
      CHECK(detail == (row.shown == "missing" ? "" : field + (" is " + row.shown) + takes));
    }
    CHECK(fault_of("customer", R"("customer_id":"u",")" + std::string(field) + "\":\"" +
                                   std::string(256, 'x') + "\"") ==
          field + (" is '" + std::string(60, 'x') + "'") + takes);
  }
}

TEST_CASE("history faults: a billing_day that is no integer from 1 to 31") {
  const auto day = [](std::string_view value) {
    return fault_of("customer", R"("customer_id":"u","billing_day":)" + std::string(value));
  };
  const std::string takes = "; it takes an integer from 1 to 31";
  for (const char* good : {"1", "28", "31", "null", "\"\""}) CHECK(day(good).empty());
  for (const char* number :
       {"0", "32", "-1", "257", "1.0", "1e1", "15.5", "4294967297", "18446744073709551617"})
    CHECK(day(number) == "billing_day is " + std::string(number) + takes);
  CHECK(day("\"15\"") == "billing_day is '15'" + takes);
  CHECK(day("true") == "billing_day is a truth value" + takes);
  CHECK(day("{}") == "billing_day is an object" + takes);
  CHECK(day("[15]") == "billing_day is an array" + takes);
}

TEST_CASE("history faults: a webhook without a body, or with one that is no object") {
  const std::string takes = "; it takes the payload as an object";
  CHECK(fault_of("webhook", R"("id":"w")") == "body is missing" + takes);
  for (const Row& row : wrong_values()) {
    INFO(row.value);
    if (row.shown == "an object") continue;
    CHECK(fault_of("webhook", R"("id":"w","body":)" + row.value) == "body is " + row.shown + takes);
  }
  CHECK(fault_of("webhook", R"("body":"{\"type\":\"x\"}")") == R"(body is '{"type":"x"}')" + takes);
}

TEST_CASE("history faults: a webhook's id that is none") {
  const std::string takes = "; it takes 1 to 255 bytes of text";
  for (const Row& row : wrong_values()) {
    INFO(row.value);
    CHECK(fault_of("webhook", R"("body":{},"id":)" + row.value) ==
          (row.shown == "missing" ? "" : "id is " + row.shown + takes));
  }
  CHECK(fault_of("webhook", R"("body":{},"id":")" + std::string(256, 'w') + "\"") ==
        "id is '" + std::string(60, 'w') + "'" + takes);
}

TEST_CASE("history faults: a settlement of a status that nobody says") {
  const std::string takes = "; it takes pending, unknown, submitted, paid or failed";
  const auto status = [](std::string_view value) {
    return fault_of("settlement",
                    R"("customer_id":"u","charge_id":"u:1","status":)" + std::string(value));
  };
  CHECK(fault_of("settlement", R"("customer_id":"u","charge_id":"u:1")") ==
        "status is missing" + takes);
  for (const Row& row : wrong_values())
    CHECK(status(row.value) == "status is " + row.shown + takes);
  for (const char* other : {"held", "written_off", "Paid", "expected"})
    CHECK(status("\"" + std::string(other) + "\"") ==
          "status is '" + std::string(other) + "'" + takes);
}

TEST_CASE("history faults: an operator's decision that is none") {
  const std::string takes = "; it takes retry, release or write-off";
  const auto decision = [](std::string_view value) {
    return fault_of("operator",
                    R"("customer_id":"u","charge_id":"u:1","decision":)" + std::string(value));
  };
  CHECK(fault_of("operator", R"("customer_id":"u","charge_id":"u:1")") ==
        "decision is missing" + takes);
  for (const Row& row : wrong_values())
    CHECK(decision(row.value) == "decision is " + row.shown + takes);
  CHECK(decision("\"write_off\"") == "decision is 'write_off'" + takes);
}

TEST_CASE("history faults: a charge_id that is none of the customer's") {
  const auto charge = [](std::string_view kind, std::string_view value) {
    return fault_of(kind, R"("customer_id":"u","status":"paid","decision":"retry","charge_id":)" +
                              std::string(value));
  };
  const std::string takes = "; it takes u:1 and so on";
  for (const char* kind : {"settlement", "operator"}) {
    CHECK(charge(kind, "\"u:1\"").empty());
    for (const Row& row : wrong_values())
      CHECK(charge(kind, row.value) == "charge_id is " + row.shown + takes);
    for (const char* other : {"u", "u:", "v:1", "uu:1", "u:x", "u:1x", "u: 1", "u:-1", "u:+1",
                              "u:1.0", "u:4294967296", "u:1:1"}) {
      INFO(other);
      CHECK(charge(kind, "\"" + std::string(other) + "\"") ==
            "charge_id is '" + std::string(other) + "'" + takes);
    }
  }
}

TEST_CASE("history faults: a charge has one id, without zeros before its number") {
  for (const char* other : {"u:0", "u:00", "u:01", "u:0000000001"}) {
    INFO(other);
    CHECK_FALSE(fault_of("settlement", R"("customer_id":"u","status":"paid","charge_id":")" +
                                           std::string(other) + "\"")
                    .empty());
  }
}

TEST_CASE("history faults: a book line's prices and settings are named with what is wrong there") {
  CHECK(fault_of("book", R"("prices":{"plans":[]})") ==
        "prices: plans is empty; it takes one plan or more");
  CHECK(fault_of("book", R"("prices":{"plan":[]})") ==
        "prices: plan is not known; there are plans");
  CHECK(fault_of("book", R"("prices":{"plans":[{"id":5}]})") ==
        "prices: plans[0].id is 5; it takes a string");
  CHECK(fault_of("book", R"("settings":{"billing.grace_days":7})") ==
        "settings: billing.grace_days is 7; it takes a string");
  for (const char* settings : {"5", "true", "[]", "\"billing.grace_days=7\""})
    CHECK(fault_of("book", R"("settings":)" + std::string(settings)) ==
          "settings: it takes an object of names and values as strings");
}

TEST_CASE("history faults: an opening book that is not the first line") {
  CHECK(fault_of("book", R"("opening":"yes")") == "opening is 'yes'; it takes true or false");
  HistoryReader reader;
  const std::string_view opening = R"({"at":"2026-01-05T10:00:00Z","kind":"book","opening":true})";
  reader.skip();
  REQUIRE(reader.read(opening));
  const Status again = reader.read(opening);
  REQUIRE_FALSE(again);
  CHECK(again.error().detail ==
        "line 3: opening is true; only a book in the first line is in force from the beginning");
}

TEST_CASE("history faults: a book line's prices that are no object") {
  for (const char* prices : {"5", "true", "[]", "\"default\""})
    CHECK(fault_of("book", R"("prices":)" + std::string(prices)) ==
          "prices: is " + std::string(prices) + "; it takes an object");
}

}  // namespace reckoner::json
