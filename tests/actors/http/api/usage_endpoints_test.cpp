#include <catch2/catch.hpp>

#include "tests/actors/http/api/api_stand.hpp"

namespace reckoner::http::api {
namespace {

const std::string kSingle = "POST /api/v1/usage", kBatch = "POST /api/v1/usage/batch";

std::string event(const std::string& customer, int tokens, const std::string& key) {
  return R"({"customer_id":")" + customer + R"(","tokens":)" + std::to_string(tokens) +
         R"(,"operation":"chat","idempotency_key":")" + key + "\"}";
}

ApiAnswer lines(ApiStand& stand, const std::string& body) {
  return stand.ask(kBatch, body, "usage", {{"content-type", "application/x-ndjson"}});
}

}  // namespace

TEST_CASE("usage: accepted, then a duplicate, then a conflict, with totals") {
  ApiStand stand;
  const ApiAnswer first = stand.done(kSingle, event("u1", 11, "k1"));
  CHECK(first.at("/status") == "accepted");
  CHECK(first.at("/customer_id") == "u1");
  CHECK(first.at("/tier") == "free");
  CHECK(first.at("/cost_usd") == "0.0022");
  CHECK(first.at("/period/start") == "2026-01-01T00:00:00Z");
  CHECK(first.at("/period/end") == "2026-02-01T00:00:00Z");
  CHECK(first.at("/period/tokens") == "11");
  CHECK(first.at("/period/requests") == "1");
  CHECK(first.at("/period/cost_usd") == "0.0022");
  CHECK(first.at("/accrued_usd") == "0.0022");
  const ApiAnswer again = stand.done(kSingle, event("u1", 11, "k1"));
  CHECK(again.at("/status") == "duplicate");
  CHECK(again.at("/cost_usd") == "0");
  CHECK(again.at("/period/tokens") == "11");
  CHECK(stand.done(kSingle, event("u1", 12, "k1")).at("/status") == "conflict");
  const ApiAnswer more = stand.done(kSingle, event("u1", 1, "k2"));
  CHECK(more.at("/cost_usd") == "0.0002");
  CHECK(more.at("/accrued_usd") == "0.0024");
}

TEST_CASE("usage: what the rules refuse names the field, what came and what is taken") {
  ApiStand stand;
  struct Row {
    std::string members, code, detail;
  };
  const std::string takes_id = "; it takes 1 to 255 bytes of UTF-8 without control characters";
  const std::vector<Row> rows = {
      {R"("tokens":"5","operation":"a")", "invalid_tokens",
       "tokens is '5'; it takes an integer from 0 to 1000000000000"},
      {R"("tokens":-1,"operation":"a")", "invalid_tokens",
       "tokens is -1; it takes an integer from 0 to 1000000000000"},
      {R"("tokens":1.5,"operation":"a")", "invalid_tokens",
       "tokens is 1.5; it takes an integer from 0 to 1000000000000"},
      {R"("operation":"a")", "invalid_tokens",
       "tokens is missing; it takes an integer from 0 to 1000000000000"},
      {R"("tokens":5)", "invalid_field",
       "operation is missing; it takes 1 to 64 bytes of UTF-8 without control characters"},
      {R"("tokens":5,"operation":{})", "invalid_field",
       "operation is an object; it takes 1 to 64 bytes of UTF-8 without control characters"},
      {R"("tokens":5,"operation":"a","idempotency_key":7)", "invalid_field",
       "idempotency_key is 7" + takes_id},
      {R"("tokens":5,"operation":"a","idempotency_key":"\u0001")", "invalid_field",
       "idempotency_key is '\u0001'" + takes_id},
      {R"("tokens":5,"operation":"a","metadata":[])", "invalid_field",
       "metadata is an array; it takes an object"},
      {R"("tokens":5,"operation":"a","timestamp":"soon")", "invalid_timestamp",
       "timestamp is 'soon'; it takes a time like 2026-01-05T10:00:00Z"},
      {R"("tokens":5,"operation":"a","timestamp":"2026-01-10T12:05:01Z")", "timestamp_in_future",
       "timestamp is '2026-01-10T12:05:01Z'; it takes one at most 300 seconds after now"},
      {R"("tokens":5,"operation":"a","timestamp":"2025-12-01T12:00:00Z")", "timestamp_too_old",
       "timestamp is '2025-12-01T12:00:00Z'; it takes one at most 35 days before now"},
  };
  for (const Row& row : rows) {
    INFO(row.members);
    const ApiAnswer answer = stand.ask(kSingle, R"({"customer_id":"u1",)" + row.members + "}");
    CHECK(answer.status == 422);
    CHECK(answer.code() == row.code);
    CHECK(answer.detail() == row.detail);
  }
  const ApiAnswer id = stand.ask(kSingle, R"({"customer_id":5,"tokens":5,"operation":"a"})");
  CHECK(id.status == 422);
  CHECK(id.code() == "invalid_field");
  CHECK(id.detail() == "customer_id is 5" + takes_id);
  CHECK(stand.ask("GET /api/v1/customers/u1").status == 404);
}

TEST_CASE("usage: settings of the book that refuse") {
  StandOptions options;
  options.book.settings.require_idempotency_key = true;
  options.book.settings.unknown_customer = UnknownCustomer::reject;
  ApiStand stand(options);
  CHECK(stand.ask(kSingle, R"({"customer_id":"u1","tokens":5,"operation":"a"})").code() ==
        "missing_idempotency_key");
  const ApiAnswer unknown = stand.ask(kSingle, event("u1", 5, "k"));
  CHECK(unknown.status == 422);
  CHECK(unknown.code() == "unknown_customer");
  CHECK(unknown.detail() == "customer_id is 'u1'; it takes a customer that is registered");
}

