// For the tests of bodies: reading them, and telling by field where two events differ.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "engine/polar/body.hpp"

namespace reckoner::polar {

using Kind = PolarEventKind;
using Status = SubscriptionStatus;

inline Instant time(std::string_view text) {
  const auto at = parse_instant(text);
  REQUIRE(at);
  return *at;
}

inline constexpr Instant kArrived = {1'790'000'000 * kSecond};

inline Body read_body(std::string_view text) {
  static BodyReader reader;
  auto body = reader.read(text, kArrived);
  INFO(text.substr(0, 200));
  REQUIRE(body.ok());
  return std::move(body).value();
}

inline PolarEvent read_event(std::string_view text) {
  return read_body(text).event;
}

// The members of `data` without their braces.
inline PolarEvent read_data(std::string_view type, std::string_view data) {
  return read_event(R"({"type":")" + std::string(type) + R"(","data":{)" + std::string(data) +
                    "}}");
}

// `"name":value`, behind other members.
inline std::string member(std::string_view name, std::string_view value) {
  return ",\"" + std::string(name) + "\":" + std::string(value);
}

// Field by field, so that a difference has a name; then as a whole, for fields to come. (The type
// is the body's own word: the test of the fixtures looks at it.)
inline void check_same(const PolarEvent& event, PolarEvent expected) {
  expected.type = event.type;
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

}  // namespace reckoner::polar
