// Histories (contracts.md, History): what each kind of line is read as, and what of a line is no
// error, for it is the rules that judge it. history_faults_test.cpp has the lines that are errors.
#include <catch2/catch.hpp>

#include "tests/engine/json/read_line.hpp"

namespace reckoner::json {

TEST_CASE("histories: a customer line says who, and of each field only what it gives") {
  Lines lines;
  const HistoryLine& full =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u1","email":)"
                  R"("Jane@Example.com","name":"Jane","company":"Acme","billing_day":31,)"
                  R"("polar_customer_id":"p1"})");
  CHECK(full.kind == Kind::customer);
  CHECK((full.at == *parse_instant("2026-01-05T10:00:00Z")));
  CHECK(full.customer_id == "u1");
  CHECK(full.customer.customer_id == "u1");
  CHECK(full.customer.profile.email == "Jane@Example.com");
  CHECK(full.customer.profile.name == "Jane");
  CHECK(full.customer.profile.company == "Acme");
  CHECK((full.customer.profile.billing_day == std::uint8_t(31)));
  CHECK(full.customer.polar_customer_id == "p1");
  // The next line has nothing of it; null and the empty string are as not given.
  const HistoryLine& bare =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u2","email":"",)"
                  R"("name":null,"company":"","billing_day":null,"polar_customer_id":""})");
  CHECK((bare.customer == CustomerLine{"u2", Profile{}, ""}));
}

TEST_CASE("histories: a usage line gives its request, the metadata as it stands") {
  Lines lines;
  const HistoryLine& full =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u1","tokens":1500,)"
                  R"("operation":"context.generate","idempotency_key":"k1","timestamp":)"
                  R"("2026-01-05T11:59:59.5+02:00","metadata": { "a" : [1, 2.50] } })");
  CHECK(full.kind == Kind::usage);
  CHECK(full.customer_id == "u1");
  CHECK(full.usage.tokens_readable);
  CHECK(full.usage.timestamp_readable);
  CHECK(full.usage.unreadable_field.empty());
  CHECK(full.usage.usage.tokens == 1500);
  CHECK(full.usage.usage.operation == "context.generate");
  CHECK(full.usage.usage.idempotency_key == "k1");
  CHECK((full.usage.usage.timestamp == parse_instant("2026-01-05T09:59:59.5Z")));
  CHECK(full.usage.usage.metadata == R"({ "a" : [1, 2.50] })");
  const UsageRequest& bare = read_usage(lines, R"("tokens":0,"operation":"op")");
  CHECK(bare.tokens_readable);
  CHECK((bare.usage == Usage{0, "op", {}, std::nullopt, {}}));
}

TEST_CASE("histories: a webhook line has the body as it stands, and an id where it gives one") {
  Lines lines;
  const HistoryLine& with =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","id":"w1","kind":"webhook",)"
                  R"("body": {"type" : "x"} })");
  CHECK(with.kind == Kind::webhook);
  CHECK(with.webhook_id == "w1");
  CHECK(with.webhook_body == R"({"type" : "x"})");
  for (const char* id : {"", R"("id":null,)", R"("id":"",)"}) {
    INFO(id);
    const HistoryLine& without =
        read(lines, R"({"at":"2026-01-05T10:00:00Z",)" + std::string(id) +
                        R"("kind":"webhook","body":{"id":"of the body"}})");
    CHECK(without.webhook_id.empty());
    CHECK(without.webhook_body == R"({"id":"of the body"})");
  }
}

TEST_CASE("histories: a clock line says only that time has passed") {
  Lines lines;
  const HistoryLine& line =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"clock","tokens":"?","body":5})");
  CHECK(line.kind == Kind::clock);
  CHECK((line.at == *parse_instant("2026-01-05T10:00:00Z")));
}

