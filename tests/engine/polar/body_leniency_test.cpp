// Bodies: once one is JSON it is never an error (billing-rules.md, Words). What is not known is
// passed over, and what cannot be read as what it should be is as not given.
#include "engine/json/history.hpp"
#include "tests/engine/polar/read_body.hpp"
#include "tests/support/files.hpp"

namespace reckoner::polar {

TEST_CASE("bodies: what is no time is as not given, wherever a time belongs") {
  for (const char* value :
       {"null", "\"\"", "1790000000", "true", "[]", "{}", "[\"2026-01-01T00:00:00Z\"]",
        "\"2026-01-01\"", "\"2026-01-01T00:00:00\"", "\"2026-13-01T00:00:00Z\"",
        "\"2026-02-30T00:00:00Z\"", "\"2026-01-01T24:00:00Z\"", "\"2026-01-01T00:00:60Z\"",
        "\" 2026-01-01T00:00:00Z\"", "\"yesterday\""}) {
    INFO(value);
    const PolarEvent event =
        read_event(R"({"type":"subscription.updated","timestamp":)" + std::string(value) +
                   R"(,"data":{"id":"s","customer_id":"p")" + member("modified_at", value) +
                   member("past_due_at", value) + "}}");
    CHECK(event.subscription_id == "s");
    CHECK_FALSE(event.sent);
    CHECK_FALSE(event.modified);
    CHECK_FALSE(event.past_due_at);
  }
}

// --- fields that are not what they should be ------------------------------------------------

TEST_CASE("bodies: a text field that is none, or no id, is as not given") {
  const std::string kept = R"("id":"o","customer_id":"p")";
  const std::string too_long = "\"" + std::string(256, 'x') + "\"";
  const std::pair<const char*, const char*> fields[] = {
      {"order.paid", "product_id"},
      {"order.paid", "subscription_id"},
      {"order.paid", "charge_id"},
      {"invoice.paid", "product_id"},
      {"invoice.payment_failed", "product_id"},
      {"refund.created", "order_id"},
      {"subscription.updated", "product_id"},
      {"customer.created", "external_id"},
      {"customer.updated", "email"},
  };
  for (const auto& [type, field] : fields) {
    const PolarEvent without = read_data(type, kept);
    CHECK_FALSE((read_data(type, kept + member(field, "\"given\"")) == without));
    for (const std::string& value :
         {std::string("null"), std::string("\"\""), std::string("5"), std::string("1.5"),
          std::string("true"), std::string("{}"), std::string("[]"), std::string("[\"given\"]"),
          std::string(R"({"id":"given"})"), too_long, std::string(R"("line\nbreak")"),
          std::string(R"("\u0000")"), std::string("\"\x7F\"")}) {
      INFO(type << " " << field << " " << value.substr(0, 40));
      CHECK((read_data(type, kept + member(field, value)) == without));
    }
  }
}

TEST_CASE("bodies: without its own id an event is about nothing, or about nobody") {
  for (const char* id : {"null", "\"\"", "7", "{}", "[\"s\"]"}) {
    INFO(id);
    const std::string data = R"("customer_id":"p","status":"active")" + member("id", id);
    CHECK(read_data("subscription.created", data).kind == Kind::other);
    CHECK(read_data("order.paid", data).object_id.empty());
    CHECK(read_data("customer.created", data).polar_customer_id.empty());
    CHECK(read_data("refund.created", R"("id":"r")" + member("customer_id", id))
              .polar_customer_id.empty());
    CHECK(read_body(R"({"type":"x","data":{})" + member("id", id) + "}").id.empty());
  }
  CHECK(read_data("subscription.created", R"("customer_id":"p")").kind == Kind::other);
}

TEST_CASE("bodies: data, metadata and the list of subscriptions may be missing or of any type") {
  for (const char* value : {"null", "\"\"", "0", "1.5", "false", "[]", "{}", "\"text\"", "[[]]"}) {
    INFO(value);
    const std::string any(value);
    CHECK(read_event(R"({"type":"customer.created","data":)" + any + "}").polar_customer_id == "");
    CHECK(read_data("customer.created", R"("id":"p")" + member("metadata", any))
              .names_customer.empty());
    const auto listed =
        read_data("customer.state_changed", R"("id":"p")" + member("active_subscriptions", any))
            .listed;
    // An array is a list, whatever is in it; anything else is no list.
    CHECK(listed.has_value() == (any[0] == '['));
    if (listed) CHECK(listed->empty());
  }
  CHECK_FALSE(read_data("customer.state_changed", R"("id":"p")").listed);
  CHECK_FALSE(read_event(R"({"type":"customer.state_changed"})").listed);
}

TEST_CASE("bodies: types and fields that are not known are passed over, at every level") {
  const std::string_view plain =
      R"({"type":"customer.state_changed","timestamp":"2026-01-01T00:00:00Z","data":{"id":"p",)"
      R"("metadata":{"user_id":"u"},"active_subscriptions":[{"id":"s","product_id":"x"}]}})";
  const std::string_view decorated =
      R"({"api_version":"2099-01","extra":{"id":"no","data":{"id":"no"}},"data":{"new":[{"id":)"
      R"("no"},[[]],null],"id":"p","nested":{"id":"no","email":"no","metadata":{"user_id":"no"}},)"
      R"("metadata":{"deep":{"user_id":"no"},"user_id":"u","x":1},"active_subscriptions":[{"meta)"
      R"(data":{"id":"no"},"id":"s","meters":[{"id":"no"}],"product":{"id":"no"},"product_id":)"
      R"("x"}]},"timestamp":"2026-01-01T00:00:00Z","type":"customer.state_changed","zz":true})";
  check_same(read_event(decorated), read_event(plain));
}

