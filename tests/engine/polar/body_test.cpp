// What a webhook's body says, read into an event: every fixture of Polar's, and how leniently
// (billing-rules.md, Words and Webhooks).
#include "engine/polar/body.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "engine/customer/entry_encoding.hpp"
#include "tests/support/files.hpp"

namespace reckoner::polar {
namespace {

using Kind = PolarEventKind;
using Status = SubscriptionStatus;

Instant time(std::string_view text) {
  const auto at = parse_instant(text);
  REQUIRE(at);
  return *at;
}

const Instant kArrived = {1'790'000'000 * kSecond};

Body read_body(std::string_view text) {
  static BodyReader reader;
  auto body = reader.read(text, kArrived);
  INFO(text.substr(0, 200));
  REQUIRE(body.ok());
  return std::move(body).value();
}

PolarEvent read_event(std::string_view text) { return read_body(text).event; }

// The members of `data` without their braces.
PolarEvent read_data(std::string_view type, std::string_view data) {
  return read_event(R"({"type":")" + std::string(type) + R"(","data":{)" + std::string(data) +
                    "}}");
}

// `"name":value`, behind other members.
std::string member(std::string_view name, std::string_view value) {
  return ",\"" + std::string(name) + "\":" + std::string(value);
}

// Field by field, so that a difference has a name; then as a whole, for fields to come.
void check_same(const PolarEvent& event, const PolarEvent& expected) {
  CHECK(static_cast<int>(event.kind) == static_cast<int>(expected.kind));
  CHECK(event.polar_customer_id == expected.polar_customer_id);
  CHECK((event.arrived == expected.arrived));
  CHECK((event.sent == expected.sent));
  CHECK((event.modified == expected.modified));
  CHECK(event.email == expected.email);
  CHECK(event.names_customer == expected.names_customer);
  CHECK((event.listed == expected.listed));
  CHECK(event.subscription_id == expected.subscription_id);
  CHECK(event.product_id == expected.product_id);
  CHECK((event.status == expected.status));
  CHECK((event.past_due_at == expected.past_due_at));
  CHECK(static_cast<int>(event.meant) == static_cast<int>(expected.meant));
  CHECK(event.revives == expected.revives);
  CHECK(event.succeeded == expected.succeeded);
  CHECK(event.object_id == expected.object_id);
  CHECK(event.order_id == expected.order_id);
  CHECK((event.amount == expected.amount));
  CHECK(event.foreign_currency == expected.foreign_currency);
  CHECK(event.charge_id == expected.charge_id);
  CHECK((event == expected));
}

// --- the fixtures ---------------------------------------------------------------------------

constexpr std::string_view kCustomer = "992fae2a-2a17-4b7a-8d9e-e287cf90131b";
constexpr std::string_view kSubscription = "e5149aae-e521-42b9-b24c-abb3d71eea2e";
constexpr std::string_view kProduct = "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23";
constexpr std::string_view kOrder = "57107b74-8400-4d80-a2fc-54c2b4239cb3";
constexpr std::string_view kCaptured = "02e8e472-4eb8-4772-9af4-7bc7a70d3d71";

PolarEvent event_of(Kind kind, std::string_view customer, std::string_view sent,
                    std::string_view modified = "") {
  PolarEvent event;
  event.kind = kind;
  event.polar_customer_id = customer;
  event.arrived = kArrived;
  event.sent = time(sent);
  if (!modified.empty()) event.modified = time(modified);
  return event;
}

PolarEvent subscription(Status status, std::string_view sent, std::string_view modified = "",
                        std::string_view past_due_at = "") {
  PolarEvent event = event_of(Kind::subscription, kCustomer, sent, modified);
  event.subscription_id = kSubscription;
  event.product_id = kProduct;
  event.status = status;
  if (!past_due_at.empty()) event.past_due_at = time(past_due_at);
  return event;
}

PolarEvent customer_created() {
  PolarEvent event = event_of(Kind::customer_created, kCustomer, "2026-09-01T10:00:00.5Z");
  event.email = "customer@example.com";
  event.names_customer = "usr_1337";
  return event;
}

PolarEvent state_changed() {
  PolarEvent event = event_of(Kind::customer_state_changed, kCustomer, "2026-09-20T08:00:01Z",
                              "2026-09-01T10:00:05.654321Z");
  event.email = "customer@example.com";
  event.names_customer = "usr_1337";
  event.listed.emplace();
  event.listed->push_back(
      {std::string(kSubscription), std::string(kProduct), Status::active, std::nullopt});
  return event;
}

PolarEvent captured_state_changed() {
  PolarEvent event =
      event_of(Kind::customer_state_changed, kCaptured, "2026-03-30T16:13:57.116896Z",
               "2026-03-30T16:13:53.881116Z");
  event.email = "person@example.com";
  event.names_customer = "bd2a202e-1a19-43c0-a29c-91e37f8bc708";
  event.listed.emplace();
  event.listed->push_back({"d1b800fe-457a-4b3d-81f3-d6d505fa075e",
                           "260ea636-e7ac-452e-ae4c-8c0db35365ca", Status::trialing,
                           std::nullopt});
  return event;
}

PolarEvent order_paid() {
  PolarEvent event = event_of(Kind::payment, kCustomer, "2026-10-01T10:00:20.1Z",
                              "2026-10-01T10:00:20Z");
  event.object_id = kOrder;
  event.subscription_id = kSubscription;
  event.product_id = kProduct;
  event.meant = Meant::named;
  event.revives = true;
  event.amount = 1313;
  return event;
}

PolarEvent captured_order_paid() {
  PolarEvent event = event_of(Kind::payment, kCaptured, "2026-03-30T16:13:53.975537Z");
  event.object_id = "d786592b-1f8d-4a4c-8015-ea9cebba6007";
  event.subscription_id = "d1b800fe-457a-4b3d-81f3-d6d505fa075e";
  event.product_id = "260ea636-e7ac-452e-ae4c-8c0db35365ca";
  event.meant = Meant::named;
  event.revives = true;
  event.amount = 0;
  event.foreign_currency = "pen";
  return event;
}

PolarEvent order_refunded() {
  PolarEvent event = event_of(Kind::order_refunded, kCustomer, "2026-10-02T09:00:01Z",
                              "2026-10-02T09:00:00.9Z");
  event.object_id = kOrder;
  event.amount = 313;
  return event;
}

PolarEvent refund_created() {
  PolarEvent event = event_of(Kind::refund, kCustomer, "2026-10-02T09:00:00.5Z");
  event.object_id = "6f9d2c2a-5b0e-4e59-9a53-0f2f0f6c8d01";
  event.order_id = kOrder;
  event.amount = 313;
  event.succeeded = true;
  return event;
}

// By file name, without ".body".
std::map<std::string, PolarEvent> expected_of_fixtures() {
  const auto other = [](std::string_view sent, std::string_view modified = "") {
    return event_of(Kind::other, kCustomer, sent, modified);
  };
  return {
      {"benefit_grant.created", other("2026-09-01T10:00:09.1Z")},
      {"benefit_grant.cycled", other("2026-10-01T10:00:12Z", "2026-10-01T10:00:11.9Z")},
      {"captured-2026-03.customer.state_changed", captured_state_changed()},
      {"captured-2026-03.order.paid", captured_order_paid()},
      {"customer.created", customer_created()},
      {"customer.state_changed", state_changed()},
      {"order.created", other("2026-10-01T10:00:10.1Z")},
      {"order.paid", order_paid()},
      {"order.refunded", order_refunded()},
      {"refund.created", refund_created()},
      {"subscription.active", subscription(Status::active, "2026-09-01T10:00:06.2Z")},
      {"subscription.canceled", subscription(Status::active, "2026-09-15T12:00:00.2Z",
                                             "2026-09-15T12:00:00.05Z")},
      {"subscription.created", subscription(Status::active, "2026-09-01T10:00:06.1Z")},
      {"subscription.cycled", subscription(Status::active, "2026-10-01T10:00:08.1Z",
                                           "2026-10-01T10:00:08Z")},
      {"subscription.past_due",
       subscription(Status::past_due, "2026-10-01T10:01:00.1Z", "2026-10-01T10:01:00Z",
                    "2026-10-01T10:00:59Z")},
      {"subscription.revoked",
       subscription(Status::canceled, "2026-10-22T10:02:00.2Z", "2026-10-22T10:02:00Z",
                    "2026-10-01T10:00:59Z")},
      {"subscription.updated.cancel_at_period_end",
       subscription(Status::active, "2026-09-15T12:00:00.1Z", "2026-09-15T12:00:00.05Z")},
  };
}

}  // namespace

TEST_CASE("bodies: every fixture of Polar's becomes the event that it is") {
  const auto expected = expected_of_fixtures();
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(support::golden_folder() /
                                                              "polar-fixtures" / "raw")) {
    DYNAMIC_SECTION(file.path().filename().string()) {
      const auto found = expected.find(file.path().stem().string());
      REQUIRE(found != expected.end());
      const Body body = read_body(support::read_file(file.path()));
      CHECK(body.id.empty());  // Polar's is in a header
      check_same(body.event, found->second);
    }
    ++read;
  }
  CHECK(read == expected.size());
}

TEST_CASE("bodies: the guide's have an id of their own, no time, and amounts in USD") {
  const Body body = read_body(
      R"({"id":"evt_9","type":"invoice.paid","data":{"id":"in_1","customer_id":"cus_1",)"
      R"("product_id":"cortex_starter","amount_usd":29.0}})");
  CHECK(body.id == "evt_9");
  CHECK(body.type == "invoice.paid");
  PolarEvent expected;
  expected.kind = Kind::payment;
  expected.polar_customer_id = "cus_1";
  expected.arrived = kArrived;
  expected.product_id = "cortex_starter";
  expected.meant = Meant::of_product;
  expected.revives = true;
  expected.object_id = "in_1";
  expected.amount = 2900;
  check_same(body.event, expected);
  CHECK((body.event.effective() == kArrived));
  CHECK((body.event.order() == EventOrder{kArrived, kDistantPast}));
}

TEST_CASE("bodies: each type is of the row of the rules' table that lists it") {
  const std::pair<const char*, Kind> types[] = {
      {"customer.created", Kind::customer_created},
      {"customer.updated", Kind::customer_updated},
      {"customer.state_changed", Kind::customer_state_changed},
      {"customer.deleted", Kind::customer_deleted},
      {"invoice.paid", Kind::payment},
      {"order.paid", Kind::payment},
      {"invoice.payment_failed", Kind::payment_failed},
      {"order.refunded", Kind::order_refunded},
      {"refund.created", Kind::refund},
      {"refund.updated", Kind::refund},
      {"subscription.created", Kind::subscription},
      {"subscription.uncanceled", Kind::subscription},
      {"subscription.migrated", Kind::subscription},
      {"subscription.of a kind to come", Kind::subscription},
      {"order.created", Kind::other},
      {"order.updated", Kind::other},
      {"customer_seat.assigned", Kind::other},
      {"product.created", Kind::other},
      {"Customer.created", Kind::other},
      {"customer.created ", Kind::other},
      {"subscription", Kind::other},
      {"", Kind::other},
  };
  for (const auto& [type, kind] : types) {
    INFO(type);
    const PolarEvent event = read_data(type, R"("id":"x","customer_id":"y")");
    CHECK(static_cast<int>(event.kind) == static_cast<int>(kind));
    CHECK(event.polar_customer_id == (std::string_view(type).starts_with("customer.") ? "x" : "y"));
  }
}

// --- times ----------------------------------------------------------------------------------

TEST_CASE("bodies: an event takes effect when it was sent, but not after its arrival") {
  const auto sent_at = [](std::string_view timestamp) {
    return read_event(R"({"type":"customer.deleted","timestamp":")" + std::string(timestamp) +
                      R"(","data":{"id":"p","modified_at":"2026-01-01T00:00:00Z"}})");
  };
  const PolarEvent before = sent_at("2026-01-05T10:00:00.123456789+02:00");
  CHECK((before.sent == time("2026-01-05T08:00:00.123456Z")));
  CHECK((before.effective() == *before.sent));
  CHECK((before.order() == EventOrder{*before.sent, time("2026-01-01T00:00:00Z")}));
  const PolarEvent ahead = sent_at("2099-01-01T00:00:00Z");
  CHECK((ahead.effective() == kArrived));
  CHECK((ahead.order().sent == time("2099-01-01T00:00:00Z")));
  // modified_at orders only where the envelope has a time.
  const PolarEvent without = sent_at("");
  CHECK_FALSE(without.sent);
  CHECK((without.order() == EventOrder{kArrived, kDistantPast}));
}