TEST_CASE("usage: what is no JSON, no object, or of another type") {
  ApiStand stand;
  for (const char* body : {"", "{", "[]", "5", "null", "{} {}"}) {
    const ApiAnswer answer = stand.ask(kSingle, body);
    CHECK(answer.status == 400);
    CHECK(answer.code() == "invalid_json");
  }
  const auto with_type = [&](const std::string& what, const std::string& type) {
    return stand.ask(what, event("u1", 1, ""), "usage", {{"content-type", type}}).status;
  };
  CHECK(with_type(kSingle, "application/json; charset=utf-8") == 200);
  CHECK(with_type(kSingle, "Application/JSON") == 200);
  CHECK(with_type(kSingle, "application/cloudevents+json") == 200);
  CHECK(with_type(kSingle, "application/x-ndjson") == 415);
  CHECK(with_type(kSingle, "text/plain") == 415);
  CHECK(with_type(kBatch, "application/x-www-form-urlencoded") == 415);
  const ApiAnswer packed =
      stand.ask(kSingle, event("u1", 1, ""), "usage", {{"content-encoding", "gzip"}});
  CHECK(packed.status == 415);
  CHECK(packed.code() == "unsupported_media_type");
  CHECK(packed.detail() == "Content-Encoding is 'gzip'; it takes none: the body as it is");
  const ApiAnswer form = stand.ask(kSingle, event("u1", 1, ""), "usage",
                                   {{"content-type", "application/x-www-form-urlencoded"}});
  CHECK(form.detail() ==
        "Content-Type is 'application/x-www-form-urlencoded'; it takes application/json");
}

TEST_CASE("usage batch: counts, and a bad event stops no other") {
  ApiStand stand;
  const std::string body =
      R"({"events":[)" + event("u1", 1, "a") + "," + event("u2", 2, "b") + "," +
      event("u1", 1, "a") + "," + event("u1", 9, "a") + R"(,5,{"customer_id":"","tokens":1},)" +
      R"({"customer_id":"u3","tokens":"x","operation":"a"},)" + event("u\\u0034", 3, "c") + "]}";
  const ApiAnswer answer = stand.done(kBatch, body);
  CHECK(answer.at("/accepted") == "3");
  CHECK(answer.at("/duplicates") == "1");
  CHECK(answer.at("/conflicts") == "1");
  CHECK(answer.at("/rejected/0/index") == "4");
  CHECK(answer.at("/rejected/0/code") == "invalid_field");
  CHECK(answer.at("/rejected/0/detail") == "the event is 5; it takes an object");
  CHECK(answer.at("/rejected/1/index") == "5");
  CHECK(answer.at("/rejected/2/index") == "6");
  CHECK(answer.at("/rejected/2/code") == "invalid_tokens");
  CHECK(answer.at("/rejected/2/detail") ==
        "tokens is 'x'; it takes an integer from 0 to 1000000000000");
  CHECK(answer.at("/rejected/3/index") == "(none)");
  CHECK(stand.done("GET /api/v1/customers/u4").at("/periods/0/tokens") == "3");
}

TEST_CASE("usage batch: lines, of which one can be no JSON") {
  ApiStand stand;
  const ApiAnswer answer =
      lines(stand, event("u1", 1, "a") + "\r\n\n{oops\n" + event("u1", 2, "b"));
  CHECK(answer.at("/accepted") == "2");
  CHECK(answer.at("/rejected/0/index") == "1");
  CHECK(answer.at("/rejected/0/code") == "invalid_json");
  CHECK(answer.at("/rejected/1/index") == "(none)");
  CHECK(lines(stand, "").at("/accepted") == "0");
}

TEST_CASE("usage batch: bodies that are none, and too many events") {
  StandOptions options;
  options.door.max_batch = 2;
  ApiStand stand(options);
  CHECK(stand.done(kBatch, R"({"events":[]})").at("/accepted") == "0");
  CHECK(stand.done(kBatch, R"({"events":[5]})").at("/rejected/0/index") == "0");
  const ApiAnswer broken = stand.ask(kBatch, R"({"events":[)" + event("u1", 1, "a") + ",{oops}]}");
  CHECK(broken.status == 400);
  CHECK(broken.code() == "invalid_json");
  CHECK(broken.detail().starts_with("events[1]: no JSON: "));
  CHECK(stand.ask("GET /api/v1/customers/u1").status == 404);
  const ApiAnswer missing = stand.ask(kBatch, "{}");
  CHECK(missing.status == 422);
  CHECK(missing.code() == "invalid_field");
  const ApiAnswer many = stand.ask(kBatch, R"({"events":[1,2,3]})");
  CHECK(many.status == 413);
  CHECK(many.code() == "too_large");
  CHECK(lines(stand, "1\n2\n3").status == 413);
}

TEST_CASE("usage: ten thousand events of a thousand customers in one batch") {
  ApiStand stand;
  std::string body = R"({"events":[)";
  for (int i = 0; i < 10'000; ++i)
    body += (i == 0 ? "" : ",") + event("u" + std::to_string(i % 1000), 10, std::to_string(i));
  const ApiAnswer answer = stand.done(kBatch, body + "]}");
  CHECK(answer.at("/accepted") == "10000");
  CHECK(stand.done("GET /api/v1/customers/u999").at("/periods/0/requests") == "10");
}

}  // namespace reckoner::http::api