TEST_CASE("bodies: a reader keeps nothing of the body before, read or not") {
  BodyReader reader;
  const std::string full = support::read_file(support::golden_folder() / "polar-fixtures" / "raw" /
                                              "customer.state_changed.body");
  const std::string_view bare = R"({"type":"customer.state_changed","data":{}})";
  const PolarEvent alone = reader.read(bare, kArrived).value().event;
  REQUIRE(reader.read(full, kArrived).ok());
  CHECK((reader.read(bare, kArrived).value().event == alone));
  REQUIRE_FALSE(reader.read(std::string_view(full).substr(0, full.size() - 9), kArrived).ok());
  CHECK((reader.read(bare, kArrived).value().event == alone));
  CHECK(reader.read("{}", kArrived).value().type.empty());
}

// --- JSON -----------------------------------------------------------------------------------

TEST_CASE("bodies: escapes are read in keys and in texts") {
  const Body body = read_body(
      R"({"\u0074ype":"customer.\u0063reated","i\u0064":"\u0065vt","da\u0074a":{"id":"p\u00e9\/)"
      R"(\ud83d\ude00","emai\u006c":"a\u0040b","m\u0065tadata":{"user\u005fid":"\"\\"}}})");
  CHECK(body.id == "evt");
  CHECK(body.type == "customer.created");
  CHECK(body.event.kind == Kind::customer_created);
  CHECK(body.event.polar_customer_id == "pé/😀");
  CHECK(body.event.email == "a@b");
  CHECK(body.event.names_customer == "\"\\");
}

TEST_CASE("bodies: of a key that comes twice the last value counts") {
  CHECK(read_data("order.paid", R"("id":"a","id":"b")").object_id == "b");
  CHECK(read_data("order.paid", R"("id":"a","id":null)").object_id.empty());
  CHECK(read_body(R"({"id":"a","type":"x","id":"b","type":"y"})").id == "b");
  CHECK(read_event(R"({"type":"order.paid","data":{"id":"a","product_id":"x"},"data":{"id":"b"}})")
            .product_id.empty());
  const auto listed =
      read_data("customer.state_changed", R"("id":"p","active_subscriptions":[{"id":"a"}],)"
                                          R"("active_subscriptions":[{"id":"b","id":"c"}])")
          .listed;
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().id == "c");
}

TEST_CASE("bodies: the last value of a key counts, also if it is of another type than the first") {
  CHECK(read_data("order.paid", R"("id":"a","id":{})").object_id.empty());
  CHECK(read_data("order.paid", R"("id":"a","id":["b"])").object_id.empty());
  CHECK(read_body(R"({"type":"x","id":"a","id":[]})").id.empty());
  CHECK(read_event(R"({"type":"order.paid","data":{"id":"a"},"data":null})").object_id.empty());
  CHECK(read_event(R"({"type":"order.paid","data":{"id":"a"},"data":[]})").object_id.empty());
  CHECK_FALSE(read_event(R"({"type":"customer.state_changed","data":{"id":"p",)"
                         R"("active_subscriptions":[]},"data":{"id":"p"}})")
                  .listed);
  const auto names = [](std::string_view members) {
    return read_data("customer.updated", R"("id":"p",)" + std::string(members)).names_customer;
  };
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":{})").empty());
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":null)").empty());
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":[])").empty());
  for (const char* last : {"null", "{}", "5"}) {
    INFO(last);
    CHECK_FALSE(
        read_data("customer.state_changed", R"("id":"p","active_subscriptions":[{"id":"a"}])" +
                                                member("active_subscriptions", last))
            .listed);
  }
}

