// What comes after an answer is applied after it, also on another connection; and what comes at
// once has one order, which the journal keeps.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/e2e/service/accounts.hpp"

namespace reckoner::e2e {
namespace {

namespace bj = boost::json;

struct Tier {
  const char* name;
  const char* product;
  const char* cost;  // of 1 000 tokens
};
constexpr Tier kTiers[] = {{"starter", "cortex_starter", "0.1"},
                           {"professional", "cortex_professional", "0.05"},
                           {"enterprise", "cortex_enterprise", "0.02"}};

// Runs in `threads` threads, which all have the same `stand`; what is wrong comes back.
std::vector<std::string> in_threads(unsigned threads,
                                    const std::function<std::string(unsigned)>& run) {
  std::vector<std::string> wrong(threads);
  std::vector<std::thread> running;
  for (unsigned i = 0; i < threads; ++i) running.emplace_back([&, i] { wrong[i] = run(i); });
  for (std::thread& thread : running) thread.join();
  std::erase(wrong, "");
  return wrong;
}

std::string usage(const std::string& customer, int tokens, const std::string& key) {
  return R"({"customer_id":")" + customer + R"(","tokens":)" + std::to_string(tokens) +
         R"(,"operation":"chat","idempotency_key":")" + key + "\"}";
}

// Upgrades by webhook, and at once usage on the other connection.
std::string upgrade_and_use(const Stand& stand, const std::string& customer, Caller& webhooks,
                            Caller& events) {
  for (const Tier& tier : kTiers) {
    bj::object data{{"id", "sub_" + customer}, {"customer_id", "cus_" + customer}};
    data["product_id"] = tier.product;
    data["status"] = "active";
    const bj::object body{
        {"id", customer + tier.name}, {"type", "subscription.updated"}, {"data", data}};
    const std::string text = bj::serialize(body);
    const Answer heard = webhooks.call("POST", stand.url("/api/v1/webhooks/polar"),
                                       webhook_headers(kWebhookSecret, text), text);
    if (heard.status != 200) return "the webhook: " + heard.body + heard.why;
    const Answer used = events.post(stand.url("/api/v1/usage"), stand.key(),
                                    usage(customer, 1'000, customer + tier.name));
    const bj::object said = used.json();
    if (text_of(said, "tier") != tier.name || text_of(said, "cost_usd") != tier.cost)
      return customer + " is to be " + tier.name + ": " + used.body + used.why;
  }
  return "";
}

// A package of 1 000 tokens for 0.37: what an event costs tells which came before it.
constexpr const char* kPrices = R"({"plans":[{"id":"free","product_ids":["cortex_free"],)"
                                R"("price_usd":"0","tokens_per_month":1000,"rate_limit":10,)"
                                R"("pricing":{"model":"package","package_size":1000,)"
                                R"("package_price_usd":"0.37"}}]})";
std::int64_t cents_of_packages(std::int64_t tokens) {
  return (tokens + 999) / 1'000 * 37;
}
std::int64_t cents(const std::string& usd) {
  const std::size_t point = usd.find('.');
  std::string fraction = point == std::string::npos ? "" : usd.substr(point + 1);
  fraction.resize(2, '0');
  return std::stoll(usd.substr(0, point)) * 100 + std::stoll(fraction);
}

}  // namespace

TEST_CASE("service: usage sent after a webhook's 200 is priced after it", "[e2e]") {
  constexpr unsigned kThreads = 4;
  constexpr int kCustomers = 60;
  // Hardly anybody stays awake.
  Stand stand({"engine.awake_customers=5", "engine.tick=20ms"});
  stand.start();
  const auto wrong = in_threads(kThreads, [&](unsigned thread) -> std::string {
    Caller webhooks, events;
    for (int i = 0; i < kCustomers; ++i) {
      const std::string customer = "c" + std::to_string(thread) + '-' + std::to_string(i);
      const std::string registered =
          R"({"customer_id":")" + customer + R"(","polar_customer_id":"cus_)" + customer + "\"}";
      if (!events.post(stand.url("/api/v1/customers"), stand.key(), registered).ok())
        return customer + " cannot be registered";
      if (std::string said = upgrade_and_use(stand, customer, webhooks, events); !said.empty())
        return said;
    }
    return "";
  });
  for (const std::string& each : wrong) FAIL_CHECK(each);
  compare_with_sandbox_and_replay(stand);
}

TEST_CASE("service: events at once on two connections have one order, also in a replay", "[e2e]") {
  constexpr unsigned kThreads = 2;
  constexpr int kEvents = 300, kCustomers = 3;
  Stand stand({"billing.prices=prices.json", "billing.threshold_usd=1000000"});
  stand.folder().write("prices.json", kPrices);
  stand.start();
  std::map<std::string, std::int64_t> answered[kThreads];  // key → cents
  std::atomic<int> together = 0;
  const auto wrong = in_threads(kThreads, [&](unsigned thread) -> std::string {
    Caller caller;
    for (int i = 0; i < kEvents; ++i) {
      // Both send their next one for the same customer at the same time.
      ++together;
      while (together < (i + 1) * static_cast<int>(kThreads)) std::this_thread::yield();
      const std::string key = std::to_string(thread) + '-' + std::to_string(i);
      const std::string customer = "u" + std::to_string(i % kCustomers);
      const int tokens = thread == 0 ? 340 + i : 1'270 - i;
      const Answer answer =
          caller.post(stand.url("/api/v1/usage"), stand.key(), usage(customer, tokens, key));
      // The other one is not to wait for ever.
      if (!answer.ok()) return together += 1'000'000, answer.body + answer.why;
      answered[thread][key] = cents(text_of(answer.json(), "cost_usd"));
    }
    return "";
  });
  for (const std::string& each : wrong) FAIL_CHECK(each);
  compare_with_sandbox_and_replay(stand);
  std::map<std::string, std::int64_t> tokens;  // of the customer so far
  int compared = 0;
  support::each_line(stand.read("out.jsonl"), [&](std::string_view text) {
    const bj::object line = bj::parse({text.data(), text.size()}).as_object();
    if (text_of(line, "kind") != "usage") return;
    std::int64_t& before = tokens[text_of(line, "customer_id")];
    const std::int64_t after = before + line.at("tokens").as_int64();
    const std::string key = text_of(line, "idempotency_key");
    const unsigned thread = key[0] == '0' ? 0 : 1;
    INFO(key);
    CHECK(answered[thread].at(key) == cents_of_packages(after) - cents_of_packages(before));
    before = after;
    ++compared;
  });
  CHECK(compared == kEvents * static_cast<int>(kThreads));
}

}  // namespace reckoner::e2e
