#include "engine/json/usage_json.hpp"

#include <catch2/catch.hpp>

#include "engine/json/history.hpp"

namespace reckoner::json {
namespace {

// Members of an event, without braces.
const std::vector<std::string>& members() {
  static const std::vector<std::string> all = {
      R"("customer_id":"u1","tokens":5,"operation":"chat")",
      R"("customer_id":"u1","tokens":5,"operation":"chat","idempotency_key":"k","timestamp":)"
      R"("2026-01-05T10:00:00Z","metadata":{"a":[1,"}"]}, "other":{"tokens":7})",
      R"("customer_id":"caf\u00e9 \"x\"","tokens":5,"operation":"\u0063hat",)"
      R"("idempotency_key":"\\")",
      R"("customer_id":"u1","tokens":"5","operation":7,"idempotency_key":{},"metadata":[1])",
      R"("customer_id":"u1","tokens":5.0,"operation":null,"idempotency_key":"","timestamp":"")",
      R"("customer_id":"u1","tokens":-1,"operation":"","timestamp":"yesterday","metadata":null)",
      R"("customer_id":"u1","tokens":99999999999999999999,"timestamp":5,"metadata":"")",
      R"("customer_id":"u1","tokens":1e3,"metadata":"text","timestamp":{})",
      R"("customer_id":"u1","tokens":true,"idempotency_key":5,"metadata":5)",
      R"("customer_id":"u1","customer_id":"u2","tokens":1,"tokens":2,"metadata":{},)"
      R"("metadata":{"b":1})",
      R"("customer_id":"u1")",
      R"("customer_id":"u1","tok\u0065ns":5,"m\u0065tadata":{"x":1})",
  };
  return all;
}

bool same(const UsageRequest& a, const UsageRequest& b) {
  return a.usage == b.usage && a.tokens_readable == b.tokens_readable &&
         a.timestamp_readable == b.timestamp_readable && a.unreadable_field == b.unreadable_field;
}

std::string fault(std::string_view text) {
  UsageReader reader;
  TextStore texts;
  const Status read = reader.read(text, texts);
  return read ? std::string() : read.error().code + ": " + read.error().detail;
}

std::string split_fault(std::string_view body, std::size_t most = 10) {
  const auto texts = event_texts(body, most);
  return texts ? std::string() : texts.error().code + ": " + texts.error().detail;
}

}  // namespace

TEST_CASE("usage JSON: says the same as a line of a history") {
  UsageReader reader;
  for (const std::string& text : members()) {
    INFO(text);
    HistoryReader history;
    const std::string line = R"({"at":"2026-01-05T10:00:00Z","kind":"usage",)" + text + "}";
    REQUIRE(history.read(line).ok());
    const std::string event = " {" + text + "}\n";
    TextStore texts;
    REQUIRE(reader.read(event, texts).ok());
    CHECK(reader.customer_id() == history.line().customer_id);
    CHECK(same(reader.usage(), history.line().usage));
  }
}

TEST_CASE("usage JSON: strings are views into the text, or are kept") {
  const std::string event = R"({"customer_id":"u1","operation":"\u0061"})";
  UsageReader reader;
  TextStore texts;
  REQUIRE(reader.read(event, texts).ok());
  CHECK(reader.customer_id().data() == event.data() + event.find("u1"));
  const std::string_view kept = reader.usage().usage.operation;
  for (int i = 0; i < 100; ++i) REQUIRE(reader.read(R"({"customer_id":"\u0062"})", texts).ok());
  CHECK(kept == "a");
}