TEST_CASE("bodies: any JSON is read, and what is no object says nothing") {
  for (const char* text :
       {"[]", "5", "-1.5e3", "true", "null", "\"customer.created\"", "[[[]]]",
        R"([{"type":"customer.created","data":{"id":"p"}}])", " {} ", "{}\r\n"}) {
    INFO(text);
    const Body body = read_body(text);
    CHECK(body.id.empty());
    CHECK(body.type.empty());
    PolarEvent nothing;
    nothing.arrived = kArrived;
    check_same(body.event, nothing);
  }
}

namespace {

std::string customer_with(std::string_view value) {
  return R"({"type":"customer.created","data":{"id":"p","x":)" + std::string(value) + "}}";
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("bodies: numbers of any size are JSON") {
  for (const char* number :
       {"1e308", "1e309", "-1e-309", "1e-400", "1e99999", "18446744073709551616",
        "123456789012345678901234567890123456789012345678901234567890",
        "0.000000000000000000000000000000000000000000000000000000000001"}) {
    INFO(number);
    CHECK(read_event(customer_with(number)).polar_customer_id == "p");
  }
}

// Boost.JSON gives up on an exponent that no int holds.
TEST_CASE("bodies: numbers with an exponent beyond all measure are JSON", "[!mayfail]") {
  BodyReader reader;
  CHECK(reader.read(customer_with("1e999999999999999999"), kArrived).ok());
  CHECK(reader.read(customer_with("1e-999999999999999999"), kArrived).ok());
}

TEST_CASE("bodies: what is no JSON is invalid_json, and says why") {
  BodyReader reader;
  for (const std::string_view text : {std::string_view(""),
                                      std::string_view(" "),
                                      std::string_view("{"),
                                      std::string_view("{}x"),
                                      std::string_view("{} {}"),
                                      std::string_view("{'a':1}"),
                                      std::string_view(R"({"a":})"),
                                      std::string_view(R"({"a":1,})"),
                                      std::string_view("[1,]"),
                                      std::string_view("nul"),
                                      std::string_view("NaN"),
                                      std::string_view("01"),
                                      std::string_view("+1"),
                                      std::string_view("// a\n{}"),
                                      std::string_view("\xEF\xBB\xBF{}"),
                                      std::string_view("{\"a\":\"\xFF\"}"),
                                      std::string_view("{\"a\":\"\n\"}"),
                                      std::string_view("{\"a\":\"\\x\"}"),
                                      std::string_view("{\"a\":\"b"),
                                      std::string_view("{}\0", 3),
                                      std::string_view("type=customer.created&id=5")}) {
    INFO("'" << text << "'");
    const auto body = reader.read(text, kArrived);
    REQUIRE_FALSE(body.ok());
    CHECK(body.error().code == "invalid_json");
    CHECK(body.error().detail.starts_with("the body is no JSON: "));
    CHECK(body.error().detail.size() > 21);
  }
}

TEST_CASE("bodies: deep nesting is read up to a depth, and never runs out of stack") {
  CHECK(read_event(customer_with(nested(200))).polar_customer_id == "p");
  BodyReader reader;
  for (const std::string& text :
       {customer_with(nested(100'000)), std::string(1'000'000, '['), std::string(1'000'000, '{')}) {
    const auto body = reader.read(text, kArrived);
    REQUIRE_FALSE(body.ok());
    CHECK(body.error().code == "invalid_json");
  }
  CHECK(reader.read("{}", kArrived).ok());
}

TEST_CASE("bodies: what is read as a body can be read again within the line of a history") {
  for (std::size_t depth = 240; depth < 270; ++depth) {
    INFO("depth " << depth);
    const std::string body = customer_with(nested(depth));
    json::HistoryReader history;
    const std::string before = R"({"at":"2026-01-01T00:00:00Z","kind":"webhook","body":)";
    const auto line = history.read(before + body + "}");
    CHECK((line.ok() || !BodyReader().read(body, kArrived).ok()));
  }
}

}  // namespace reckoner::polar