TEST_CASE("histories: a settlement line says how a charge stands, by the engine's id of it") {
  Lines lines;
  const std::pair<const char*, ChargeStatus> statuses[] = {
      {"pending", ChargeStatus::pending},     {"unknown", ChargeStatus::unknown},
      {"submitted", ChargeStatus::submitted}, {"paid", ChargeStatus::paid},
      {"failed", ChargeStatus::failed},
  };
  for (const auto& [name, status] : statuses) {
    const HistoryLine& line =
        read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"settlement","customer_id":"u:1",)"
                    R"("charge_id":"u:1:12","polar_charge_id":"ch_1","status":")" +
                        std::string(name) + "\"}");
    CHECK(line.kind == Kind::settlement);
    CHECK(line.customer_id == "u:1");
    CHECK((line.settlement == Settlement{12, status, "ch_1"}));
  }
  const HistoryLine& bare =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"settlement","customer_id":"u",)"
                  R"("charge_id":"u:4294967295","status":"paid"})");
  CHECK((bare.settlement == Settlement{4'294'967'295, ChargeStatus::paid, ""}));
}

TEST_CASE("histories: an operator line says what was decided of a charge") {
  Lines lines;
  const std::pair<const char*, OperatorDecision> decisions[] = {
      {"retry", OperatorDecision::retry},
      {"release", OperatorDecision::release},
      {"write-off", OperatorDecision::write_off},
  };
  for (const auto& [name, decision] : decisions) {
    const HistoryLine& line =
        read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"operator","customer_id":"u",)"
                    R"("charge_id":"u:3","decision":")" +
                        std::string(name) + "\"}");
    CHECK(line.kind == Kind::operator_act);
    CHECK(line.customer_id == "u");
    CHECK((line.operator_act == OperatorAct{3, decision}));
  }
}

TEST_CASE("histories: a book line gives prices, settings, or both") {
  Lines lines;
  constexpr std::string_view kPlan =
      R"({"plans":[{"id":"only","product_ids":[],"price_usd":"0","tokens_per_month":1,)"
      R"("rate_limit":1,"pricing":{"model":"per_unit","unit_price_usd":"0.5"}}]})";
  const HistoryLine& both =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"book","prices":)" + std::string(kPlan) +
                      R"(,"settings":{"billing.threshold_usd":"5.00","billing.grace_days":"7"}})");
  CHECK(both.kind == Kind::book);
  REQUIRE(both.book.prices);
  CHECK(both.book.prices->plans.front().id == "only");
  using Settings = std::vector<std::pair<std::string, std::string>>;
  CHECK(both.book.settings ==
        Settings{{"billing.threshold_usd", "5.00"}, {"billing.grace_days", "7"}});
  const HistoryLine& none =
      read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"book","prices":null,"settings":null})");
  CHECK_FALSE(none.book.prices);
  CHECK(none.book.settings.empty());
}

TEST_CASE("histories: members that are not known, and the space around them, say nothing") {
  Lines lines;
  const HistoryLine& line =
      read(lines,
           " {\t\"new\" : {\"at\":5,\"kind\":[]} , \"at\" : \"2026-01-05T10:00:00Z\" ,"
           " \"kind\":\"usage\", \"x\":[[]], \"customer_id\":\"u\", \"Tokens\":7, \"tokens\":5,"
           " \"operation\":\"op\" } \r");
  CHECK(line.customer_id == "u");
  CHECK((line.usage.usage == Usage{5, "op", {}, std::nullopt, {}}));
}

TEST_CASE("histories: time may stand still, and any offset is read") {
  Lines lines;
  for (const char* at :
       {"2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z", "2026-01-05T12:00:00+02:00",
        "2026-01-05 10:00:00.000001z", "2026-01-05T10:00:00.0000019Z"})
    CHECK(read(lines, R"({"kind":"clock","at":")" + std::string(at) + "\"}").kind == Kind::clock);
  CHECK(lines.reader.line_number() == 5);
}

