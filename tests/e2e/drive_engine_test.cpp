// The engine itself, the sandbox and drive, each a process: histories go in over HTTP, charges come
// out, and engine, replay and sandbox agree.
#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/programs.hpp"
#include "tests/e2e/running.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;

constexpr const char* kSecret = "whsec_c2VjcmV0IG9mIGEgdGVzdA==";

class Stand : public Programs {
 public:
  Stand() {
    sandbox_ = std::make_unique<Running>(
        folder().file(""), "sandbox.log",
        std::vector<std::string>{RECKONER_SIM_PROGRAM, "sandbox", "--listen", "127.0.0.1:0"});
    sandbox_url_ = url_of(sandbox_->number_behind("http://127.0.0.1:"));
    start("0");
    port_ = engine_->number_behind(" port=");
    engine_->number_behind(" entries=");  // it is ready
    const Ran made = reckoner("keys create --scope usage,read,admin --url sqlite:e.db");
    INFO(made.said);
    REQUIRE(made.code == 0);
    key_ = made.out.substr(0, made.out.find('\n'));
  }

  void generate(const std::string& flags) {
    const Ran ran = simulator("generate " + flags + " --out h.jsonl");
    INFO(ran.said);
    REQUIRE(ran.code == 0);
  }

  // Once the engine knows the key.
  Ran drive(const std::string& more) const {
    while (true) {
      const Ran ran = simulator(drive_flags(more));
      if (ran.said.find("401 unauthorized") == ran.said.npos) return ran;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void kill_and_start_again() {
    CHECK(engine_->end(SIGKILL) == 128 + SIGKILL);
    start(port_);
  }
  int stop() { return engine_->end(SIGTERM); }
  std::string engine_said() const { return engine_->said(); }
  const std::string& sandbox_url() const { return sandbox_url_; }

 private:
  static std::string url_of(const std::string& port) { return "http://127.0.0.1:" + port; }
  std::string drive_flags(const std::string& more) const {
    return "drive h.jsonl --target " + url_of(port_) + " --api-key " + key_ + " --webhook-secret " +
           kSecret + ' ' + more;
  }
  void start(const std::string& port) {
    std::vector<std::string> command = {RECKONER_PROGRAM, "serve"};
    for (const std::string& setting :
         {"server.listen=127.0.0.1:" + port, std::string("storage.url=sqlite:e.db"),
          "polar.base_url=" + sandbox_url_ + "/api/v1", std::string("polar.api_key=polar_sk"),
          std::string("polar.webhook_secret=") + kSecret,
          std::string("polar.requests_per_minute=1000000")})
      command.insert(command.end(), {"--set", setting});
    engine_ = std::make_unique<Running>(folder().file(""), "engine.log", command);
  }

  std::unique_ptr<Running> sandbox_, engine_;
  std::string sandbox_url_, port_, key_;
};

}  // namespace

TEST_CASE("engine: a driven history, and engine, replay and sandbox agree", "[e2e]") {
  Stand stand;
  stand.generate("--customers 100 --days 25 --seed 3 --events 3000");
  const std::string flags = GENERATE("", "--webhook-scheme guide --batch 40 --connections 5");
  const Ran ran = stand.drive(flags + std::string(" --sandbox ") + stand.sandbox_url());
  INFO(ran.said << ran.out << stand.engine_said());
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("replay: the same") && Contains("sandbox"));
  // A second time, it is no fresh store.
  const Ran again = stand.drive("");
  CHECK(again.code == 2);
  CHECK_THAT(again.said, Contains("customers already"));
  CHECK(stand.stop() == 0);
  const Ran verified = stand.reckoner("storage verify --url sqlite:e.db");
  INFO(verified.said << verified.out);
  CHECK(verified.code == 0);
}

TEST_CASE("engine: settings that drive is not told of show as differences", "[e2e]") {
  Stand stand;
  stand.generate("--customers 20 --days 20 --seed 8 --events 300");
  const Ran ran = stand.drive("--set billing.threshold_usd=30");
  INFO(ran.said << ran.out);
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Contains("what differs first") && Contains("accrued_usd"));
}

TEST_CASE("engine: killed while it is driven, and nothing is lost or counted twice", "[e2e]") {
  Stand stand;
  stand.generate("--customers 100 --days 25 --seed 4 --events 6000");
  Ran ran;
  std::thread driving([&] { ran = stand.drive("--rate 2000 --sandbox " + stand.sandbox_url()); });
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    stand.kill_and_start_again();
  }
  driving.join();
  INFO(ran.said << ran.out << stand.engine_said());
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("replay: the same"));
  CHECK(stand.stop() == 0);
}

}  // namespace reckoner::e2e
