#include "sim/sandbox/deliveries.hpp"

#include <catch2/catch.hpp>

namespace reckoner::sim::sandbox {
namespace {

constexpr Instant kStart{0};

struct Stand {
  Deliveries deliveries{true, 1};
  Instant now = kStart;

  bool add(const std::string& id, WebhookFate fate = {}) {
    return deliveries.add({id, "invoice.paid", "{\"id\":\"" + id + "\"}"}, fate, now);
  }
  // The id of what is to be sent now, which then is under way; "" if nothing is.
  std::string next() {
    const auto attempt = deliveries.next(now);
    if (!attempt) return "";
    last = attempt->number;
    return attempt->id;
  }
  std::string next_done(unsigned status) {
    const std::string id = next();
    if (!id.empty()) deliveries.done(last, status, now);
    return id;
  }
  // All attempts of the next webhook fail.
  void fail_for_good() {
    for (int i = 0; i < Deliveries::kAttempts; ++i) {
      if (const auto due = deliveries.due()) now = *due;
      REQUIRE_FALSE(next_done(500).empty());
    }
  }
  std::uint64_t last = 0;
};

}  // namespace

TEST_CASE("sandbox deliveries: first attempts are in order, one at a time", "[sandbox][webhooks]") {
  Stand stand;
  for (const char* id : {"a", "b", "c"}) CHECK(stand.add(id));
  CHECK(stand.next() == "a");
  CHECK(stand.next().empty());  // not before a's answer
  stand.deliveries.done(stand.last, 204, stand.now);
  CHECK(stand.next_done(200) == "b");
  CHECK(stand.next_done(299) == "c");
  CHECK(stand.next().empty());
  CHECK(stand.deliveries.counts().delivered == 3);
  CHECK(stand.deliveries.counts().pending == 0);
  CHECK(stand.deliveries.records()[1].attempts == 1);
  CHECK(stand.deliveries.records()[1].state == DeliveryState::delivered);
}

TEST_CASE("sandbox deliveries: a failed one is tried again, and overtaken", "[sandbox][webhooks]") {
  Stand stand;
  stand.add("a");
  stand.add("b");
  CHECK(stand.next_done(302) == "a");  // only 2xx is success
  CHECK(stand.next_done(200) == "b");
  CHECK(stand.next().empty());
  const Instant due = stand.deliveries.due().value();
  CHECK(due - kStart >= 2 * kSecond);
  CHECK(due - kStart <= 4 * kSecond);
  stand.now = due - 1;
  CHECK(stand.next().empty());
  stand.now = due;
  CHECK(stand.next_done(200) == "a");
  CHECK(stand.deliveries.records()[0].attempts == 2);
  CHECK(stand.deliveries.counts().attempts == 3);
}

TEST_CASE("sandbox deliveries: ten attempts with growing pauses, then it is dropped",
          "[sandbox][webhooks]") {
  Stand stand;
  stand.add("a");
  Micros nominal = 4 * kSecond;
  CHECK(stand.next_done(0) == "a");
  for (int attempt = 2; attempt <= 10; ++attempt) {
    const Micros pause = stand.deliveries.due().value() - stand.now;
    INFO("before attempt " << attempt << ": " << pause);
    CHECK(pause >= nominal / 2);
    CHECK(pause <= nominal);
    nominal = std::min<Micros>(nominal * 2, 1'200 * kSecond);
    stand.now = stand.deliveries.due().value();
    CHECK(stand.next_done(0) == "a");
  }
  CHECK_FALSE(stand.deliveries.due().has_value());
  CHECK(stand.deliveries.records()[0].attempts == 10);
  CHECK(stand.deliveries.records()[0].state == DeliveryState::failed);
  CHECK(stand.deliveries.counts().failed == 1);
  CHECK(stand.deliveries.enabled());
}

TEST_CASE("sandbox deliveries: ten that fail in a row disable the endpoint",
          "[sandbox][webhooks]") {
  Stand stand;
  for (int i = 0; i < 9; ++i) {
    stand.add("x");
    stand.fail_for_good();
  }
  stand.add("good");
  CHECK(stand.next_done(200) == "good");  // one that comes through counts from the start again
  for (int i = 0; i < 9; ++i) {
    stand.add("x");
    stand.fail_for_good();
  }
  CHECK(stand.deliveries.enabled());
  stand.add("tenth");
  stand.fail_for_good();
  CHECK_FALSE(stand.deliveries.enabled());
  CHECK_FALSE(stand.add("lost"));
  CHECK(stand.deliveries.counts().not_created == 1);
  stand.deliveries.set_enabled(true);
  CHECK(stand.add("again"));
  CHECK(stand.next_done(200) == "again");
}

TEST_CASE("sandbox deliveries: disabling skips what is pending", "[sandbox][webhooks]") {
  Stand stand;
  for (const char* id : {"a", "b", "c"}) stand.add(id);
  CHECK(stand.next_done(500) == "a");
  CHECK(stand.next() == "b");
  stand.deliveries.set_enabled(false);
  stand.deliveries.done(stand.last, 200, stand.now);  // too late to count
  CHECK(stand.deliveries.counts().skipped == 3);
  CHECK(stand.deliveries.counts().pending == 0);
  CHECK(stand.next().empty());
  CHECK_FALSE(stand.deliveries.due().has_value());
  stand.deliveries.set_enabled(true);
  stand.add("d");
  CHECK(stand.next_done(200) == "d");
}

TEST_CASE("sandbox deliveries: what faults do to them", "[sandbox][webhooks]") {
  Stand stand;
  stand.add("a");
  stand.add("dropped", {.drop = true});
  stand.add("twice", {.duplicate = true});
  stand.add("sooner", {.reorder = true});
  stand.add("late", {.delay = 3 * kSecond});
  std::string order;
  for (std::string id = stand.next_done(200); !id.empty(); id = stand.next_done(200))
    order += id + ' ';
  CHECK(order == "a sooner twice twice ");
  CHECK(stand.deliveries.records()[1].state == DeliveryState::failed);
  CHECK(stand.deliveries.records()[1].attempts == 0);
  stand.now = stand.now + 3 * kSecond;
  CHECK(stand.next_done(200) == "late");
  stand.add("alone", {.reorder = true});
  stand.add("next");
  CHECK(stand.next_done(200) == "next");
  stand.now = stand.now + kSecond;
  CHECK(stand.next_done(200) == "alone");
  CHECK(stand.deliveries.counts().pending == 0);
}

TEST_CASE("sandbox deliveries: bounded, in what waits and in what is under way",
          "[sandbox][webhooks]") {
  Stand stand;
  for (std::size_t i = 0; i < Deliveries::kMostPending; ++i) REQUIRE(stand.add("w"));
  CHECK_FALSE(stand.add("one more"));
  CHECK(stand.deliveries.counts().not_created == 1);
  CHECK(stand.deliveries.counts().pending == Deliveries::kMostPending);
  for (int i = 0; i < 100; ++i) stand.next_done(500);
  stand.now = stand.now + kDay;
  std::size_t under_way = 0;
  while (!stand.next().empty()) ++under_way;
  CHECK(under_way == Deliveries::kMostInFlight);
}

TEST_CASE("sandbox deliveries: without an endpoint nothing is made", "[sandbox][webhooks]") {
  Deliveries none(false, 1);
  CHECK_FALSE(none.add({"a", "t", "{}"}, {}, kStart));
  none.set_enabled(true);
  CHECK_FALSE(none.enabled());
  CHECK(none.records().empty());
}

TEST_CASE("sandbox deliveries: a cleared one forgets what is under way", "[sandbox][webhooks]") {
  Stand stand;
  stand.add("a");
  CHECK(stand.next() == "a");
  const std::uint64_t before = stand.last;
  stand.deliveries.clear();
  stand.add("b");
  CHECK(stand.next() == "b");
  stand.deliveries.done(before, 200, stand.now);
  CHECK(stand.deliveries.counts().delivered == 0);
  stand.deliveries.done(stand.last, 200, stand.now);
  CHECK(stand.deliveries.counts().delivered == 1);
}

}  // namespace reckoner::sim::sandbox
