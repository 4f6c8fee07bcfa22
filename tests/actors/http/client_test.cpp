#include <mutex>

#include "tests/actors/http/client_stand.hpp"
#include "tests/actors/http/odd_server.hpp"
#include "tests/actors/http/server_stand.hpp"
#include "tests/support/closed_port.hpp"

namespace reckoner::http {
namespace {

using std::chrono::milliseconds;
using Deed = OddServer::Deed;

constexpr milliseconds kLong{60'000};

// What a server's thread is to send.
class Told {
 public:
  void become(std::string bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ = std::move(bytes);
  }
  std::string now() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  std::mutex mutex_;
  std::string bytes_;
};

std::string url_of(const Server& server, const std::string& target) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + target;
}

}  // namespace

TEST_CASE("client: method, target, headers and body arrive as they are", "[http][client]") {
  const auto server = start_server();
  const auto client = start_client();
  ClientRequest request = post(url_of(*server, "/a%20b?c=d"), "hello");
  request.headers = {{"X-Echo", "caf\xC3\xA9 1"}};
  const auto response = ask(*client, request);
  REQUIRE(response.ok());
  CHECK(response->status == 200);
  CHECK(response->body == "POST /a%20b?c=d hello");
  REQUIRE(response->header("x-echo") != nullptr);
  CHECK(*response->header("x-echo") == "caf\xC3\xA9 1");
}

TEST_CASE("client: a connection is kept, and carries the next request", "[http][client]") {
  OddServer server([](const std::string&) { return Deed{OddServer::ok("yes")}; });
  const auto client = start_client();
  for (int i = 0; i < 5; ++i) REQUIRE(ask(*client, get(server.url())).ok());
  CHECK(server.connections() == 1);
}

TEST_CASE("client: what a server says it will close is not used again", "[http][client]") {
  OddServer server([](const std::string&) {
    return Deed{OddServer::ok("yes", "Connection: close\r\n"), true};
  });
  const auto client = start_client();
  for (int i = 0; i < 3; ++i) REQUIRE(ask(*client, get(server.url())).ok());
  CHECK(server.connections() == 3);
}

TEST_CASE("client: a kept connection that the server closed is not used for a POST",
          "[http][client]") {
  OddServer server([](const std::string&) { return Deed{OddServer::ok("yes"), true}; });
  const auto client = start_client();
  REQUIRE(ask(*client, post(server.url(), "1")).ok());
  // However soon: either the end is seen before, or the answer says that nobody knows.
  for (int i = 0; i < 20; ++i) {
    const auto response = ask(*client, post(server.url(), "2"));
    if (!response.ok()) CHECK(response.error().retry != Retry::never);
  }
  while (server.closed() != server.connections()) std::this_thread::yield();
  CHECK(ask(*client, post(server.url(), "3")).ok());
}

TEST_CASE("client: a GET on a connection that ends under it is asked again", "[http][client]") {
  std::atomic<int> requests{0};
  OddServer server([&](const std::string&) {
    // The second request on the kept connection finds it closed.
    return ++requests == 2 ? Deed{"", true} : Deed{OddServer::ok("yes")};
  });
  const auto client = start_client();
  REQUIRE(ask(*client, get(server.url())).ok());
  CHECK(ask(*client, get(server.url())).ok());
  CHECK(requests == 3);
}

TEST_CASE("client: a POST that got no answer is unknown, and is not sent again", "[http][client]") {
  std::atomic<int> requests{0};
  OddServer server([&](const std::string&) {
    return ++requests == 2 ? Deed{"", true} : Deed{OddServer::ok("yes")};
  });
  const auto client = start_client();
  REQUIRE(ask(*client, post(server.url(), "1")).ok());
  const Error error = fault(*client, post(server.url(), "2"));
  CHECK(error.code == "connection_lost");
  CHECK(error.retry == Retry::unknown);
  CHECK(requests == 2);
}

TEST_CASE("client: where nobody listens, certainly nothing was sent", "[http][client]") {
  const auto client = start_client();
  const support::ClosedPort port;
  const Error error = fault(*client, post(port.url() + "/", "x"));
  CHECK(error.code == "connect_failed");
  CHECK(error.retry == Retry::later);
}

TEST_CASE("client: a name that leads nowhere", "[http][client]") {
  ClientOptions options;
  options.timeout = std::chrono::minutes(10);  // who resolves it may be out of reach
  const auto client = start_client(options);
  const Error error = fault(*client, get("http://no-such-host.invalid/"));
  CHECK(error.code == "connect_failed");
  CHECK(error.retry == Retry::later);
}

TEST_CASE("client: names are resolved", "[http][client]") {
  const auto server = start_server();
  const auto client = start_client();
  const auto response =
      ask(*client, get("http://localhost:" + std::to_string(server->port()) + "/"));
  REQUIRE(response.ok());
  CHECK(response->body == "GET / ");
}

TEST_CASE("client: the deadline is of the whole call", "[http][client]") {
  ClientOptions options;
  options.timeout = milliseconds(150);
  SECTION("a server that never answers: unknown") {
    OddServer server([](const std::string&) { return Deed{"", false, true}; });
    Error error = fault(*start_client(options), post(server.url(), "x"));
    CHECK(error.code == "timeout");
    // On a busy machine it may not have come to be sent.
    for (; error.retry != Retry::unknown && options.timeout < kLong; options.timeout *= 2)
      error = fault(*start_client(options), post(server.url(), "x"));
    CHECK(error.retry == Retry::unknown);
  }
  SECTION("one that begins and does not end") {
    OddServer server([](const std::string&) {
      return Deed{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", false, true};
    });
    const auto client = start_client(options);
    CHECK(fault(*client, post(server.url(), "x")).code == "timeout");
  }
  SECTION("waiting for a connection counts, and nothing was sent") {
    OddServer server([](const std::string&) { return Deed{"", false, true}; });
    options.connections_per_origin = 1;
    Retry first_retry = Retry::later;
    for (; first_retry != Retry::unknown && options.timeout < kLong; options.timeout *= 2) {
      const auto client = start_client(options);
      auto first = begin(*client, post(server.url(), "x"));
      auto second = begin(*client, post(server.url(), "y"));
      first_retry = first.get().error().retry;
      CHECK(second.get().error().code == "timeout");
    }
    CHECK(first_retry == Retry::unknown);
  }
}

TEST_CASE("client: broken answers", "[http][client]") {
  Told bytes;
  OddServer server([&](const std::string&) { return Deed{bytes.now(), true}; });
  ClientOptions options;
  options.max_response = 1'000;
  const auto client = start_client(options);
  const auto code = [&](std::string answer) {
    bytes.become(std::move(answer));
    const Error error = fault(*client, post(server.url(), "x"));
    CHECK(error.retry == Retry::unknown);
    return error.code;
  };
  CHECK(code("") == "connection_lost");
  CHECK(code("HTTP/1.1 200 OK\r\nContent-Le") == "connection_lost");
  CHECK(code("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") == "connection_lost");
  CHECK(code("this is not HTTP\r\n\r\n") == "invalid_response");
  CHECK(code(OddServer::ok(std::string(1'001, 'x'))) == "response_too_large");
  CHECK(code("HTTP/1.1 200 OK\r\n\r\n" + std::string(1'001, 'x')) == "response_too_large");
  CHECK(code("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n") ==
        "response_too_large");
}

TEST_CASE("client: answers of every shape are read", "[http][client]") {
  Told bytes;
  OddServer server([&](const std::string&) { return Deed{bytes.now(), true}; });
  const auto client = start_client();
  const auto body = [&](std::string answer) {
    bytes.become(std::move(answer));
    const auto response = ask(*client, get(server.url()));
    REQUIRE(response.ok());
    return response->body;
  };
  CHECK(body(OddServer::ok("")) == "");
  CHECK(body("HTTP/1.1 200 OK\r\n\r\nuntil the end") == "until the end");
  CHECK(body("HTTP/1.0 200 OK\r\n\r\nold") == "old");
  CHECK(body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") ==
        "abc");
  CHECK(body("HTTP/1.1 100 Continue\r\n\r\n" + OddServer::ok("after")) == "after");
  CHECK(body("HTTP/1.1 204 No Content\r\n\r\n") == "");
}

TEST_CASE("client: redirects are answers like any other", "[http][client]") {
  std::atomic<int> requests{0};
  OddServer server([&](const std::string&) {
    ++requests;
    return Deed{"HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n"};
  });
  const auto client = start_client();
  const auto response = ask(*client, get(server.url()));
  REQUIRE(response.ok());
  CHECK(response->status == 302);
  CHECK(requests == 1);
}

TEST_CASE("client: no header can break a request apart", "[http][client]") {
  const auto client = start_client();
  ClientRequest request = get("http://127.0.0.1:1/");
  request.headers = {{"X-A", "b\r\nX-C: d"}};
  Error error = fault(*client, request);
  CHECK(error.code == "invalid_request");
  CHECK(error.retry == Retry::never);
  request.headers = {{"X A", "b"}};
  CHECK(fault(*client, request).code == "invalid_request");
  for (const char* url : {"ftp://a/", "http://", "http://u:p@a/", "http://a:0/", "http://a:99999/",
                          "http://a/ b", "http://a/#b", "http://[::1/", "127.0.0.1/", ""})
    CHECK(fault(*client, get(url)).code == "invalid_request");
}

TEST_CASE("client: many calls share few connections", "[http][client]") {
  const auto server = start_server();
  ClientOptions options;
  options.connections_per_origin = 3;
  const auto client = start_client(options);
  std::vector<std::future<Result<ClientResponse>>> calls;
  for (int i = 0; i < 200; ++i)
    calls.push_back(begin(*client, post(url_of(*server, "/"), std::to_string(i))));
  for (int i = 0; i < 200; ++i) {
    const auto response = calls[static_cast<std::size_t>(i)].get();
    REQUIRE(response.ok());
    CHECK(response.value().body == "POST / " + std::to_string(i));
  }
  CHECK(server->connections() <= 3);
}

TEST_CASE("client: more calls than it may hold are turned away at once", "[http][client]") {
  OddServer server([](const std::string&) { return Deed{"", false, true}; });
  ClientOptions options;
  options.max_calls = 2;
  const auto client = start_client(options);
  auto first = begin(*client, get(server.url())), second = begin(*client, get(server.url()));
  const Error error = fault(*client, get(server.url()));
  CHECK(error.code == "too_many_requests");
  CHECK(error.retry == Retry::later);
  client->stop();
  CHECK(first.get().error().code == "stopping");
  CHECK(second.get().error().code == "stopping");
}

TEST_CASE("client: stop answers all, and what comes after it", "[http][client]") {
  std::atomic<bool> arrived{false};
  OddServer server([&](const std::string&) {
    arrived = true;
    return Deed{"", false, true};
  });
  ClientOptions options;
  options.connections_per_origin = 1;
  const auto client = start_client(options);
  auto sent = begin(*client, post(server.url(), "x"));
  auto waiting = begin(*client, post(server.url(), "y"));
  while (!arrived) std::this_thread::yield();
  client->stop();
  CHECK(sent.get().error().retry == Retry::unknown);
  CHECK(waiting.get().error().retry == Retry::later);
  const Error error = fault(*client, get(server.url()));
  CHECK(error.code == "stopping");
  CHECK(error.retry == Retry::later);
}

TEST_CASE("client: a connection that nobody uses is closed", "[http][client]") {
  const auto server = start_server();
  ClientOptions options;
  options.idle_timeout = milliseconds(30);
  const auto client = start_client(options);
  REQUIRE(ask(*client, get(url_of(*server, "/"))).ok());
  while (server->connections() != 0) std::this_thread::sleep_for(milliseconds(5));
}

}  // namespace reckoner::http
