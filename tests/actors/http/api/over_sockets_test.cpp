// The API behind the server, as clients see it.
#include <thread>

#include "actors/http/server.hpp"
#include "tests/actors/http/api/api_stand.hpp"
#include "tests/actors/http/raw_client.hpp"

namespace reckoner::http::api {
namespace {

std::string event(int number, const std::string& key) {
  return R"({"customer_id":"u)" + std::to_string(number % 7) +
         R"(","tokens":10,"operation":"a","idempotency_key":")" + key + "\"}";
}

}  // namespace

TEST_CASE("over sockets: many connections, and every event is counted once") {
  ApiStand stand;
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.threads = 2;
  options.on_refused = stand.door().on_refused();
  const auto server = Server::start(options, stand.door().handler()).value();
  const std::string key = "Authorization: Bearer usage\r\n";
  std::vector<std::thread> clients;
  std::atomic<int> accepted = 0;
  for (int c = 0; c < 8; ++c)
    clients.emplace_back([&, c] {
      RawClient client(server->port());
      for (int i = 0; i < 50; ++i) {
        const std::string name = std::to_string(c % 4) + "-" + std::to_string(i);
        const RawAnswer answer = client.ask(RawClient::post("/api/v1/usage", event(i, name), key));
        if (answer.body.find("\"accepted\"") != std::string::npos) ++accepted;
      }
    });
  for (std::thread& client : clients) client.join();
  CHECK(accepted == 200);
  RawClient client(server->port());
  CHECK(client.ask(RawClient::get("/healthz")).body == R"({"status":"ok"})");
  const RawAnswer bad = client.ask("POST /api/v1/usage HTTP/1.1\r\n\r\n");
  CHECK(bad.status == 400);
  CHECK(stand.records().back().status == 400);
  server->stop(std::chrono::milliseconds(20'000));
}

TEST_CASE("over sockets: usage beyond what is taken at a time is told to come later") {
  StandOptions options;
  options.door.usage = {1, 1};
  ApiStand stand(options);
  ServerOptions serving;
  serving.listen = "127.0.0.1:0";
  serving.threads = 2;
  const auto server = Server::start(serving, stand.door().handler()).value();
  std::vector<std::thread> clients;
  std::atomic<int> accepted = 0, later = 0, other = 0;
  for (int c = 0; c < 8; ++c)
    clients.emplace_back([&, c] {
      RawClient client(server->port());
      for (int i = 0; i < 50; ++i) {
        const std::string key = std::to_string(c) + "-" + std::to_string(i);
        const RawAnswer answer =
            client.ask(RawClient::post("/api/v1/usage", event(i, key), "X-API-Key: usage\r\n"));
        if (answer.status == 200) {
          ++accepted;
        } else if (answer.status == 429 && !answer.field("retry-after").empty()) {
          ++later;
        } else {
          ++other;
        }
      }
    });
  for (std::thread& client : clients) client.join();
  CHECK(other == 0);
  CHECK(accepted > 0);
  CHECK(accepted + later == 400);
  CHECK(stand.done("GET /api/v1/hashes").at("/totals/requests") == std::to_string(accepted));
}

}  // namespace reckoner::http::api