TEST_CASE("bodies: what is no time is as not given, wherever a time belongs") {
  for (const char* value :
       {"null", "\"\"", "1790000000", "true", "[]", "{}", "[\"2026-01-01T00:00:00Z\"]",
        "\"2026-01-01\"", "\"2026-01-01T00:00:00\"", "\"2026-13-01T00:00:00Z\"",
        "\"2026-02-30T00:00:00Z\"", "\"2026-01-01T24:00:00Z\"", "\"2026-01-01T00:00:60Z\"",
        "\" 2026-01-01T00:00:00Z\"", "\"yesterday\""}) {
    INFO(value);
    const PolarEvent event = read_event(
        R"({"type":"subscription.updated","timestamp":)" + std::string(value) +
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
      {"order.paid", "product_id"},        {"order.paid", "subscription_id"},
      {"order.paid", "charge_id"},         {"invoice.paid", "product_id"},
      {"invoice.payment_failed", "product_id"},
      {"refund.created", "order_id"},      {"subscription.updated", "product_id"},
      {"customer.created", "external_id"}, {"customer.updated", "email"},
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
    CHECK(read_event(R"({"type":"customer.created","data":)" + any + "}").polar_customer_id ==
          "");
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

// --- customers ------------------------------------------------------------------------------

TEST_CASE("bodies: a customer is named by external_id, else by metadata.user_id") {
  const auto named = [](std::string_view members) {
    return read_data("customer.updated", R"("id":"p")" + std::string(members)).names_customer;
  };
  CHECK(named(R"(,"external_id":"a","metadata":{"user_id":"b"})") == "a");
  CHECK(named(R"(,"metadata":{"user_id":"b"},"external_id":"a")") == "a");
  CHECK(named(R"(,"external_id":null,"metadata":{"user_id":"b"})") == "b");
  CHECK(named(R"(,"external_id":"","metadata":{"user_id":"b"})") == "b");
  CHECK(named(R"(,"external_id":5,"metadata":{"user_id":"b"})") == "b");
  CHECK(named(R"(,"metadata":{"user_id":5})").empty());
  CHECK(named(R"(,"user_id":"b")").empty());
  CHECK(named("").empty());
}

TEST_CASE("bodies: listed subscriptions without an id are passed over, without a status active") {
  const auto listed = read_data("customer.state_changed",
                                R"("id":"p","active_subscriptions":[null,5,"s",[],{},)"
                                R"({"id":null,"product_id":"x"},{"id":"a"},)"
                                R"({"id":"b","product_id":5,"status":"dormant"},)"
                                R"({"id":"c","product_id":"x","status":"cancelled"},)"
                                R"({"id":"d","status":"","past_due_at":"2026-01-01T00:00:00Z"},)"
                                R"({"id":"e","status":7}])")
                          .listed;
  REQUIRE(listed);
  const std::vector<ListedSubscription> expected = {
      {"a", "", Status::active, std::nullopt},
      {"b", "", std::nullopt, std::nullopt},
      {"c", "x", Status::canceled, std::nullopt},
      {"d", "", Status::active, time("2026-01-01T00:00:00Z")},
      {"e", "", Status::active, std::nullopt},
  };
  CHECK((*listed == expected));
  // Only a state_changed lists.
  CHECK_FALSE(read_data("customer.updated", R"("id":"p","active_subscriptions":[])").listed);
}

// --- subscriptions --------------------------------------------------------------------------

TEST_CASE("bodies: a subscription's status is as said, or what the type says without one") {
  const auto status_of = [](std::string_view type, std::string_view members) {
    return read_data(type, R"("id":"s","customer_id":"p")" + std::string(members)).status;
  };
  const std::pair<const char*, Status> known[] = {
      {"incomplete", Status::incomplete}, {"incomplete_expired", Status::incomplete_expired},
      {"trialing", Status::trialing},     {"active", Status::active},
      {"past_due", Status::past_due},     {"canceled", Status::canceled},
      {"cancelled", Status::canceled},    {"unpaid", Status::unpaid},
      {"paused", Status::paused},
  };
  for (const auto& [name, status] : known)
    for (const char* type : {"subscription.created", "subscription.updated", "subscription.revoked",
                             "subscription.past_due", "subscription.canceled"})
      CHECK((status_of(type, member("status", "\"" + std::string(name) + "\"")) == status));

  for (const char* none : {"", ",\"status\":null", ",\"status\":\"\"", ",\"status\":3",
                           ",\"status\":[\"active\"]"}) {
    INFO(none);
    CHECK((status_of("subscription.created", none) == Status::active));
    CHECK((status_of("subscription.revoked", none) == Status::canceled));
    CHECK((status_of("subscription.past_due", none) == Status::past_due));
    for (const char* type : {"subscription.updated", "subscription.active", "subscription.paused",
                             "subscription.canceled", "subscription.uncanceled"})
      CHECK_FALSE(status_of(type, none));
  }
  for (const char* type : {"subscription.created", "subscription.updated", "subscription.revoked",
                           "subscription.past_due"})
    for (const char* unknown : {"\"dormant\"", "\"Active\"", "\" active\"", "\"trial\""})
      CHECK_FALSE(status_of(type, member("status", unknown)));
  // The guide's spelling ends at once, whatever else is said.
  for (const char* any : {"", ",\"status\":\"active\"", ",\"status\":\"dormant\""})
    CHECK((status_of("subscription.cancelled", any) == Status::canceled));
}

// --- payments -------------------------------------------------------------------------------

TEST_CASE("bodies: a payment means the subscription it names, else its product's, else all") {
  const auto meant = [](std::string_view type, std::string_view members) {
    return read_data(type, R"("id":"o","customer_id":"p")" + std::string(members)).meant;
  };
  for (const char* type : {"invoice.paid", "invoice.payment_failed"}) {
    CHECK(meant(type, R"(,"subscription_id":"s","product_id":"x")") == Meant::named);
    CHECK(meant(type, R"(,"product_id":"x")") == Meant::of_product);
    CHECK(meant(type, R"(,"product_id":null,"subscription_id":"")") == Meant::all);
    CHECK(meant(type, "") == Meant::all);
  }
  CHECK(meant("order.paid", R"(,"subscription_id":"s","product_id":"x")") == Meant::named);
  CHECK(meant("order.paid", R"(,"product_id":"x")") == Meant::none);
  CHECK(meant("order.paid", "") == Meant::none);
}

TEST_CASE("bodies: an order revives only for a subscription's own reasons, an invoice always") {
  const auto revives = [](std::string_view type, std::string_view reason) {
    return read_data(type, R"("id":"o","customer_id":"p")" + member("billing_reason", reason))
        .revives;
  };
  for (const char* reason : {"\"subscription_create\"", "\"subscription_cycle\"",
                             "\"subscription_update\"", "null", "\"\"", "5", "{}"})
    CHECK(revives("order.paid", reason));
  for (const char* reason : {"\"purchase\"", "\"subscription_meter_cycle\"", "\"of a kind to come\"",
                             "\"Subscription_cycle\""}) {
    CHECK_FALSE(revives("order.paid", reason));
    CHECK(revives("invoice.paid", reason));
  }
}

TEST_CASE("bodies: a payment names a charge by charge_id, else by metadata.charge_id") {
  const auto charge = [](std::string_view members) {
    return read_data("order.paid", R"("id":"o")" + std::string(members)).charge_id;
  };
  CHECK(charge(R"(,"charge_id":"u:1","metadata":{"charge_id":"u:2"})") == "u:1");
  CHECK(charge(R"(,"charge_id":"","metadata":{"charge_id":"u:2"})") == "u:2");
  CHECK(charge(R"(,"metadata":{"charge_id":2})").empty());
}

TEST_CASE("bodies: amount_usd is read as the shortest decimal, to a cent, half away from zero") {
  const std::pair<const char*, std::optional<Cents>> amounts[] = {
      {"29", 2900}, {"29.0", 2900}, {"29.1", 2910}, {"\"29.10\"", 2910}, {"0", 0}, {"-0.0", 0},
      {"1e2", 10000}, {"1E+2", 10000}, {"12.5e-1", 125}, {"\"1e2\"", 10000},
      {"10.005", 1001}, {"10.004999", 1000}, {"\"10.005\"", 1001}, {"-10.005", -1001},
      {"0.005", 1}, {"-0.005", -1}, {"0.0049", 0}, {"1.115", 112}, {"2.675", 268},
      {"4.35", 435}, {"1.1", 110}, {"8192.015", 819202},
      // The decimal is that of the double; of a text it is what stands there.
      {"0.1000000000000000055511151231257827021181583404541015625", 10},
      {"0.00499999999999999999999999999999999", 1},
      {"\"0.00499999999999999999999999999999999\"", 0},
      {"\"0.00500000000000000000000000000000000\"", 1},
      {"9007199254740993", 900719925474099300}, {"\"9007199254740993\"", 900719925474099300},
      // int64 cents hold these still, and these no more.
      {"\"92233720368547758.07\"", INT64_MAX}, {"\"-92233720368547758.07\"", -INT64_MAX},
      {"\"92233720368547758.075\"", std::nullopt}, {"92233720368547758.08", std::nullopt},
      {"1e17", std::nullopt}, {"18446744073709551616", std::nullopt}, {"1e400", std::nullopt},
      {"-1e400", std::nullopt}, {"\"1e400\"", std::nullopt}, {"\"1e999999999\"", std::nullopt},
      {"1e-400", 0},
      // No numbers.
      {"null", std::nullopt}, {"\"\"", std::nullopt}, {"true", std::nullopt}, {"{}", std::nullopt},
      {"[29]", std::nullopt}, {"\"29,00\"", std::nullopt}, {"\"$29\"", std::nullopt},
      {"\" 29\"", std::nullopt}, {"\"29 USD\"", std::nullopt}, {"\"0x1D\"", std::nullopt},
      {"\"NaN\"", std::nullopt}, {"\"Infinity\"", std::nullopt}, {"\"+29\"", std::nullopt},
      {"\"29.\"", std::nullopt}, {"\".5\"", std::nullopt}, {"\"--1\"", std::nullopt},
  };
  for (const auto& [amount, cents] : amounts) {
    INFO(amount);
    CHECK((read_data("invoice.paid", R"("id":"i")" + member("amount_usd", amount)).amount == cents));
  }
}

TEST_CASE("bodies: amounts in cents are integers, or numbers that are whole") {
  const std::pair<const char*, std::optional<Cents>> amounts[] = {
      {"1313", 1313}, {"1313.0", 1313}, {"1.313e3", 1313}, {"\"1313\"", 1313}, {"0", 0}, {"-5", -5},
      {"9223372036854775807", INT64_MAX}, {"9223372036854775808", std::nullopt}, {"1e18",
       1'000'000'000'000'000'000}, {"1e19", std::nullopt}, {"1313.5", std::nullopt},
      {"0.1", std::nullopt}, {"1e-3", std::nullopt}, {"\"1313.5\"", std::nullopt},
      {"null", std::nullopt}, {"\"\"", std::nullopt}, {"\"a lot\"", std::nullopt},
      {"false", std::nullopt}, {"[1313]", std::nullopt}, {"{\"cents\":1313}", std::nullopt},
  };
  for (const auto& [amount, cents] : amounts) {
    INFO(amount);
    CHECK((read_data("order.paid", R"("id":"o")" + member("net_amount", amount)).amount == cents));
    CHECK((read_data("order.refunded", R"("id":"o")" + member("refunded_amount", amount)).amount ==
           cents));
    CHECK((read_data("refund.created", R"("id":"r")" + member("amount", amount)).amount == cents));
  }
}

TEST_CASE("bodies: net_amount counts where amount_usd is not given, and no other amount does") {
  const auto amount = [](std::string_view members) {
    return read_data("order.paid", R"("id":"o")" + std::string(members)).amount;
  };
  CHECK((amount(R"(,"amount_usd":"1.00","net_amount":200)") == 100));
  CHECK((amount(R"(,"amount_usd":null,"net_amount":200)") == 200));
  CHECK((amount(R"(,"amount_usd":"?","net_amount":200)") == 200));
  CHECK_FALSE(amount(R"(,"amount":300,"total_amount":400,"subtotal_amount":500)"));
  CHECK_FALSE(amount(""));
}

TEST_CASE("bodies: a currency other than USD, in any case, is a foreign one") {
  const auto foreign = [](std::string_view currency) {
    return read_data("order.paid", R"("id":"o")" + member("currency", currency)).foreign_currency;
  };
  for (const char* usd : {"\"usd\"", "\"USD\"", "\"Usd\"", "null", "\"\"", "840", "{}", "[\"eur\"]"})
    CHECK(foreign(usd).empty());
  CHECK(foreign("\"eur\"") == "eur");
  CHECK(foreign("\"EUR\"") == "eur");
  CHECK(foreign("\"jPy\"") == "jpy");
  CHECK(foreign("\"usd \"") == "usd ");
}

TEST_CASE("bodies: a refund has succeeded only if it says so") {
  for (const char* status : {"\"pending\"", "\"failed\"", "\"canceled\"", "\"Succeeded\"", "null",
                             "true", "\"of a kind to come\""})
    CHECK_FALSE(read_data("refund.updated", R"("id":"r")" + member("status", status)).succeeded);
  CHECK(read_data("refund.updated", R"("id":"r","status":"succeeded")").succeeded);
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
  const auto listed = read_data("customer.state_changed",
                                R"("id":"p","active_subscriptions":[{"id":"a"}],)"
                                R"("active_subscriptions":[{"id":"b","id":"c"}])")
                          .listed;
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().id == "c");
}

TEST_CASE("bodies: of a key that comes twice the last value counts, also if it is of another type") {
  CHECK(read_data("order.paid", R"("id":"a","id":{})").object_id.empty());
  CHECK(read_data("order.paid", R"("id":"a","id":["b"])").object_id.empty());
  CHECK(read_body(R"({"type":"x","id":"a","id":[]})").id.empty());
  CHECK(read_event(R"({"type":"order.paid","data":{"id":"a"},"data":null})").object_id.empty());
  CHECK(read_event(R"({"type":"order.paid","data":{"id":"a"},"data":[]})").object_id.empty());
  const auto names = [](std::string_view members) {
    return read_data("customer.updated", R"("id":"p",)" + std::string(members)).names_customer;
  };
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":{})").empty());
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":null)").empty());
  CHECK(names(R"("metadata":{"user_id":"a"},"metadata":[])").empty());
  for (const char* last : {"null", "{}", "5"}) {
    INFO(last);
    CHECK_FALSE(read_data("customer.state_changed",
                          R"("id":"p","active_subscriptions":[{"id":"a"}])" +
                              member("active_subscriptions", last))
                    .listed);
  }
}

