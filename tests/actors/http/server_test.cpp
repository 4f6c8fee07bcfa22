// What the server makes of good requests: keep-alive, pipelining, HEAD, continue, many clients,
// answers from other threads, stopping.
#include "actors/http/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/actors/http/server_stand.hpp"

namespace reckoner::http {
namespace {

using std::chrono::milliseconds;

// Keeps requests, to be answered when the test wants.
class Keeper {
 public:
  Handler handler() {
    return [this](Request request, Reply reply) {
      const std::lock_guard lock(mutex_);
      kept_.emplace_back(std::move(request), std::move(reply));
      came_.notify_all();
    };
  }
  std::pair<Request, Reply> next() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !kept_.empty(); });
    auto out = std::move(kept_.front());
    kept_.erase(kept_.begin());
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::pair<Request, Reply>> kept_;
};

Response text(std::string body) {
  Response out;
  out.body = std::move(body);
  return out;
}

}  // namespace

TEST_CASE("server: answers a request, and says which one it was") {
  const auto server = start_server();
  RawClient client(server->port());
  const RawAnswer answer =
      client.ask(RawClient::post("/a%20b?x=1", "hello", "X-Request-Id: mine-1\r\nX-Echo: e\r\n"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "POST /a%20b?x=1 hello");
  CHECK(answer.field("x-request-id") == "mine-1");
  CHECK(answer.field("x-echo") == "e");
  CHECK(answer.field("content-type") == "text/plain");
  CHECK_FALSE(answer.field("date").empty());
  CHECK(answer.field("server").empty());
}

TEST_CASE("server: makes a request id where none, or no sane one, was sent") {
  const auto server = start_server();
  RawClient client(server->port());
  const std::string first = client.ask(RawClient::get("/")).field("x-request-id");
  const std::string second =
      client.ask(RawClient::get("/", "X-Request-Id: a b\r\n")).field("x-request-id");
  CHECK(first.size() == 32);
  CHECK(second.size() == 32);
  CHECK(first != second);
}

TEST_CASE("server: many requests on one connection; two in one packet, and one in many") {
  const auto server = start_server();
  RawClient client(server->port());
  for (int i = 0; i < 100; ++i)
    REQUIRE(client.ask(RawClient::post("/", std::to_string(i))).body ==
            "POST / " + std::to_string(i));
  CHECK(server->connections() == 1);
  REQUIRE(client.send(RawClient::post("/1", "one") + RawClient::get("/2")));
  CHECK(client.receive().body == "POST /1 one");
  CHECK(client.receive().body == "GET /2 ");
  for (const char c : RawClient::post("/slow", "drop by drop")) REQUIRE(client.send({&c, 1}));
  CHECK(client.receive().body == "POST /slow drop by drop");
}

TEST_CASE("server: bodies of any size up to the limit, of known length and in chunks") {
  const auto server = start_server();
  RawClient client(server->port());
  for (const std::size_t size : {0, 1, 4'095, 4'096, 70'000, 4 * 1024 * 1024}) {
    const std::string body(size, 'x');
    CHECK(client.ask(RawClient::post("/", body)).body == "POST / " + body);
  }
  CHECK(client
            .ask("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n")
            .body == "POST /c abcdefg");
  CHECK(client.ask(RawClient::get("/after")).body == "GET /after ");
}

TEST_CASE("server: HEAD has the head of the answer alone") {
  const auto server = start_server();
  RawClient client(server->port());
  REQUIRE(client.send("HEAD /x HTTP/1.1\r\nHost: t\r\n\r\n"));
  const RawAnswer answer = client.receive(true);
  CHECK(answer.status == 200);
  CHECK(answer.field("content-length") == "8");
  CHECK(client.ask(RawClient::get("/next")).body == "GET /next ");
}

TEST_CASE("server: says that it waits for the body where that is asked") {
  const auto server = start_server();
  RawClient client(server->port());
  REQUIRE(client.send(
      "POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  CHECK(client.receive().status == 100);
  REQUIRE(client.send("body"));
  CHECK(client.receive().body == "POST / body");
}

TEST_CASE("server: closes when the client wants it, and for HTTP/1.0") {
  const auto server = start_server();
  RawClient one(server->port()), two(server->port());
  CHECK(one.ask(RawClient::get("/", "Connection: close\r\n")).field("connection") == "close");
  CHECK(one.is_closed());
  CHECK(two.ask("GET / HTTP/1.0\r\n\r\n").field("connection") == "close");
  CHECK(two.is_closed());
  RawClient three(server->port());
  CHECK(three.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").field("connection") ==
        "keep-alive");
  CHECK(three.ask(RawClient::get("/more")).status == 200);
}

TEST_CASE("server: answers a client that has said all it will say") {
  const auto server = start_server();
  RawClient client(server->port());
  REQUIRE(client.send(RawClient::get("/last")));
  client.finish_sending();
  CHECK(client.receive().body == "GET /last ");
  CHECK(client.is_closed());
}

TEST_CASE("server: replies come from any thread, once, and too late harms nothing") {
  Keeper keeper;
  ServerOptions options;
  options.threads = 2;
  auto server = start_server(options, keeper.handler());
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server->port());
    REQUIRE(clients.back().send(RawClient::get("/" + std::to_string(i))));
  }
  std::vector<std::pair<Request, Reply>> kept;
  for (int i = 0; i < 20; ++i) kept.push_back(keeper.next());
  std::thread other([&] {
    for (auto& [request, reply] : kept) {
      reply(text(request.path));
      reply(text("a second time"));
    }
  });
  for (int i = 0; i < 20; ++i) CHECK(clients[i].receive().body == "/" + std::to_string(i));
  other.join();
  REQUIRE(clients[0].send(RawClient::get("/again")));
  const Reply again = keeper.next().second;
  kept[0].second(text("to a request that was answered"));
  again(text("right"));
  CHECK(clients[0].receive().body == "right");
  server.reset();
  again(text("nobody is there"));
}

TEST_CASE("server: an answer that does not come in time is 503, and the connection lives on") {
  Keeper keeper;
  ServerOptions options;
  options.request_timeout = milliseconds(50);
  std::string refused;
  options.on_refused = [&](const Request& request, const Response& response) {
    refused = request.id + " " + std::to_string(response.status);
  };
  const auto server = start_server(options, keeper.handler());
  RawClient client(server->port());
  const RawAnswer answer = client.ask(RawClient::get("/slow"));
  CHECK(answer.status == 503);
  CHECK(answer.field("retry-after") == "1");
  CHECK(refused == answer.field("x-request-id") + " 503");
  CHECK(answer.body.find("\"code\":\"unavailable\"") != std::string::npos);
  // The next one is answered in time, sooner or later: how soon is a matter of the machine.
  Reply late = keeper.next().second;
  std::string body;
  for (int tries = 0; body != "in time" && tries < 1'000; ++tries) {
    REQUIRE(client.send(RawClient::get("/next")));
    const Reply next = keeper.next().second;
    late(text("late"));
    next(text("in time"));
    body = client.receive().body;
    REQUIRE(body != "late");
    late = next;
  }
  CHECK(body == "in time");
}

TEST_CASE("server: no more connections at a time than it takes; the others wait") {
  ServerOptions options;
  options.max_connections = 2;
  const auto server = start_server(options);
  auto one = std::make_unique<RawClient>(server->port());
  RawClient two(server->port());
  CHECK(one->ask(RawClient::get("/1")).status == 200);
  CHECK(two.ask(RawClient::get("/2")).status == 200);
  RawClient three(server->port());
  REQUIRE(three.send(RawClient::get("/3")));
  CHECK(server->connections() == 2);
  one.reset();
  CHECK(three.receive().body == "GET /3 ");
}

TEST_CASE("server: many connections at once") {
  ServerOptions options;
  options.threads = 2;
  const auto server = start_server(options);
  // Both ends of each are this process's.
  rlimit files{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  const std::size_t many = std::min<std::size_t>(300, files.rlim_cur / 3);
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < many; ++i) clients.emplace_back(server->port());
  for (int round = 0; round < 3; ++round) {
    for (RawClient& client : clients) REQUIRE(client.send(RawClient::get("/x")));
    for (RawClient& client : clients) REQUIRE(client.receive().status == 200);
  }
  CHECK(server->connections() == many);
}

TEST_CASE("server: stops after what is in flight, and takes nothing more") {
  Keeper keeper;
  const auto server = start_server({}, keeper.handler());
  RawClient idle(server->port()), busy(server->port());
  REQUIRE(idle.send(RawClient::get("/first")));
  keeper.next().second(text("first"));
  CHECK(idle.receive().status == 200);
  REQUIRE(busy.send(RawClient::get("/busy")));
  const Reply reply = keeper.next().second;
  std::atomic<bool> stopped = false;
  std::thread stopping([&] {
    server->stop(milliseconds(20'000));
    stopped = true;
  });
  CHECK(idle.is_closed());
  CHECK_FALSE(stopped);
  reply(text("done"));
  const RawAnswer answer = busy.receive();
  CHECK(answer.body == "done");
  CHECK(answer.field("connection") == "close");
  CHECK(busy.is_closed());
  stopping.join();
  CHECK(server->connections() == 0);
}

TEST_CASE("server: what is not answered in the grace is closed") {
  Keeper keeper;
  const auto server = start_server({}, keeper.handler());
  RawClient client(server->port());
  REQUIRE(client.send(RawClient::get("/never")));
  const Reply reply = keeper.next().second;
  server->stop(milliseconds(10));
  CHECK(client.is_closed());
  reply(text("too late"));
}

}  // namespace reckoner::http