TEST_CASE("histories: of a member that comes twice the last value counts, of whatever type") {
  Lines lines;
  const UsageRequest& usage =
      read_usage(lines, R"("tokens":1,"tokens":2,"operation":"a","operation":"b",)"
                        R"("metadata":{"a":1},"metadata":{"b":2},"timestamp":5,"timestamp":null)");
  CHECK((usage.usage == Usage{2, "b", {}, std::nullopt, R"({"b":2})"}));
  CHECK(usage.timestamp_readable);
  CHECK_FALSE(read_usage(lines, R"("tokens":1,"tokens":{},"operation":"a")").tokens_readable);
  CHECK(read_usage(lines, R"("tokens":1,"operation":"a","metadata":{},"metadata":null)")
            .usage.metadata.empty());
}

TEST_CASE("histories: escapes are read in values") {
  Lines lines;
  const HistoryLine& line = read(
      lines, R"({"at":"2026-01-05T10:00:00\u005a","kind":"us\u0061ge","customer_id":"\u00e9\/",)"
             R"("tokens":1,"operation":"\"\\","idempotency_key":"\ud83d\ude00"})");
  CHECK(line.customer_id == "é/");
  CHECK((line.usage.usage == Usage{1, "\"\\", "😀", std::nullopt, {}}));
}

TEST_CASE("histories: escapes are read in names, too") {
  Lines lines;
  CHECK(read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","bo\u0064y":{"id":"b"}})")
            .webhook_body == R"({"id":"b"})");
  CHECK(read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","body":{"id":"a"},)"
                    R"("\u0062ody":{"id":"b"}})")
            .webhook_body == R"({"id":"b"})");
  CHECK(
      read_usage(lines, R"("tokens":1,"operation":"op","metad\u0061ta":{"a":1})").usage.metadata ==
      R"({"a":1})");
  CHECK(read(lines, R"({"at":"2026-01-05T10:00:00Z","kind":"book",)"
                    R"("settin\u0067s":{"billing.grace_days":"7"}})")
            .book.settings.size() == 1);
}

// --- what the rules judge, not the reader ---------------------------------------------------

TEST_CASE("histories: tokens that are no integer of 64 bits are for the rules to reject") {
  Lines lines;
  for (const char* tokens :
       {"\"1000\"", "\"\"", "null", "true", "false", "1.5", "1000.0", "1e3", "1E3", "{}", "[1000]",
        "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e400",
        "100000000000000000000000000000000000000000"}) {
    INFO(tokens);
    CHECK_FALSE(
        read_usage(lines, R"("operation":"op","tokens":)" + std::string(tokens)).tokens_readable);
  }
  CHECK_FALSE(read_usage(lines, R"("operation":"op")").tokens_readable);
  const std::pair<const char*, std::int64_t> readable[] = {
      {"0", 0},
      {"-0", 0},
      {"-5", -5},
      {"1000000000001", 1'000'000'000'001},
      {"9223372036854775807", INT64_MAX},
      {"-9223372036854775808", INT64_MIN},
  };
  for (const auto& [tokens, number] : readable) {
    INFO(tokens);
    const UsageRequest& request =
        read_usage(lines, R"("operation":"op","tokens":)" + std::string(tokens));
    CHECK(request.tokens_readable);
    CHECK(request.usage.tokens == number);
  }
}

