// Bodies: what each kind of event is read as (billing-rules.md, Webhooks).
#include "tests/engine/polar/read_body.hpp"

namespace reckoner::polar {

TEST_CASE("bodies: the guide's have an id of their own, no time, and amounts in USD") {
  const Body body =
      read_body(R"({"id":"evt_9","type":"invoice.paid","data":{"id":"in_1","customer_id":"cus_1",)"
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

  for (const char* none :
       {"", ",\"status\":null", ",\"status\":\"\"", ",\"status\":3", ",\"status\":[\"active\"]"}) {
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
  for (const char* reason : {"\"purchase\"", "\"subscription_meter_cycle\"",
                             "\"of a kind to come\"", "\"Subscription_cycle\""}) {
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
      {"29", 2900},
      {"29.0", 2900},
      {"29.1", 2910},
      {"\"29.10\"", 2910},
      {"0", 0},
      {"0.0", 0},
      {"1e2", 10000},
      {"1E+2", 10000},
      {"12.5e-1", 125},
      {"\"1e2\"", 10000},
      {"10.005", 1001},
      {"10.004999", 1000},
      {"\"10.005\"", 1001},
      {"0.005", 1},
      {"0.0049", 0},
      {"1.115", 112},
      {"2.675", 268},
      {"4.35", 435},
      {"1.1", 110},
      {"8192.015", 819202},
      // The decimal is that of the double; of a text it is what stands there.
      {"0.1000000000000000055511151231257827021181583404541015625", 10},
      {"0.00499999999999999999999999999999999", 1},
      {"\"0.00499999999999999999999999999999999\"", 0},
      {"\"0.00500000000000000000000000000000000\"", 1},
      {"9007199254740993", 900719925474099300},
      {"\"9007199254740993\"", 900719925474099300},
      // int64 cents hold these still, and these no more.
      {"\"92233720368547758.07\"", INT64_MAX},
      {"\"92233720368547758.075\"", std::nullopt},
      {"92233720368547758.08", std::nullopt},
      {"1e17", std::nullopt},
      {"18446744073709551616", std::nullopt},
      {"1e400", std::nullopt},
      {"-1e400", std::nullopt},
      {"\"1e400\"", std::nullopt},
      {"\"1e999999999\"", std::nullopt},
      // Too small for a double other than zero.
      {"1e-400", 0},
      {"\"1e-400\"", 0},
      // Below zero, however little: no payment, and it must not look like one of nothing.
      {"-5", -500},
      {"-0.005", -1},
      {"-0.001", -1},
      {"\"-5.00\"", -500},
      {"\"-0.001\"", -1},
      {"-1e-12", -1},
      // No numbers.
      {"null", std::nullopt},
      {"\"\"", std::nullopt},
      {"true", std::nullopt},
      {"{}", std::nullopt},
      {"[29]", std::nullopt},
      {"\"29,00\"", std::nullopt},
      {"\"$29\"", std::nullopt},
      {"\" 29\"", std::nullopt},
      {"\"29 USD\"", std::nullopt},
      {"\"0x1D\"", std::nullopt},
      {"\"NaN\"", std::nullopt},
      {"\"Infinity\"", std::nullopt},
      {"\"+29\"", std::nullopt},
      {"\"29.\"", std::nullopt},
      {"\".5\"", std::nullopt},
      {"\"--1\"", std::nullopt},
  };
  for (const auto& [amount, cents] : amounts) {
    INFO(amount);
    const std::string data = R"("id":"i")" + member("amount_usd", amount);
    CHECK((read_data("invoice.paid", data).amount == cents));
  }
}

TEST_CASE("bodies: amounts in cents are integers, or numbers that are whole") {
  const std::pair<const char*, std::optional<Cents>> amounts[] = {
      {"1313", 1313},
      {"1313.0", 1313},
      {"1.313e3", 1313},
      {"\"1313\"", 1313},
      {"0", 0},
      {"-5", -5},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", std::nullopt},
      {"1e18", 1'000'000'000'000'000'000},
      {"1e19", std::nullopt},
      {"1313.5", std::nullopt},
      {"0.1", std::nullopt},
      {"1e-3", std::nullopt},
      {"\"1313.5\"", std::nullopt},
      {"null", std::nullopt},
      {"\"\"", std::nullopt},
      {"\"a lot\"", std::nullopt},
      {"false", std::nullopt},
      {"[1313]", std::nullopt},
      {"{\"cents\":1313}", std::nullopt},
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
  for (const char* usd :
       {"\"usd\"", "\"USD\"", "\"Usd\"", "null", "\"\"", "840", "{}", "[\"eur\"]"})
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

}  // namespace reckoner::polar
