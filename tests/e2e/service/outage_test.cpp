// Polar is down for a while: charges wait, usage goes on and is acknowledged, retries add nothing
// to the journal; afterwards all is settled, each charge once.
#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/e2e/service/accounts.hpp"

namespace reckoner::e2e {
namespace {

void send_usage(Stand& stand, const std::string& phase, int customers) {
  for (int i = 0; i < customers; ++i) {
    const std::string who = "u" + std::to_string(i);
    const Answer answer = stand.post(
        "/api/v1/usage", R"({"customer_id":")" + who + R"(","tokens":6000,"operation":"chat",)" +
                             R"("idempotency_key":")" + phase + who + "\"}");
    INFO(answer.body << answer.why);
    REQUIRE(answer.ok());
    CHECK(text_of(answer.json(), "status") == "accepted");
  }
}

// Entries that tell what became of a charge.
std::int64_t settlement_lines(Stand& stand) {
  const Ran ran = stand.reckoner("export --history out.jsonl --url sqlite:store.db");
  INFO(ran.said);
  REQUIRE(ran.code == 0);
  std::int64_t found = 0;
  support::each_line(stand.read("out.jsonl"), [&](std::string_view line) {
    found += line.find(R"("kind":"settlement")") != line.npos ? 1 : 0;
  });
  return found;
}

}  // namespace

TEST_CASE("service: Polar is down, and nothing is lost by it", "[faults]") {
  constexpr int kCustomers = 25;
  Stand stand;
  stand.start();
  for (int i = 0; i < kCustomers; ++i) {
    const std::string n = std::to_string(i);
    REQUIRE(stand
                .post("/api/v1/customers",
                      R"({"customer_id":"u)" + n + R"(","polar_customer_id":"cus_u)" + n + "\"}")
                .ok());
  }
  send_usage(stand, "before", kCustomers);
  REQUIRE(stand.await_settled());
  const std::int64_t settled = settlement_lines(stand), called = stand.sandbox.charge_calls();
  stand.sandbox.faults("down");
  send_usage(stand, "down", kCustomers);
  // All in one answer: a pending one may become unknown at any time.
  const std::vector<boost::json::object> charges = stand.charges();
  CHECK(std::count_if(charges.begin(), charges.end(), [](const auto& charge) {
          const std::string status = text_of(charge, "status");
          return status == "pending" || status == "unknown";
        }) == kCustomers);
  // However often they are tried: each charge whose outcome is unknown is on record as that, once.
  std::int64_t unknown = 0, lines = 0;
  const auto count_unknown = [&] { return std::ssize(stand.charges("unknown")); };
  do {
    unknown = count_unknown();
    lines = settlement_lines(stand);
  } while (unknown == 0 || count_unknown() != unknown ||
           stand.sandbox.charge_calls() < called + unknown + 2);
  CHECK(lines == settled + unknown);
  send_usage(stand, "still", kCustomers);
  // Killed, and ended in order, while it is down.
  REQUIRE(stand.engine().kill());
  stand.start();
  send_usage(stand, "again", kCustomers);
  const std::optional<int> code = stand.stop();
  INFO(stand.engine().said());
  REQUIRE(code == 0);
  stand.start();
  CHECK(stand.at_ready("folded") == 0);
  CHECK(stand.charges("failed").empty());
  stand.sandbox.faults("");
  const Accounts accounts = compare_with_sandbox_and_replay(stand);
  CHECK(accounts.charges_taken == 4 * kCustomers);
  CHECK(accounts.charges_left == 0);
}

}  // namespace reckoner::e2e
