// How signals end the engine. Whoever signals a group of processes signals twice, in an instant:
// that is no impatience.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "tests/actors/http/raw_client.hpp"
#include "tests/e2e/service/accounts.hpp"

namespace reckoner::e2e {
namespace {

std::uint16_t port_of(const Stand& stand) {
  const std::string url = stand.url("");
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("service: two signals at once under load end it in order", "[e2e]") {
  Stand stand;
  stand.start();
  Traffic traffic(1);
  for (const bool held : {false, true}) {
    traffic.begin(stand, 4, held);
    const std::uint64_t enough = traffic.answered() + 300;
    while (traffic.answered() < enough) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (held) {
      // Both are there when it looks.
      stand.engine().send(SIGSTOP);
      stand.engine().send(SIGTERM);
      stand.engine().send(SIGINT);
      stand.engine().send(SIGCONT);
    } else {
      stand.engine().send(SIGTERM);
      stand.engine().send(SIGTERM);
    }
    const std::optional<int> code = stand.engine().wait();
    INFO(stand.engine().said());
    CHECK(code.value_or(-1) == 0);
    traffic.end();
    stand.start();
    CHECK(stand.at_ready("folded") == 0);
  }
  CHECK(settle_accounts(stand, traffic).usage > 100);
}

TEST_CASE("service: a signal a second after the first ends it at once", "[e2e]") {
  Stand stand({"server.stop_timeout=10m", "server.request_timeout=10m"});
  stand.start();
  // A request under way, which the first signal waits for.
  http::RawClient client(port_of(stand));
  CHECK(client
            .ask("POST /api/v1/usage HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                 "Content-Length: 10\r\n\r\n")
            .status == 100);
  stand.engine().send(SIGTERM);
  REQUIRE(stand.engine().has_said(" stopping "));
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
  CHECK(stand.engine().runs());
  stand.engine().send(SIGTERM);
  CHECK(stand.engine().wait().value_or(-1) == 1);
}

}  // namespace reckoner::e2e
