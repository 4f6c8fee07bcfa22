// What the settlement does about each answer, on virtual time.
#include "tests/actors/settlement/settler_stand.hpp"

namespace reckoner::settlement {

TEST_CASE("settlement: a charge is durable as unknown before it is sent", "[settlement]") {
  SettlerStand stand;
  stand.start();
  stand.pass(10);
  std::vector<ChargeStatus> seen;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) {
    seen.push_back(stand.charges.status("c1000", 1));
    return Deed::good;
  };
  stand.customers(0, 1);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::pending);
  stand.pass(1'000);
  CHECK(seen == std::vector{ChargeStatus::unknown});
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.charges.polar_charge_id("c1000", 1) == "ch_1");
  CHECK(stand.settler->figures().waiting == 0);
  CHECK(stand.settler->figures().taken == 1);
  CHECK(stand.alarms.empty());
}

TEST_CASE("settlement: charges found at the start are settled, of many pages", "[settlement]") {
  SettlerStand stand;
  stand.options.page = 3;
  stand.customers(0, 20);
  for (int i = 0; i < 20; ++i) stand.charges.charge(stand.name(i));
  stand.start();
  stand.pass(5'000);
  CHECK(stand.charges.unsettled() == 0);
  CHECK(stand.polar.held.size() == 40);
  CHECK(stand.each_taken_once());
}

TEST_CASE("settlement: an unknown charge is looked up before it is sent", "[settlement]") {
  SettlerStand stand;
  stand.customers(0, 2);
  stand.charges.settle("c1000", 1, ChargeStatus::unknown);
  stand.charges.settle("c1001", 1, ChargeStatus::unknown);
  stand.polar.held["c1000:1"] = {100, "ch_earlier", 1};
  const std::uint64_t length = stand.charges.journal_length;
  stand.start();
  stand.pass(1'000);
  CHECK(stand.polar.count("look c1000:1") == 1);
  CHECK(stand.polar.count("send c1000:1") == 0);
  CHECK(stand.charges.polar_charge_id("c1000", 1) == "ch_earlier");
  CHECK(stand.polar.count("look c1001:1") == 1);
  CHECK(stand.polar.count("send c1001:1") == 1);
  CHECK(stand.charges.unsettled() == 0);
  CHECK(stand.charges.journal_length == length + 2);  // two outcomes
}

TEST_CASE("settlement: where Polar cannot look up, sending again is the look-up", "[settlement]") {
  SettlerStand stand;
  stand.customers(0, 1);
  stand.charges.settle("c1000", 1, ChargeStatus::unknown);
  stand.polar.held["c1000:1"] = {100, "ch_earlier", 1};
  stand.polar.deed = [](const polar::ChargeOrder&, bool is_send) {
    return is_send ? Deed::good : Deed::cannot_look;
  };
  stand.start();
  stand.pass(1'000);
  CHECK(stand.charges.polar_charge_id("c1000", 1) == "ch_earlier");
  CHECK(stand.each_taken_once());
}

TEST_CASE("settlement: what nobody could look up stays unknown until somebody can",
          "[settlement]") {
  SettlerStand stand;
  stand.customers(0, 1);
  stand.charges.settle("c1000", 1, ChargeStatus::unknown);
  stand.polar.held["c1000:1"] = {100, "ch_earlier", 1};
  bool away = true;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool is_send) {
    if (!away) return Deed::good;
    return is_send ? Deed::no_key : Deed::cannot_look;
  };
  stand.start();
  stand.pass(60'000);
  const std::size_t sends = stand.polar.count("send c1000:1");
  CHECK(sends > 1);
  away = false;
  stand.pass(600'000);
  CHECK(stand.charges.polar_charge_id("c1000", 1) == "ch_earlier");
  CHECK(stand.polar.count("send c1000:1") == sends);  // a refused key says nothing of the charge
}

TEST_CASE("settlement: an answer lost after the charge was taken", "[settlement]") {
  SettlerStand stand;
  int sends = 0;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool is_send) {
    return is_send && ++sends == 1 ? Deed::lost_after : Deed::good;
  };
  stand.start();
  stand.customers(0, 1);
  stand.pass(10'000);
  CHECK(stand.polar.count("send c1000:1") == 1);
  CHECK(stand.polar.count("look c1000:1") == 1);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.settler->figures().paused.empty());
  CHECK(stand.alarms.empty());  // everyday
}

TEST_CASE("settlement: a refused charge fails, and others go on", "[settlement]") {
  SettlerStand stand;
  stand.polar.deed = [](const polar::ChargeOrder& order, bool) {
    return order.charge_id == "c1001:1" ? Deed::refuse : Deed::good;
  };
  stand.start();
  stand.customers(0, 3);
  stand.pass(1'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
  CHECK(stand.charges.status("c1001", 1) == ChargeStatus::failed);
  CHECK(stand.charges.status("c1002", 1) == ChargeStatus::submitted);
  CHECK(stand.settler->figures().refused == 1);

  SECTION("until an operator starts it anew") {
    stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
    stand.pass(3'600'000);
    CHECK(stand.polar.count("send c1001:1") == 1);
    stand.charges.act("c1001", 1, OperatorDecision::retry);
    stand.pass(1'000);
    CHECK(stand.charges.status("c1001", 1) == ChargeStatus::submitted);
    CHECK(stand.polar.count("send c1001:1") == 2);
  }
}

TEST_CASE("settlement: an outage of many attempts adds nothing to the journal", "[settlement]") {
  const Deed deed = GENERATE(Deed::no_key, Deed::too_many, Deed::broken_before, Deed::lost_before,
                             Deed::no_connection);
  SettlerStand stand;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool) { return deed; };
  stand.start();
  stand.customers(0, 50);
  stand.pass(60'000);
  const std::uint64_t length = stand.charges.journal_length;
  const std::size_t calls = stand.polar.calls.size();
  stand.pass(12 * 3'600'000);
  CHECK(stand.polar.calls.size() > calls + 100);
  CHECK(stand.charges.journal_length == length);
  CHECK(stand.alarms_of("settlement_paused") == 1);
  CHECK_FALSE(stand.settler->figures().paused.empty());
  for (int i = 0; i < 50; ++i)
    CHECK(stand.charges.status(stand.name(i), 1) != ChargeStatus::failed);

  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
  stand.pass(600'000);
  CHECK(stand.charges.unsettled() == 0);
  CHECK(stand.polar.held.size() == 50);
  CHECK(stand.each_taken_once());
  CHECK(stand.alarms_of("settlement_resumed") == 1);
  CHECK(stand.settler->figures().paused.empty());
}

TEST_CASE("settlement: usage goes on while Polar is down, and its charges wait", "[settlement]") {
  SettlerStand stand;
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::broken_after; };
  stand.start();
  stand.customers(0, 20);
  stand.pass(60'000);
  const std::uint64_t length = stand.charges.journal_length;
  stand.customers(20, 40);
  stand.pass(3'600'000);
  CHECK(stand.charges.journal_length == length + 40);  // what the customers did
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::good; };
  stand.pass(600'000);
  CHECK(stand.charges.unsettled() == 0);
  CHECK(stand.each_taken_once());
}

TEST_CASE("settlement: while it is paused there is one probe at a time", "[settlement]") {
  SettlerStand stand;
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::no_key; };
  stand.start();
  stand.customers(0, 50);
  stand.pass(60'000);
  CHECK(stand.polar.most_under_way <= stand.options.in_flight);
  stand.polar.most_under_way = 0;
  stand.pass(3'600'000);
  CHECK(stand.polar.most_under_way == 1);
}

TEST_CASE("settlement: Retry-After is obeyed", "[settlement]") {
  SettlerStand stand;
  stand.options.in_flight = 1;
  stand.polar.deed = [](const polar::ChargeOrder&, bool) { return Deed::too_many; };
  stand.start();
  stand.customers(0, 5);
  stand.pass(600'000);
  REQUIRE(stand.polar.call_times.size() > 3);
  for (std::size_t i = 1; i < stand.polar.call_times.size(); ++i)
    CHECK(stand.polar.call_times[i] - stand.polar.call_times[i - 1] >= Delay(60'000));
}

TEST_CASE("settlement: one charge that Polar stumbles over holds up no other", "[settlement]") {
  SettlerStand stand;
  const Deed deed = GENERATE(Deed::broken_before, Deed::lost_before);
  stand.polar.deed = [&](const polar::ChargeOrder& order, bool is_send) {
    return is_send && order.charge_id == "c1000:1" ? deed : Deed::good;
  };
  stand.start();
  stand.customers(0, 1);
  stand.pass(600'000);
  stand.customers(1, 40);
  stand.pass(3'600'000);
  CHECK(stand.charges.unsettled() == 1);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::unknown);
  CHECK(stand.settler->figures().paused.empty());
  CHECK(stand.alarms_of("charge_unsettled") == 1);
  CHECK(stand.each_taken_once());
}

TEST_CASE("settlement: another amount under the same id is left alone", "[settlement]") {
  SettlerStand stand;
  stand.customers(0, 1);
  stand.charges.settle("c1000", 1, ChargeStatus::unknown);
  stand.polar.held["c1000:1"] = {999, "ch_other", 1};
  stand.start();
  stand.pass(3'600'000);
  CHECK(stand.polar.calls.size() == 1);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::unknown);
  CHECK(stand.alarms_of("charge_drift") == 1);
  CHECK(stand.settler->figures().drifts == 1);

  SECTION("others of the same customer go on") {
    stand.charges.charge("c1000");
    stand.pass(1'000);
    CHECK(stand.charges.status("c1000", 2) == ChargeStatus::submitted);
  }
  SECTION("until a person acts") {
    stand.charges.settle("c1000", 1, ChargeStatus::pending);
    stand.polar.held.clear();
    stand.pass(1'000);
    CHECK(stand.charges.status("c1000", 1) == ChargeStatus::submitted);
    CHECK(stand.settler->figures().drifts == 0);
  }
}

TEST_CASE("settlement: Polar says that it holds a charge, and shows it later", "[settlement]") {
  SettlerStand stand;
  bool shows = false;
  stand.polar.deed = [&](const polar::ChargeOrder&, bool is_send) {
    if (is_send) return Deed::conflict;
    return shows ? Deed::good : Deed::cannot_look;
  };
  stand.start();
  stand.customers(0, 1);
  stand.pass(7'200'000);
  CHECK(stand.charges.status("c1000", 1) == ChargeStatus::unknown);
  CHECK(stand.alarms_of("charge_unsettled") == 1);
  CHECK(stand.polar.calls.size() < 200);
  stand.polar.held["c1000:1"] = {100, "ch_1", 1};
  shows = true;
  stand.pass(3'600'000);
  CHECK(stand.charges.polar_charge_id("c1000", 1) == "ch_1");
}

}  // namespace reckoner::settlement
