// `kill -9` at random moments under load: while it starts, takes requests, sends charges. Nothing
// acknowledged is missing after it, nothing counts twice, no charge is taken twice or left behind,
// also of customers who never come back.
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/e2e/service/accounts.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::e2e {
namespace {

std::uint64_t seed_of_run() {
  const char* given = std::getenv("RECKONER_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

// Customers go to sleep and are written behind all the time.
const std::vector<std::string> kSettings = {"billing.hold_charge_usd=5.00", "engine.idle=1s",
                                            "engine.tick=50ms", "engine.awake_customers=10"};

void sleep_for(std::uint64_t milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

}  // namespace

TEST_CASE("service: kill -9 at random moments under load", "[crash]") {
  const std::uint64_t seed = seed_of_run();
  INFO("again with RECKONER_SEED=" << seed);
  std::mt19937_64 random(seed);
  const int kills = support::long_tests() ? 50 : 5;
  Stand stand(kSettings);
  stand.start();
  REQUIRE(stand.stop() == 0);
  Traffic traffic(seed);
  stand.sandbox.faults("lost:0.05,500:0.02,slow:20");
  int killed = 0;
  // However slow the machine, and whatever was drawn: enough has happened to be worth a look.
  for (int round = 0; killed < kills || traffic.answered() < 1'000; ++round) {
    stand.begin({});
    if (random() % 5 == 0) {  // before it is ready, as likely as not
      sleep_for(random() % 40);
      killed += stand.engine().kill();
      continue;
    }
    REQUIRE(stand.await_ready());
    traffic.begin(stand, 4, round);
    sleep_for(50 + random() % 700);
    // Or in the middle of its end.
    const bool ends = random() % 4 == 0;
    if (ends) {
      stand.engine().send(SIGTERM);
      sleep_for(random() % 30);
    }
    const bool ran = stand.engine().kill();
    INFO(stand.engine().said());
    REQUIRE((ran || (ends && stand.engine().wait() == 0)));
    killed += ran;
    traffic.end();
  }
  stand.sandbox.faults("");
  stand.start();
  const Accounts accounts = settle_accounts(stand, traffic);
  CHECK(accounts.usage > 100);
  CHECK(accounts.webhooks > 10);
  CHECK(accounts.charges_taken > 10);
}

TEST_CASE("service: SIGTERM under load loses nothing, and leaves nothing to fold", "[crash]") {
  Stand stand(kSettings);
  stand.start();
  Traffic traffic(1);
  for (int round = 0; round < (support::long_tests() ? 10 : 2); ++round) {
    traffic.begin(stand, 4, round);
    while (traffic.answered() < 300 * (static_cast<unsigned>(round) + 1)) sleep_for(5);
    const std::optional<int> code = stand.stop();
    INFO(stand.engine().said());
    REQUIRE(code == 0);
    traffic.end();
    stand.start();
    CHECK(stand.at_ready("folded") == 0);
    CHECK(stand.at_ready("entries") > 0);
  }
  CHECK(settle_accounts(stand, traffic).usage > 100);
}

}  // namespace reckoner::e2e
