// What the settlement takes care of besides: order, limits, a store that is away, links, the end.
#include "tests/actors/settlement/settler_stand.hpp"

namespace reckoner::settlement {

TEST_CASE("settlement: a customer's charges go in order of number", "[settlement]") {
  SettlerStand stand;
  int sends = 0;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) {
    return ++sends % 3 == 1 ? Deed::lost_before : Deed::good;
  };
  stand.charges.customer("ada", "P");
  for (int i = 0; i < 12; ++i) stand.charges.charge("ada");
  stand.start();
  stand.pass(600'000);
  CHECK(stand.charges.unsettled() == 0);
  for (int i = 1; i <= 12; ++i)
    CHECK(stand.polar.held.at("ada:" + std::to_string(i)).id == "ch_" + std::to_string(i));
}

TEST_CASE("settlement: so many at a time, and so many a minute", "[settlement]") {
  SettlerStand stand;
  stand.options.in_flight = 4;
  stand.options.requests_per_minute = 60;
  stand.customers(0, 150);
  stand.start();
  stand.pass(60'000);
  CHECK(stand.polar.calls.size() <= 60);
  CHECK(stand.polar.calls.size() > 50);
  CHECK(stand.polar.most_under_way <= 4);
  stand.pass(120'000);
  CHECK(stand.charges.unsettled() == 0);
}

TEST_CASE("settlement: memory is bounded, and nothing is forgotten", "[settlement]") {
  SettlerStand stand;
  stand.options.in_memory = 10;
  stand.options.look_again = Delay(86'400'000);
  stand.options.page = 4;
  SECTION("what is there at the start") {
    stand.customers(0, 100);
    stand.start();
  }
  SECTION("what comes behind the place that has been read to") {
    stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::no_connection; };
    stand.customers(50, 100);
    stand.start();
    stand.pass(60'000);
    stand.customers(0, 50);
    stand.pass(60'000);
    stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
  }
  SECTION("what comes while Polar is away") {
    stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::no_connection; };
    stand.start();
    stand.pass(1'000);
    stand.customers(0, 100);
    stand.pass(600'000);
    CHECK(stand.settler->figures().waiting + stand.settler->figures().in_flight <= 10);
    CHECK(stand.settler->figures().more_in_store);
    stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
  }
  stand.pass(900'000);
  CHECK(stand.charges.unsettled() == 0);
  CHECK(stand.polar.held.size() == 100);
  CHECK(stand.each_taken_once());
  CHECK_FALSE(stand.settler->figures().more_in_store);
}

TEST_CASE("settlement: news that was lost is read from the store", "[settlement]") {
  SettlerStand stand;
  stand.start();
  stand.pass(10);
  stand.charges.news = nullptr;
  stand.customers(0, 3);
  stand.pass(1'000);
  CHECK(stand.polar.calls.empty());
  SECTION("at once where the loss is known") {
    stand.settler->hear({}, true);
    stand.pass(1'000);
  }
  SECTION("else in time") {
    stand.pass(300'000);
  }
  CHECK(stand.charges.unsettled() == 0);
}

TEST_CASE("settlement: an outcome waits until the store takes it", "[settlement]") {
  SettlerStand stand;
  bool available = true;
  stand.charges.available = [&] { return available; };
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) {
    available = false;
    return Deed::good;
  };
  stand.start();
  stand.customers(0, 1);
  stand.pass(600'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::unknown);
  available = true;
  stand.pass(300'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.polar.calls.size() == 1);
}

TEST_CASE("settlement: nothing is sent that is not durable", "[settlement]") {
  SettlerStand stand;
  bool available = true;
  stand.charges.available = [&] { return available; };
  stand.start();
  stand.pass(10);
  available = false;
  stand.customers(0, 30);
  stand.pass(600'000);
  CHECK(stand.polar.calls.empty());
  available = true;
  stand.pass(300'000);
  CHECK(stand.charges.unsettled() == 0);
}

TEST_CASE("settlement: a charge of a customer who was unlinked waits", "[settlement]") {
  SettlerStand stand;
  SECTION("decided before") {
    stand.customers(0, 1);
    stand.charges.unlink("P0");
    stand.start();
    stand.pass(3'600'000);
    CHECK(stand.polar.calls.empty());
    CHECK(stand.charges.status("c1000", 1) == ChargeStatus::pending);
  }
  SECTION("after an attempt of which nobody knows") {
    stand.customers(0, 1);
    stand.charges.settle("c1000", 1, ChargeStatus::unknown);
    stand.charges.unlink("P0");
    stand.start();
    stand.pass(3'600'000);
    CHECK(stand.polar.calls == std::vector<std::string>{"look c1000:1"});
    CHECK(stand.charges.status("c1000", 1) == ChargeStatus::pending);  // an operator may end it
  }
  stand.charges.customer("c1000", "P_new");
  stand.pass(600'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.each_taken_once());
}

TEST_CASE("settlement: a customer who is unlinked during an outage is sent nothing",
          "[settlement]") {
  SettlerStand stand;
  stand.polar.deed = [](const polar::ChargeOrder& order, bool) {
    CHECK(order.polar_customer_id == "P0");
    return Deed::no_connection;
  };
  stand.customers(0, 1);
  stand.start();
  stand.pass(60'000);
  stand.charges.unlink("P0");
  stand.polar.deed = [](const polar::ChargeOrder&, bool is_send) {
    CHECK_FALSE(is_send);
    return Deed::good;
  };
  stand.pass(1'800'000);
  CHECK(stand.polar.held.empty());
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::pending);
}

TEST_CASE("settlement: a charge paid or written off meanwhile is not sent", "[settlement]") {
  SettlerStand stand;
  stand.options.in_flight = 1;
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::no_connection; };
  stand.start();
  stand.customers(0, 3);
  stand.pass(60'000);
  REQUIRE(stand.charges.status("c1002", 1) == ChargeStatus::pending);
  stand.charges.act("c1002", 1, OperatorDecision::write_off);
  stand.charges.settle("c1000", 1, ChargeStatus::paid);  // a webhook named it
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
  stand.pass(600'000);
  CHECK(stand.charges.status("c1002", 1) == ChargeStatus::written_off);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::paid);
  CHECK(stand.charges.status("c1001", 1) == ChargeStatus::submitted);
  CHECK(stand.polar.held.size() == 1);
  CHECK(stand.settler->figures().waiting == 0);
}

TEST_CASE("settlement: a retry is heard before the failure has come back", "[settlement]") {
  SettlerStand stand;
  Deed deed = Deed::refuse;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) { return deed; };
  stand.charges.answers_after = Delay(500);
  stand.customers(0, 1);
  stand.start();
  stand.pass(700);
  REQUIRE(stand.charges.status("c1000", 1) == ChargeStatus::failed);
  REQUIRE(stand.settler->figures().in_flight == 1);
  deed = Deed::good;
  stand.charges.act("c1000", 1, OperatorDecision::retry);
  stand.pass(5'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.each_taken_once());
  CHECK(stand.settler->figures().waiting == 0);
}

TEST_CASE("settlement: without a key charges wait, and it says so once", "[settlement]") {
  SettlerStand stand;
  stand.start(false);
  stand.customers(0, 5);
  const std::uint64_t length = stand.charges.journal_length;
  stand.pass(3'600'000);
  CHECK(stand.charges.journal_length == length);
  CHECK(stand.charges.unsettled() == 5);
  CHECK(stand.alarms == std::vector<std::string>{
                            "settlement_off: polar.api_key is not set: charges wait and none is "
                            "sent; set it and restart"});
  CHECK(stand.settler->figures().waiting == 5);
  CHECK(stand.settler->figures().paused == "polar.api_key is not set");
}

TEST_CASE("settlement: a stop waits for those on their way, and starts no other", "[settlement]") {
  SettlerStand stand;
  stand.polar.delay = [] { return Delay(500); };
  stand.customers(0, 30);
  stand.start();
  stand.pass(100);
  const std::size_t sent = stand.polar.calls.size();
  CHECK(sent == 8);
  bool quiet = false;
  stand.settler->stop([&] { quiet = true; });
  stand.pass(300);
  CHECK_FALSE(quiet);
  stand.customers(30, 31);
  stand.pass(10'000);
  CHECK(quiet);
  CHECK(stand.polar.calls.size() == sent);
  CHECK(stand.charges.unsettled() == 31 - sent);
}

TEST_CASE("settlement: a stop keeps an outcome until it is durable", "[settlement]") {
  SettlerStand stand;
  bool available = true;
  stand.charges.available = [&] { return available; };
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) {
    available = false;
    return Deed::good;
  };
  stand.customers(0, 1);
  stand.start();
  stand.pass(2'000);
  bool quiet = false;
  stand.settler->stop([&] { quiet = true; });
  stand.pass(60'000);
  CHECK_FALSE(quiet);
  available = true;
  stand.pass(300'000);
  CHECK(quiet);
  CHECK(stand.charges.unsettled() == 0);
}

TEST_CASE("settlement: figures tell the oldest", "[settlement]") {
  SettlerStand stand;
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::no_key; };
  stand.customers(0, 3);
  stand.start();
  stand.pass(60'000);
  const SettlementFigures figures = stand.settler->figures();
  CHECK(figures.waiting == 3);
  CHECK(figures.oldest.has_value());
  CHECK(figures.paused == "Polar answers 401");
  CHECK(figures.requests == stand.polar.calls.size());
  CHECK(stand.alarms.front().find("check that polar.api_key") != std::string::npos);
}

}  // namespace reckoner::settlement
