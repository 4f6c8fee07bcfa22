// A disk that fills up under the engine, a real one: 503 with Retry-After, nothing half done; all
// goes on once there is room, and SIGTERM ends it while there is none.
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/e2e/service/accounts.hpp"
#include "tests/support/small_disk.hpp"

namespace reckoner::e2e {
namespace {

using support::SmallDisk;

constexpr int kInBatch = 50;
// Where it does not leave one, it is not full: the log of a store is written over again and again.
constexpr int kMost = 3'000;

std::string batch(int number) {
  std::string out = R"({"events":[)";
  for (int i = 0; i < kInBatch; ++i) {
    const std::string id = std::to_string(number) + '-' + std::to_string(i);
    out += (i > 0 ? "," : "") + (R"({"customer_id":"c)" + std::to_string(i % 7)) +
           R"(","tokens":10,"operation":"a rather long name, so that it is soon full",)" +
           R"("idempotency_key":")" + id + R"("})";
  }
  return out + "]}";
}

std::string webhook(int number) {
  const std::string n = std::to_string(number);
  return R"({"id":"evt_)" + n + R"(","type":"invoice.paid","data":{"id":"inv_)" + n +
         R"(","customer_id":"cus_c1","amount_usd":"1.00"}})";
}

std::string customer(int number) {
  return R"({"customer_id":"new-)" + std::to_string(number) + "\"}";
}

// Sends one after the other until one is refused: the number of that one.
int fill_up(int from, const std::function<Answer(int)>& send) {
  for (int number = from; number < from + kMost; ++number) {
    const Answer answer = send(number);
    if (answer.ok()) continue;
    INFO(answer.body << answer.why);
    REQUIRE(answer.status == 503);
    CHECK(answer.retry_after.has_value());
    CHECK(text_of(answer.json(), "code") == "unavailable");
    return number;
  }
  FAIL("it was never full");
  return 0;
}

int fill_up_with_batches(Stand& stand, int from) {
  return fill_up(from,
                 [&](int number) { return stand.post("/api/v1/usage/batch", batch(number)); });
}

// Until there is room for it: some commits are under way that were refused before.
template <class Send>
Answer until_taken(Send send) {
  Answer answer;
  for (int tries = 0; tries < 1'200; ++tries) {
    answer = send();
    if (answer.status != 503) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return answer;
}

Answer send(Stand& stand, int number) {
  return until_taken([&] { return stand.post("/api/v1/usage/batch", batch(number)); });
}

void check_tokens(Stand& stand, int batches) {
  const boost::json::object hashes = stand.get("/api/v1/hashes").json();
  CHECK(text_of(hashes.at("totals").as_object(), "requests") == std::to_string(batches * kInBatch));
}

}  // namespace

TEST_CASE("service: a full disk is 503, nothing of it half done, and it goes on", "[faults]") {
  Stand stand;
  SmallDisk disk(stand.folder().file(""));
  if (!disk.made()) {
    WARN("skipped: this user may not mount a file system");
    return;
  }
  stand.start();
  CHECK(stand.post("/api/v1/usage/batch", batch(0)).ok());
  disk.fill(100'000);
  const int refused = fill_up_with_batches(stand, 1);
  disk.fill(0);
  // Nobody else gets in either; who only asks is answered.
  const int unheard = fill_up(0, [&](int n) { return stand.webhook(webhook(n)); });
  const int unregistered =
      fill_up(0, [&](int n) { return stand.post("/api/v1/customers", customer(n)); });
  const std::string path = "/api/v1/customers/new-" + std::to_string(unregistered);
  CHECK(stand.get(path).status == 404);
  CHECK(stand.get("/api/v1/customers/c0/entitlement").ok());
  CHECK(stand.get("/readyz").ok());
  disk.make_room();
  const Answer again = send(stand, refused);
  INFO(again.status << again.body);
  REQUIRE(again.ok());
  CHECK(text_of(again.json(), "accepted") == std::to_string(kInBatch));
  const Answer heard = until_taken([&] { return stand.webhook(webhook(unheard)); });
  CHECK(text_of(heard.json(), "status") == "success");
  CHECK(stand.get(path).status == 404);
  const Answer registered =
      until_taken([&] { return stand.post("/api/v1/customers", customer(unregistered)); });
  CHECK(registered.status == 201);
  check_tokens(stand, refused + 1);
  compare_with_sandbox_and_replay(stand);
}

TEST_CASE("service: SIGTERM while the disk is full ends it in time, with nothing lost",
          "[faults]") {
  Stand stand;
  SmallDisk disk(stand.folder().file(""));
  if (!disk.made()) {
    WARN("skipped: this user may not mount a file system");
    return;
  }
  stand.start();
  CHECK(stand.post("/api/v1/usage/batch", batch(0)).ok());
  disk.fill(200'000);
  const int refused = fill_up_with_batches(stand, 1);
  disk.fill(0);
  stand.engine().send(SIGTERM);
  const std::optional<int> code = stand.engine().wait(std::chrono::minutes(5));
  INFO(stand.engine().said());
  REQUIRE(code == 0);
  disk.make_room();
  stand.start();
  check_tokens(stand, refused);
  const Answer again = send(stand, refused);
  CHECK(text_of(again.json(), "accepted") == std::to_string(kInBatch));
  compare_with_sandbox_and_replay(stand);
}

}  // namespace reckoner::e2e