TEST_CASE("usage JSON: what is no event") {
  CHECK(fault("").starts_with("invalid_json: no JSON: "));
  CHECK(fault(R"({"customer_id":"u1")").starts_with("invalid_json: no JSON: "));
  CHECK(fault(R"({"customer_id":"u1"}})").starts_with("invalid_json: no JSON: "));
  CHECK(fault("{\"customer_id\":\"\xFF\"}").starts_with("invalid_json: no JSON: "));
  CHECK(fault(" [1]") == "invalid_field: the event is [1]; it takes an object");
  CHECK(fault("5") == "invalid_field: the event is 5; it takes an object");
  const std::string takes = "; it takes 1 to 255 bytes of UTF-8 without control characters";
  CHECK(fault("{}") == "invalid_field: customer_id is missing" + takes);
  CHECK(fault(R"({"customer_id":5})") == "invalid_field: customer_id is 5" + takes);
  CHECK(fault(R"({"customer_id":null})") == "invalid_field: customer_id is missing" + takes);
  CHECK(fault(R"({"customer_id":["u1"]})") == "invalid_field: customer_id is an array" + takes);
  CHECK(fault(R"({"customer_id":")" + std::string(256, 'x') + "\"}") ==
        "invalid_field: customer_id is '" + std::string(60, 'x') + "'" + takes);
}

TEST_CASE("usage JSON: says what came of a field") {
  UsageReader reader;
  TextStore texts;
  const std::string event =
      R"({"customer_id":"u","tokens":"a\tb","operation":1.50,"metadata":[],"timestamp":true})";
  REQUIRE(reader.read(event, texts).ok());
  CHECK(reader.shown("tokens") == "'a\tb'");
  CHECK(reader.shown("operation") == "1.50");
  CHECK(reader.shown("metadata") == "an array");
  CHECK(reader.shown("timestamp") == "a truth value");
  CHECK(reader.shown("idempotency_key") == "missing");
  CHECK(reader.shown("nothing").empty());
  std::string euros;
  for (int i = 0; i < 30; ++i) euros += "€";
  const std::string cut = R"({"customer_id":"u","tokens":"x)" + euros + "\"}";
  REQUIRE(reader.read(cut, texts).ok());
  CHECK(reader.shown("tokens") == "'x" + euros.substr(0, 57) + "'");
}

TEST_CASE("usage JSON: a body is split into the texts of its events") {
  using Texts = std::vector<std::string_view>;
  CHECK(event_texts(R"({"events":[]})", 10).value().empty());
  CHECK(event_texts(" { \"events\" : [ ] } \n", 10).value().empty());
  CHECK(event_texts(R"({"a":{"events":[1]},"events":[ {"x":"],}\""} , 5,[6] ],"b":"]"})", 10)
            .value() == Texts{R"({"x":"],}\""})", "5", "[6]"});
  CHECK(event_texts(R"({"events":[1,2],"events":[3]})", 10).value() == Texts{"3"});
  CHECK(event_texts(R"({"events":[1,2,3]})", 3).value().size() == 3);
}

TEST_CASE("usage JSON: what is no body of events") {
  for (const std::string_view body : {"",
                                      " ",
                                      "[]",
                                      "5",
                                      "{",
                                      "{\"events\"",
                                      "{\"events\":",
                                      "{\"events\":[",
                                      "{\"events\":[1",
                                      "{\"events\":[1}",
                                      "{\"events\":[1]",
                                      "{\"events\":[1]}x",
                                      "{\"events\":[1,]}",
                                      "{\"events\":[,1]}",
                                      "{\"events\":[1]},",
                                      "{\"events\":[1],}",
                                      "{,\"events\":[1]}",
                                      "{events:[1]}",
                                      "{\"events\":[1] \"a\":1}",
                                      "{\"events\":[1],\"a\":tru}",
                                      "{\"events\":[1],\"a\\x\":1}",
                                      "{\"a\":}",
                                      "{\"events\":[\"abc",
                                      "{\"events\":[\"\\"}) {
    INFO(body);
    CHECK(split_fault(body).starts_with("invalid_json: no JSON: "));
  }
  const std::string takes = "; it takes an array of usage events";
  CHECK(split_fault("{}") == "invalid_field: events is missing" + takes);
  CHECK(split_fault(R"({"a":1})") == "invalid_field: events is missing" + takes);
  CHECK(split_fault(R"({"events":{"a":1}})") == "invalid_field: events is {\"a\":1}" + takes);
  CHECK(split_fault(R"({"events":null})") == "invalid_field: events is null" + takes);
  CHECK(split_fault(R"({"events":[1,2,3]})", 2) ==
        "too_large: events has more than the 2 items that are taken");
}

}  // namespace reckoner::json
