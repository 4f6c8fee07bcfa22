// What clients can do wrong, or make large or slow; and what keeps a server from starting.
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/http/server.hpp"
#include "tests/actors/http/server_stand.hpp"

namespace reckoner::http {
namespace {

using std::chrono::milliseconds;

// The beginning of a request that waits for 100; how long its body is comes behind.
const std::string kAnnouncing = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";

bool has_code(const RawAnswer& answer, const std::string& code) {
  return answer.field("content-type") == "application/problem+json" &&
         answer.body.find("\"code\":\"" + code + "\"") != std::string::npos &&
         answer.body.find("\"status\":" + std::to_string(answer.status)) != std::string::npos &&
         !answer.field("x-request-id").empty();
}

Error start_error(ServerOptions options) {
  const auto started = Server::start(std::move(options), repeat);
  REQUIRE_FALSE(started.ok());
  return started.error();
}

}  // namespace

TEST_CASE("bad requests: what is no HTTP is 400, and the end of the connection") {
  std::mutex mutex;
  std::vector<unsigned> refused;
  ServerOptions options;
  options.on_refused = [&](const Request& request, const Response& response) {
    const std::lock_guard lock(mutex);
    CHECK_FALSE(request.id.empty());
    refused.push_back(response.status);
  };
  const auto server = start_server(options);
  const std::vector<std::string> bad = {
      "\x16\x03\x01\x02\x01\x01",  // TLS
      "hello\r\n\r\n",
      "GET /\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",  // no Host
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
      "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
  };
  for (const std::string& bytes : bad) {
    INFO(bytes);
    RawClient client(server->port());
    const RawAnswer answer = client.ask(bytes);
    CHECK(answer.status == 400);
    CHECK(has_code(answer, "bad_request"));
    CHECK(answer.field("connection") == "close");
    CHECK(client.is_closed());
  }
  RawClient client(server->port());
  CHECK(client.ask("GET / HTTP/3.0\r\nHost: a\r\n\r\n").status == 505);
  RawClient other(server->port());
  CHECK(other.ask(RawClient::post("/", "x", "Expect: tea\r\n")).status == 417);
  // Where its body ends nobody can say: what follows must not be read as a request.
  RawClient packed(server->port());
  const std::string field = "Transfer-Encoding: gzip\r\n";
  CHECK(packed.ask(RawClient::get("/", field) + RawClient::get("/behind")).status == 501);
  CHECK(packed.is_closed());
  const std::lock_guard lock(mutex);
  CHECK(refused.size() == bad.size() + 3);
}

TEST_CASE("bad requests: a header that is too large is 431") {
  const auto server = start_server();
  RawClient large(server->port());
  const std::string field = "X-Large: " + std::string(9'000, 'x') + "\r\n";
  CHECK(has_code(large.ask(RawClient::get("/", field)), "too_large"));
  CHECK(large.is_closed());
  RawClient endless(server->port());
  CHECK(endless.ask("GET /" + std::string(8'300, 'x')).status == 431);
  std::string fields;
  for (int i = 0; i < 101; ++i) fields += "A: b\r\n";
  RawClient many(server->port());
  CHECK(many.ask(RawClient::get("/", fields)).status == 431);
  RawClient split(server->port());
  CHECK(split
            .ask("GET /" + std::string(5'000, 'x') +
                 " HTTP/1.1\r\nHost: t\r\nX: " + std::string(5'000, 'x'))
            .status == 431);
  RawClient good(server->port());
  CHECK(good.ask(RawClient::get("/", "X-Large: " + std::string(7'000, 'x') + "\r\n")).status ==
        200);
}

TEST_CASE("bad requests: a body that is too large is 413, before it is read") {
  ServerOptions options;
  options.max_body = 1'000;
  const auto server = start_server(options);
  RawClient client(server->port());
  CHECK(client.ask(RawClient::post("/", std::string(1'000, 'x'))).status == 200);
  REQUIRE(
      client.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
                  "Content-Length: 1001\r\n\r\n"));
  const RawAnswer answer = client.receive();
  CHECK(answer.status == 413);
  CHECK(has_code(answer, "too_large"));
  CHECK(answer.body.find("1000") != std::string::npos);
  CHECK(client.is_closed());
  RawClient chunked(server->port());
  CHECK(chunked
            .ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "1f4\r\n" +
                 std::string(500, 'x') + "\r\n1f5\r\n" + std::string(501, 'x') + "\r\n0\r\n\r\n")
            .status == 413);
}

TEST_CASE("bad requests: bodies that are only announced keep nobody out") {
  ServerOptions options;
  options.max_body = 1'000;
  options.max_receiving = 2'500;
  options.request_timeout = std::chrono::minutes(5);
  const auto server = start_server(options);
  std::vector<RawClient> idle;
  for (int i = 0; i < 10; ++i) {
    const std::string length = i % 2 == 0 ? "Content-Length: 1000" : "Transfer-Encoding: chunked";
    // That it may go on says that its header was read.
    CHECK(idle.emplace_back(server->port()).ask(kAnnouncing + length + "\r\n\r\n").status == 100);
  }
  RawClient polite(server->port());
  CHECK(polite.ask(kAnnouncing + "Content-Length: 1000\r\n\r\n").status == 100);
  CHECK(polite.ask(std::string(1'000, 'x')).status == 200);
}

TEST_CASE("bad requests: bodies that have come take no more memory than all may have") {
  std::atomic<int> refused = 0;
  ServerOptions options;
  options.max_body = 1'000;
  options.max_receiving = 2'500;
  options.request_timeout = std::chrono::minutes(5);
  options.on_refused = [&refused](const Request&, const Response&) { ++refused; };
  const auto server = start_server(options);
  const auto send_much = [&server](std::vector<RawClient>& clients) {
    CHECK(clients.emplace_back(server->port())
              .ask(kAnnouncing + "Content-Length: 1000\r\n\r\n")
              .status == 100);
    clients.back().send(std::string(900, 'x'));
  };
  {
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) send_much(clients);
    while (refused == 0) std::this_thread::yield();
    int answered = 0;
    for (RawClient& client : clients) {
      const RawAnswer answer = client.ask(std::string(100, 'x'));
      answered += answer.status == 200;
      if (answer.status == 200) continue;
      CHECK(answer.status == 503);
      CHECK(has_code(answer, "unavailable"));
      CHECK(answer.field("retry-after") == "1");
    }
    CHECK(answered == 2);
    for (int i = 0; i < 2; ++i) send_much(clients);
  }
  // Who goes away gives back what it held.
  while (server->connections() > 0) std::this_thread::yield();
  std::vector<RawClient> clients;
  for (int i = 0; i < 2; ++i) send_much(clients);
  for (RawClient& client : clients) CHECK(client.ask(std::string(100, 'x')).status == 200);
  CHECK(refused == 1);
}

TEST_CASE("bad requests: an empty line begins no request that could be late") {
  ServerOptions options;
  options.header_timeout = milliseconds(100);
  options.idle_timeout = std::chrono::minutes(5);
  const auto server = start_server(options);
  RawClient client(server->port());
  client.send("\r\n");
  std::this_thread::sleep_for(milliseconds(500));
  CHECK(client.ask(RawClient::post("/", "a") + "\r\n").status == 200);
  CHECK(client.ask(RawClient::post("/", "b")).status == 200);
}

TEST_CASE("bad requests: the answer arrives though the client goes on sending") {
  ServerOptions options;
  options.max_body = 1'000;
  const auto server = start_server(options);
  RawClient client(server->port());
  client.send(RawClient::post("/", std::string(2'000'000, 'x')));
  CHECK(client.receive().status == 413);
}

TEST_CASE("bad requests: a slow header, a slow body and an idle connection come to an end") {
  // What is not waited for here may take as long as it does on a busy machine.
  ServerOptions patient;
  patient.header_timeout = patient.request_timeout = patient.idle_timeout = std::chrono::minutes(5);
  ServerOptions options = patient;
  options.idle_timeout = options.header_timeout = milliseconds(100);
  const auto server = start_server(options);
  RawClient idle(server->port());
  CHECK(idle.is_closed());
  options = patient;
  options.request_timeout = milliseconds(100);
  const auto other = start_server(options);
  RawClient body(other->port());
  const RawAnswer answer = body.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nab");
  CHECK(answer.status == 408);
  CHECK(has_code(answer, "request_timeout"));
  // A drop now and then does not lengthen it.
  RawClient header(server->port());
  REQUIRE(header.send("GET / HTTP/1.1\r\nX: "));
  bool sent = true;
  for (int drops = 0; sent && drops < 2'000; ++drops) {
    sent = header.send("x");
    usleep(10'000);
  }
  CHECK_FALSE(sent);
}

TEST_CASE("bad requests: why a server cannot start") {
  const auto server = start_server();
  ServerOptions options;
  options.listen = "127.0.0.1:" + std::to_string(server->port());
  const Error taken = start_error(options);
  CHECK(taken.code == "address_in_use");
  CHECK(taken.detail.find(options.listen) != std::string::npos);
  for (const std::string listen : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                                   "127.0.0.1:65536", "::1:80", "example.org:80", "192.0.2.1:80"}) {
    options.listen = listen;
    const Error error = start_error(options);
    CHECK(error.code == "invalid_listen");
    CHECK(error.detail.find("'" + listen + "'") != std::string::npos);
  }
}

}  // namespace reckoner::http