TEST_CASE("bodies: any JSON is read, and what is no object says nothing") {
  for (const char* text : {"[]", "5", "-1.5e3", "true", "null", "\"customer.created\"", "[[[]]]",
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

TEST_CASE("bodies: numbers of any size are JSON") {
  for (const char* number : {"1e999999999999999999", "-1e-999999999999999999", "1e308", "1e309",
                             "123456789012345678901234567890123456789012345678901234567890",
                             "0.000000000000000000000000000000000000000000000000000000000001"}) {
    INFO(number);
    CHECK(read_data("customer.created", R"("id":"p","x":)" + std::string(number))
              .polar_customer_id == "p");
  }
}

TEST_CASE("bodies: what is no JSON is invalid_json, and says why") {
  BodyReader reader;
  for (const std::string_view text :
       {std::string_view(""), std::string_view(" "), std::string_view("{"), std::string_view("{}x"),
        std::string_view("{} {}"), std::string_view("{'a':1}"), std::string_view(R"({"a":})"),
        std::string_view(R"({"a":1,})"), std::string_view("[1,]"), std::string_view("nul"),
        std::string_view("NaN"), std::string_view("01"), std::string_view("+1"),
        std::string_view("// a\n{}"), std::string_view("\xEF\xBB\xBF{}"),
        std::string_view("{\"a\":\"\xFF\"}"), std::string_view("{\"a\":\"\n\"}"),
        std::string_view("{\"a\":\"\\x\"}"), std::string_view("{\"a\":\"b"),
        std::string_view("{}\0", 3), std::string_view("type=customer.created&id=5")}) {
    INFO("'" << text << "'");
    const auto body = reader.read(text, kArrived);
    REQUIRE_FALSE(body.ok());
    CHECK(body.error().code == "invalid_json");
    CHECK(body.error().detail.starts_with("the body is no JSON: "));
    CHECK(body.error().detail.size() > 21);
  }
}

TEST_CASE("bodies: deep nesting is read up to a depth, and never runs out of stack") {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"customer.created","data":{"id":"p","x":)" + std::string(depth, '[') +
           std::string(depth, ']') + "}}";
  };
  CHECK(read_event(nested(200)).polar_customer_id == "p");
  BodyReader reader;
  CHECK(reader.read(nested(100'000), kArrived).error().code == "invalid_json");
  CHECK_FALSE(reader.read(std::string(1'000'000, '['), kArrived).ok());
  CHECK_FALSE(reader.read(std::string(1'000'000, '{'), kArrived).ok());
  CHECK(reader.read("{}", kArrived).ok());
}

}  // namespace reckoner::polar
