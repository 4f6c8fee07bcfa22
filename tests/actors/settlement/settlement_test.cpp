// The settlement as it runs: a live engine, an actor, real HTTP.
#include <atomic>
#include <random>
#include <set>

#include "tests/actors/settlement/live_stand.hpp"

namespace reckoner::settlement {
namespace {

std::string name(int i) {
  return "c" + std::to_string(1'000 + i);
}

void sign_up(LiveStand& stand, int people) {
  for (int i = 0; i < people; ++i) stand.customer(name(i), "P" + std::to_string(i));
}

// Each charge of the engine is at Polar, once, under its id and with its Polar id.
void check_agreement(LiveStand& stand) {
  const auto held = stand.polar.held();
  const auto charges = stand.charges();
  CHECK(held.size() == charges.size());
  std::set<std::string> polar_ids;
  for (const auto& charge : charges) {
    const auto found = held.find(charge_id(charge.customer_id, charge.charge.number));
    REQUIRE(found != held.end());
    CHECK(found->second.id == charge.charge.polar_charge_id.str());
    CHECK(polar_ids.insert(found->second.id).second);
  }
}

}  // namespace

TEST_CASE("settlement, live: charges come to Polar as they are decided", "[settlement]") {
  LiveStand stand;
  stand.start();
  sign_up(stand, 5);
  for (int i = 0; i < 20; ++i) stand.use(name(i % 5));
  stand.until_settled();
  check_agreement(stand);
  CHECK(stand.count(ChargeStatus::submitted) == 20);
  CHECK(stand.polar.posts() == 20);
  CHECK(stand.polar.gets() == 0);
  CHECK(stand.alarms().empty());
  CHECK(stand.stop());
}

TEST_CASE("settlement, live: what waited from before is settled at the start", "[settlement]") {
  LiveStand stand;
  stand.options.page = 7;
  sign_up(stand, 40);
  for (int i = 0; i < 40; ++i) stand.use(name(i));
  stand.start();
  stand.until_settled();
  check_agreement(stand);
}

TEST_CASE("settlement, live: an answer that is lost, and one that never comes", "[settlement]") {
  const std::string fault = GENERATE("take close", "take hang", "take 500", "close", "hang");
  const bool hangs = fault.ends_with("hang");
  LiveStand stand(std::chrono::milliseconds(hangs ? 500 : 60'000));
  std::atomic<int> posts{0};
  stand.polar.fail([&](bool is_post) { return is_post && ++posts == 1 ? fault : ""; });
  stand.start();
  sign_up(stand, 1);
  stand.use(name(0));
  stand.until_settled();
  check_agreement(stand);
  CHECK(stand.polar.gets() >= 1);
  if (hangs) return;
  CHECK(stand.polar.gets() == 1);
  CHECK(stand.polar.posts() == (fault.starts_with("take") ? 1 : 2));
}

TEST_CASE("settlement, live: a refused charge fails", "[settlement]") {
  LiveStand stand;
  stand.polar.fail([](bool) { return "402"; });
  stand.start();
  sign_up(stand, 1);
  stand.use(name(0));
  stand.until_settled();
  CHECK(stand.count(ChargeStatus::failed) == 1);
  CHECK(stand.alarms().empty());
}

TEST_CASE("settlement, live: an outage leaves the journal as it is", "[settlement]") {
  const std::string fault = GENERATE("500", "401", "429", "close");
  LiveStand stand;
  stand.polar.fail([&](bool) { return fault; });
  stand.start();
  sign_up(stand, 30);
  for (int i = 0; i < 30; ++i) stand.use(name(i));
  LiveStand::until([&] { return stand.polar.posts() + stand.polar.gets() > 30; });
  const std::uint64_t length = stand.journal_length();
  LiveStand::until([&] { return stand.polar.posts() + stand.polar.gets() > 60; });
  CHECK(stand.journal_length() == length);
  CHECK_FALSE(stand.settlement()->figures().paused.empty());
  stand.polar.fail(nullptr);
  stand.until_settled();
  check_agreement(stand);
  LiveStand::until([&] { return stand.settlement()->figures().paused.empty(); });
  CHECK(stand.alarms() == std::vector<std::string>{"settlement_paused", "settlement_resumed"});
}

TEST_CASE("settlement, live: another amount under the same id is left alone", "[settlement]") {
  LiveStand stand;
  sign_up(stand, 2);
  stand.use(name(0));
  stand.use(name(1));
  stand.polar.hold(charge_id(name(0), 1), R"({"amount_usd":7.00,"x":1})");
  stand.start();
  LiveStand::until([&] { return stand.settlement()->figures().drifts == 1; });
  LiveStand::until([&] { return stand.count(ChargeStatus::submitted) == 1; });
  const int calls = stand.polar.posts() + stand.polar.gets();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // it has looked again meanwhile
  CHECK(stand.polar.posts() + stand.polar.gets() == calls);
  CHECK(stand.count(ChargeStatus::unknown) == 1);
  CHECK(stand.alarms() == std::vector<std::string>{"charge_drift"});
}

TEST_CASE("settlement, live: Polar has the id already, and cannot show it", "[settlement]") {
  LiveStand stand;
  sign_up(stand, 1);
  stand.use(name(0));
  stand.polar.fail([](bool is_post) { return is_post ? "409" : "404"; });
  stand.start();
  LiveStand::until([&] { return stand.polar.gets() > 2; });
  CHECK(stand.count(ChargeStatus::unknown) == 1);
  stand.polar.fail(nullptr);
  stand.until_settled();
  check_agreement(stand);
}

TEST_CASE("settlement, live: a stop in the middle leaves nothing in the air", "[settlement]") {
  LiveStand stand;
  sign_up(stand, 60);
  for (int i = 0; i < 60; ++i) stand.use(name(i));
  stand.start();
  LiveStand::until([&] { return stand.polar.posts() > 5; });
  CHECK(stand.stop());
  CHECK(stand.count(ChargeStatus::submitted) == stand.polar.held().size());
  stand.start();
  stand.until_settled();
  check_agreement(stand);
  CHECK(stand.polar.posts() == 60);
}

TEST_CASE("settlement, live: faults and deaths at random, each charge once", "[settlement]") {
  LiveStand stand(std::chrono::milliseconds(300));
  std::mt19937_64 random(20'260'105);
  std::mutex mutex;
  static const char* const kFaults[] = {"",    "",    "",      "500",        "take 500",
                                        "401", "429", "close", "take close", "take hang"};
  std::atomic<bool> faults{true};
  stand.polar.fail([&](bool) -> std::string {
    const std::lock_guard lock(mutex);
    return faults ? kFaults[random() % std::size(kFaults)] : "";
  });
  sign_up(stand, 15);
  stand.start();
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 8; ++i) stand.use(name((round * 8 + i) % 15));
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    if (round % 3 == 2) {
      stand.kill();
      stand.start();
    }
  }
  faults = false;
  stand.until_settled();
  check_agreement(stand);
  CHECK(stand.polar.held().size() == 96);
}

TEST_CASE("settlement, live: without a key nothing is sent", "[settlement]") {
  LiveStand stand;
  stand.start(false);
  sign_up(stand, 2);
  stand.use(name(0));
  stand.use(name(1));
  LiveStand::until([&] { return stand.settlement()->figures().waiting == 2; });
  LiveStand::until([&] { return !stand.alarms().empty(); });
  CHECK(stand.count(ChargeStatus::pending) == 2);
  CHECK(stand.alarms() == std::vector<std::string>{"settlement_off"});
  CHECK(stand.polar.posts() + stand.polar.gets() == 0);
  CHECK(stand.stop());
}

}  // namespace reckoner::settlement
