// Faults, as a client meets them.
#include <catch2/catch.hpp>

#include "tests/sim/sandbox/requests.hpp"
#include "tests/sim/sandbox/stand.hpp"

namespace reckoner::sim::sandbox {
namespace {

struct FaultStand {
  std::unique_ptr<Sandbox> sandbox;
  Caller caller;

  explicit FaultStand(const std::string& faults,
                      std::chrono::milliseconds timeout = std::chrono::seconds(60))
      : sandbox(start_sandbox(with_faults(faults))), caller(sandbox->url(), timeout) {}

  static SandboxOptions with_faults(const std::string& faults) {
    SandboxOptions out;
    out.faults = faults;
    return out;
  }
  Result<http::ClientResponse> charge(const std::string& key = "u:1") {
    return caller.call("POST", "/api/v1/charges", charge_body("c1", "1.10"), key);
  }
  std::uint64_t taken() const { return sandbox->totals().charges; }
};

}  // namespace

TEST_CASE("sandbox faults: answers that refuse, and do nothing", "[sandbox][faults][http]") {
  for (const unsigned status : {500u, 429u, 401u, 402u, 422u}) {
    INFO(status);
    FaultStand stand(std::to_string(status));
    const auto answer = stand.charge();
    REQUIRE(answer.ok());
    CHECK(answer->status == status);
    CHECK((answer->header("retry-after") != nullptr) == (status == 429));
    CHECK(stand.taken() == 0);
    CHECK(stand.sandbox->faults_fired().at(std::to_string(status)) == 1);
    const bool only_charges = status == 402 || status == 422;
    CHECK(stand.caller.call("GET", "/api/v1/charges")->status == (only_charges ? 200 : status));
  }
}

TEST_CASE("sandbox faults: closed before the work, and after it", "[sandbox][faults][http]") {
  for (const std::string name : {"reset", "down", "lost"}) {
    INFO(name);
    FaultStand stand(name);
    const auto answer = stand.charge();
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == "connection_lost");
    CHECK(answer.error().retry == Retry::unknown);
    CHECK(stand.taken() == (name == "lost" ? 1 : 0));
    REQUIRE(stand.sandbox->set_faults("").ok());
    CHECK(stand.charge()->status == (name == "lost" ? 200 : 201));
    CHECK(stand.taken() == 1);
  }
}

TEST_CASE("sandbox faults: no answer before the work, and after it", "[sandbox][faults][http]") {
  for (const std::string name : {"hang", "lost_late"}) {
    INFO(name);
    FaultStand stand(name, std::chrono::milliseconds(300));
    // On a busy machine a call may end before it has arrived.
    wait_until([&] {
      const auto answer = stand.charge();
      REQUIRE_FALSE(answer.ok());
      CHECK(answer.error().code == "timeout");
      return stand.sandbox->faults_fired().contains(name);
    });
    CHECK(stand.taken() == (name == "lost_late" ? 1 : 0));
  }
}

TEST_CASE("sandbox faults: slow answers come, and late", "[sandbox][faults][http]") {
  FaultStand stand("slow:80");
  const auto start = std::chrono::steady_clock::now();
  CHECK(stand.charge()->status == 201);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(80));
}

TEST_CASE("sandbox faults: the same seed, the same answers", "[sandbox][faults][http]") {
  const auto run = [] {
    FaultStand stand("500:0.3,lost:0.2");
    std::string out;
    for (int i = 0; i < 60; ++i) {
      const auto answer = stand.charge("u:" + std::to_string(i));
      out += answer ? std::to_string(answer->status) : answer.error().code;
      out += ' ';
    }
    return out + stand.sandbox->state(true);
  };
  const std::string first = run();
  CHECK(first.find("500 ") != std::string::npos);
  CHECK(first.find("connection_lost ") != std::string::npos);
  CHECK(first == run());
}

TEST_CASE("sandbox faults: changed at run time", "[sandbox][faults][http]") {
  FaultStand stand("");
  const auto change = [&](const std::string& body) {
    return stand.caller.call("POST", "/_sandbox/faults", body);
  };
  CHECK(change(R"({"add":"down"})")->status == 200);
  CHECK_FALSE(stand.charge().ok());
  CHECK_FALSE(stand.caller.call("GET", "/api/v1/charges").ok());  // all of it is down
  const auto shown = change(R"({"remove":"down","add":"500:every2"})");
  CHECK(shown->body == R"({"active":["500:every2"],"fired":{"down":2}})");
  CHECK(stand.charge()->status == 201);
  CHECK(stand.charge()->status == 500);
  // Wrong ones change nothing.
  for (const char* body : {R"({"faults":"nope"})", R"({"faults":"","add":"nope"})", "{", "[]",
                           R"({"faults":["500"]})", R"({"odd":"500"})"}) {
    INFO(body);
    CHECK(change(body)->status == 422);
  }
  CHECK(stand.caller.get("/_sandbox/faults").find("500:every2") != std::string::npos);
  CHECK(change(R"({"faults":""})")->status == 200);
  CHECK(stand.charge()->status == 200);
}

TEST_CASE("sandbox faults: it stops while calls hang", "[sandbox][faults][http]") {
  FaultStand stand("hang");
  std::thread stopper([&] {
    wait_until([&] { return stand.sandbox->faults_fired().contains("hang"); });
    stand.sandbox->stop();
  });
  const auto answer = stand.charge();
  stopper.join();
  CHECK_FALSE(answer.ok());
}

}  // namespace reckoner::sim::sandbox
