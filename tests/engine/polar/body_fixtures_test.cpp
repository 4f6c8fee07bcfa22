// Bodies: every fixture of Polar's, real ones and constructed ones, becomes the event that it is.
#include <map>

#include "tests/engine/polar/read_body.hpp"
#include "tests/support/files.hpp"

namespace reckoner::polar {
namespace {

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
  PolarEvent event = event_of(Kind::customer_state_changed, kCaptured,
                              "2026-03-30T16:13:57.116896Z", "2026-03-30T16:13:53.881116Z");
  event.email = "person@example.com";
  event.names_customer = "bd2a202e-1a19-43c0-a29c-91e37f8bc708";
  event.listed.emplace();
  event.listed->push_back({"d1b800fe-457a-4b3d-81f3-d6d505fa075e",
                           "260ea636-e7ac-452e-ae4c-8c0db35365ca", Status::trialing, std::nullopt});
  return event;
}

PolarEvent order_paid() {
  PolarEvent event =
      event_of(Kind::payment, kCustomer, "2026-10-01T10:00:20.1Z", "2026-10-01T10:00:20Z");
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
  PolarEvent event =
      event_of(Kind::order_refunded, kCustomer, "2026-10-02T09:00:01Z", "2026-10-02T09:00:00.9Z");
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
      {"subscription.canceled",
       subscription(Status::active, "2026-09-15T12:00:00.2Z", "2026-09-15T12:00:00.05Z")},
      {"subscription.created", subscription(Status::active, "2026-09-01T10:00:06.1Z")},
      {"subscription.cycled",
       subscription(Status::active, "2026-10-01T10:00:08.1Z", "2026-10-01T10:00:08Z")},
      {"subscription.past_due", subscription(Status::past_due, "2026-10-01T10:01:00.1Z",
                                             "2026-10-01T10:01:00Z", "2026-10-01T10:00:59Z")},
      {"subscription.revoked", subscription(Status::canceled, "2026-10-22T10:02:00.2Z",
                                            "2026-10-22T10:02:00Z", "2026-10-01T10:00:59Z")},
      {"subscription.updated.cancel_at_period_end",
       subscription(Status::active, "2026-09-15T12:00:00.1Z", "2026-09-15T12:00:00.05Z")},
  };
}

}  // namespace

TEST_CASE("bodies: every fixture of Polar's becomes the event that it is") {
  const auto expected = expected_of_fixtures();
  std::size_t read = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(support::golden_folder() / "polar-fixtures" / "raw")) {
    DYNAMIC_SECTION(file.path().filename().string()) {
      const auto found = expected.find(file.path().stem().string());
      REQUIRE(found != expected.end());
      const Body body = read_body(support::read_file(file.path()));
      CHECK(body.id.empty());  // Polar's is in a header
      CHECK(!body.event.type.empty());
      CHECK(file.path().filename().string().find(body.event.type) != std::string::npos);
      check_same(body.event, found->second);
    }
    ++read;
  }
  CHECK(read == expected.size());
}

}  // namespace reckoner::polar
