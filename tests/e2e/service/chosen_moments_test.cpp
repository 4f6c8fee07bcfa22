// Dying where it hurts most: between the commit and what follows from it, in the middle of a
// charge's first attempt, and when Polar takes a charge and its answer is lost.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/e2e/service/accounts.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::e2e {
namespace {

constexpr int kDied = 86;  // dying_engine.cpp

EngineOptions dying(const std::string& when) {
  return {
      .settings = {}, .environment = {"RECKONER_DIE=" + when}, .take_over = false, .dying = true};
}

std::string usage(const std::string& customer, int tokens, const std::string& key,
                  const std::string& operation = "chat") {
  return R"({"customer_id":")" + customer + R"(","tokens":)" + std::to_string(tokens) +
         R"(,"operation":")" + operation + R"(","idempotency_key":")" + key + "\"}";
}

void register_customer(Stand& stand, const std::string& id) {
  const Answer done =
      stand.post("/api/v1/customers",
                 R"({"customer_id":")" + id + R"(","polar_customer_id":"cus_)" + id + "\"}");
  INFO(done.body << done.why);
  REQUIRE(done.ok());
}

template <class Done>
bool comes_to(Done done) {
  for (int tries = 0; tries < 6'000; ++tries) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::size_t taken(Stand& stand) {
  return stand.sandbox.state().at("charges").as_array().size();
}

}  // namespace

TEST_CASE("service: dying right before and right after the commit of an event", "[crash]") {
  Stand stand;
  stand.start();
  register_customer(stand, "u1");
  for (const std::string when : {"before", "after"}) {
    INFO("dying " << when << " the commit");
    register_customer(stand, "gone-" + when);
    REQUIRE(stand.stop() == 0);
    stand.start(dying(when + ":so-long"));
    const std::string body = usage("gone-" + when, 7'000, "key-" + when, "so-long");
    const std::string webhook = R"({"id":"evt-)" + when +
                                R"(","type":"invoice.paid","data":{"id":"inv-)" + when +
                                R"(","customer_id":"cus_u1","amount_usd":"3.00"}})";
    const Answer answer = stand.post("/api/v1/usage", body);
    CHECK(answer.status == 0);
    CHECK(stand.engine().wait() == kDied);
    stand.start();
    CHECK(stand.at_ready("folded") == (when == "after" ? 1 : 0));
    // The customer has not come back; what it owes is charged all the same.
    REQUIRE(stand.await_settled());
    CHECK(taken(stand) == (when == "after" ? 2 : 0));
    const Answer again = stand.post("/api/v1/usage", body);
    CHECK(text_of(again.json(), "status") == (when == "after" ? "duplicate" : "accepted"));
    REQUIRE(stand.stop() == 0);
    stand.start(dying(when + ":evt-" + when));
    CHECK(stand.webhook(webhook).status == 0);
    CHECK(stand.engine().wait() == kDied);
    stand.start();
    CHECK(text_of(stand.webhook(webhook).json(), "status") ==
          (when == "after" ? "duplicate" : "success"));
  }
  const Accounts accounts = compare_with_sandbox_and_replay(stand);
  CHECK(accounts.charges_taken == 2);
  const boost::json::object report = boost::json::parse(stand.read("report.json")).as_object();
  CHECK(text_of(report.at("totals").as_object(), "payments_usd") == "6.00");
}

TEST_CASE("service: dying at each commit in turn, under load", "[crash]") {
  Stand stand({"billing.hold_charge_usd=5.00", "engine.idle=1s", "engine.tick=20ms",
               "engine.awake_customers=5"});
  stand.start();
  REQUIRE(stand.stop() == 0);
  Traffic traffic(7);
  int died = 0;
  for (int commit = 1; commit <= (support::long_tests() ? 80 : 6); ++commit) {
    for (const std::string when : {"before:#", "after:#"}) {
      stand.begin(dying(when + std::to_string(commit)));
      if (!stand.await_ready()) continue;  // it died before
      traffic.begin(stand, 3, commit);
      INFO(stand.engine().said());
      CHECK(stand.engine().wait() == kDied);
      traffic.end();
      ++died;
    }
  }
  CHECK(died > 6);
  stand.start();
  CHECK(settle_accounts(stand, traffic).usage > 5);
}

TEST_CASE("service: kill -9 in the middle of a charge's first attempt", "[crash]") {
  Stand stand({"polar.request_timeout=30s"});
  stand.start();
  register_customer(stand, "u1");
  // Nothing is done, or all of it after a while: either way no answer comes in time.
  for (const std::string fault : {"hang", "slow:400"}) {
    INFO(fault);
    stand.sandbox.faults(fault);
    const std::int64_t before = stand.sandbox.charge_calls();
    REQUIRE(stand.post("/api/v1/usage", usage("u1", 6'000, fault)).ok());
    REQUIRE(comes_to([&] { return stand.sandbox.charge_calls() > before; }));
    REQUIRE(stand.engine().kill());
    stand.sandbox.faults("");
    stand.start();
    REQUIRE(stand.await_settled());
  }
  CHECK(compare_with_sandbox_and_replay(stand).charges_taken == 2);
}

TEST_CASE("service: kill -9 when a charge is taken and its answer lost", "[crash]") {
  Stand stand;
  stand.start();
  register_customer(stand, "u1");
  for (const std::string fault : {"lost", "lost_late"}) {
    INFO(fault);
    stand.sandbox.faults(fault);
    const std::size_t before = taken(stand);
    REQUIRE(stand.post("/api/v1/usage", usage("u1", 6'000, fault)).ok());
    REQUIRE(comes_to([&] { return taken(stand) > before; }));
    REQUIRE(stand.engine().kill());
    stand.sandbox.faults("");
    stand.start();
    REQUIRE(stand.await_settled());
  }
  CHECK(compare_with_sandbox_and_replay(stand).charges_taken == 2);
}

}  // namespace reckoner::e2e