TEST_CASE("histories: fields of usage that are not what they should be are named in the request") {
  Lines lines;
  const auto unreadable = [&](std::string_view field, std::string_view value) {
    return read_usage(lines, R"("tokens":1,")" + std::string(field) + "\":" + std::string(value))
        .unreadable_field;
  };
  for (const char* value : {"5", "1.5", "true", "{}", "[]", "[\"op\"]"}) {
    INFO(value);
    CHECK(unreadable("operation", value) == "operation");
    CHECK(unreadable("idempotency_key", value) == "idempotency_key");
    CHECK(unreadable("metadata", value) == (std::string_view(value) == "{}" ? "" : "metadata"));
  }
  CHECK(unreadable("metadata", R"("{\"a\":1}")") == "metadata");
  for (const char* field : {"operation", "idempotency_key", "metadata"}) {
    CHECK(unreadable(field, "null").empty());
    CHECK(unreadable(field, "\"\"").empty());
  }
  // What a text says is for the rules, however long or odd.
  CHECK(unreadable("operation", "\"" + std::string(1'000, 'x') + "\"").empty());
  CHECK(unreadable("idempotency_key", R"("a\u0000b")").empty());
}

TEST_CASE("histories: a timestamp of usage that is none is for the rules to reject") {
  Lines lines;
  for (const char* timestamp : {"1767607200", "true", "{}", "[]", "\"2026-01-05\"", "\"soon\"",
                                "\"2026-01-05T10:00:00\"", "\"2026-02-30T10:00:00Z\""}) {
    INFO(timestamp);
    const UsageRequest& request =
        read_usage(lines, R"("tokens":1,"operation":"op","timestamp":)" + std::string(timestamp));
    CHECK_FALSE(request.timestamp_readable);
    CHECK_FALSE(request.usage.timestamp);
  }
  for (const char* none : {"null", "\"\""}) {
    const UsageRequest& request =
        read_usage(lines, R"("tokens":1,"operation":"op","timestamp":)" + std::string(none));
    CHECK(request.timestamp_readable);
    CHECK_FALSE(request.usage.timestamp);
  }
}

TEST_CASE("histories: a usage line of nothing but who and when is a line") {
  Lines lines;
  const UsageRequest& request = read_usage(lines, R"("x":0)");
  CHECK_FALSE(request.tokens_readable);
  CHECK(request.usage.operation.empty());
}

// --- slices of the text ---------------------------------------------------------------------

TEST_CASE("raw members: a member's value as it stands in its object") {
  const std::pair<std::string_view, std::string_view> values[] = {
      {R"({"a":1})", "1"},
      {R"({"a":-1.50e+3})", "-1.50e+3"},
      {"{\"a\" :\t true \n}", "true"},
      {" \r\n{ \"a\" : null , \"b\":1}", "null"},
      {R"({"a":"x, } ] \" \\","b":2})", R"("x, } ] \" \\")"},
      {R"({"a":"\\\\"})", R"("\\\\")"},
      {R"({"a":{"b":{"a":1}}})", R"({"b":{"a":1}})"},
      {R"({"b":{"a":1},"a":{}})", "{}"},
      {R"({"a":[ "]" , {"}":"{"} ] ,"b":[1]})", R"([ "]" , {"}":"{"} ])"},
      {R"({"a":{"x":"\"}"},"b":1})", R"({"x":"\"}"})"},
      {R"({"b":"\"a\":1","a":2})", "2"},
      {R"({"b\"a":1,"\\":2,"a":3})", "3"},
      {R"({"aa":1,"":2,"a":3})", "3"},
      {R"({"a":1,"b":2,"a":{"c":3}})", R"({"c":3})"},
      {R"({"a":1,"b":2,"a":""})", R"("")"},
      {R"({"a":[[[[]]]]})", "[[[[]]]]"},
      {R"({"a":"é😀"})", R"("é😀")"},
  };
  for (const auto& [object, value] : values) {
    INFO(object);
    CHECK(raw_member(object, "a") == value);
  }
}

TEST_CASE("raw members: there is nothing where there is no such member") {
  for (const char* object : {"{}", " { } ", R"({"b":1})", R"({"b":{"a":1}})", R"({"b":"a","A":1})",
                             R"({"b":["a",1]})", R"({"aa":1})"}) {
    INFO(object);
    CHECK(raw_member(object, "a").empty());
  }
  CHECK(raw_member(R"({"":1})", "") == "1");
}

}  // namespace reckoner::json
