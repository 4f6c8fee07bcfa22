// Engines that must not run: a second one on the same store, a port in use, a plugin of another
// version, a configuration that is wrong. And one that takes the store from another.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/e2e/service/accounts.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;

// What it said of it: one line of its own, beside its log.
std::string last_line(const std::string& said) {
  const std::size_t end = said.find_last_not_of('\n');
  const std::size_t begin = said.rfind('\n', end);
  return said.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

void is_refused(Stand& stand, const EngineOptions& options, const std::string& says) {
  const auto engine = stand.launch(options);
  const std::optional<int> code = engine->wait();
  const std::string said = engine->said();
  INFO(said);
  CHECK(code == 2);
  CHECK_THAT(last_line(said), Catch::StartsWith("reckoner: ") && Contains(says));
  // The log of a start that listened already has two lines at most.
  CHECK(std::count(said.begin(), said.end(), '\n') <= 3);
  CHECK(engine->out().empty());
}

std::string usage(const std::string& key) {
  return R"({"customer_id":"u1","tokens":100,"operation":"chat","idempotency_key":")" + key + "\"}";
}

}  // namespace

TEST_CASE("service: a second engine is told who holds the store", "[e2e]") {
  Stand stand;
  stand.start();
  is_refused(stand, {}, "reckoner serve, process ");
  CHECK(stand.engine().runs());
  CHECK(stand.post("/api/v1/usage", usage("k1")).ok());
}

TEST_CASE("service: --takeover takes the store, and the engine before it ends", "[e2e]") {
  Stand first;
  first.start();
  CHECK(first.post("/api/v1/usage", usage("k1")).ok());
  const auto second = first.launch({.settings = {}, .environment = {}, .take_over = true});
  const bool ready = second->has_said(" ready ");
  INFO(second->said());
  REQUIRE(ready);
  // What the first one can not make durable it does not acknowledge.
  const Answer answer = first.post("/api/v1/usage", usage("k2"));
  INFO(answer.status << answer.body);
  CHECK_FALSE(answer.ok());
  const std::optional<int> code = first.engine().wait();
  INFO(first.engine().said());
  CHECK(code == 1);
  CHECK_THAT(first.engine().said(), Contains("store_lost"));
  CHECK(second->runs());
  second->send(SIGTERM);
  CHECK(second->wait() == 0);
  first.start();
  CHECK(text_of(first.post("/api/v1/usage", usage("k1")).json(), "status") == "duplicate");
  CHECK(text_of(first.post("/api/v1/usage", usage("k2")).json(), "status") == "accepted");
  compare_with_sandbox_and_replay(first);
}

TEST_CASE("service: an engine that nobody writes to learns that its store was taken", "[e2e]") {
  Stand first;
  first.start();
  const auto second = first.launch({.settings = {}, .environment = {}, .take_over = true});
  REQUIRE(second->has_said(" ready "));
  CHECK(first.engine().wait() == 1);
  CHECK_THAT(first.engine().said(), Contains("store_lost code=fenced"));
  CHECK(second->runs());
}

TEST_CASE("service: what is wrong is said in one line, with exit code 2", "[e2e]") {
  Stand stand;
  const auto with = [](const std::string& setting) {
    return EngineOptions{.settings = {setting}, .environment = {}};
  };
  const std::string in_use = stand.sandbox.url.substr(std::string("http://").size());
  is_refused(stand, with("server.listen=" + in_use), "server.listen");
  is_refused(stand, with("storage.plugin_dir=" RECKONER_ODD_PLUGINS "/wrong_version"),
             "speaks version 7 of the storage contract, the program version");
  is_refused(stand, with("storage.plugin_dir=" RECKONER_ODD_PLUGINS "/none"), "plugin");
  is_refused(stand, with("storage.url=sqlite:no/folder/store.db"), "storage.url");
  is_refused(stand, with("storage.url=mysql:x"), "storage.url");
  is_refused(stand, with("server.lisen=127.0.0.1:0"), "the nearest is server.listen");
  is_refused(stand, with("polar.webhook_secret="), "polar.webhook_secret is empty");
  is_refused(stand, {.settings = {}, .environment = {"MONTHLY_BILLING_DAY=32"}},
             "billing.billing_day is '32'");
  is_refused(stand, with("billing.prices=none.json"), "billing.prices");
}

}  // namespace reckoner::e2e
