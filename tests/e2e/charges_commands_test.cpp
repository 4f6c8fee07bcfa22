// Charges as a shell lists them and acts on them: on a stopped store, while another process holds
// it, and by a running engine's API.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>
#include <string>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

// One charge that is paid, one that failed, and one that is held.
constexpr const char* kHistory =
    R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u1","polar_customer_id":"p1"}
{"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"a:b","polar_customer_id":"p2"}
{"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u1","tokens":6000,"operation":"x"}
{"at":"2026-01-05T10:01:00Z","kind":"settlement","customer_id":"u1","charge_id":"u1:1",)"
    R"("status":"paid","polar_charge_id":"ch_1"}
{"at":"2026-01-05T10:02:00Z","kind":"usage","customer_id":"a:b","tokens":50000,"operation":"x"}
{"at":"2026-01-05T10:03:00Z","kind":"usage","customer_id":"u1","tokens":7001,"operation":"x"}
{"at":"2026-01-05T10:04:00Z","kind":"settlement","customer_id":"u1","charge_id":"u1:2",)"
    R"("status":"failed"}
)";
constexpr const char* kList =
    "id     customer  amount USD  status  since                 Polar's id\n"
    "u1:2   u1        1.40        failed  2026-01-05T10:03:00Z  -\n"
    "a:b:1  a:b       10.00       held    2026-01-05T10:02:00Z  -\n"
    "u1:1   u1        1.20        paid    2026-01-05T10:00:00Z  ch_1\n";

struct Stored : Programs {
  Stored() {
    folder().write("h.jsonl", kHistory);
    const Ran ran = reckoner("import --history h.jsonl --set billing.hold_charge_usd=5");
    INFO(ran.said);
    REQUIRE(ran.code == 0);
  }
  // Whether the list says that the charge is in this status.
  bool is(const std::string& id, const std::string& status) const {
    return reckoner("charges list --status " + status).out.find(id + ' ') != std::string::npos;
  }
};

// Answers one request, and says what it was. The engine's own server is tested with the engine.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) {
    listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listening_, any, size) == 0);
    REQUIRE(listen(listening_, 1) == 0);
    REQUIRE(getsockname(listening_, any, &size) == 0);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    request_ = std::async(std::launch::async, [this, answer] { return serve(answer); });
  }
  ~OneAnswer() {
    shutdown(listening_, SHUT_RDWR);
    request_.wait();
    close(listening_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  const std::string& request() { return request_.get(); }

  std::string url;

 private:
  std::string serve(const std::string& answer) const {
    const int peer = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    std::string read;
    char buffer[4096];
    while (read.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = recv(peer, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      read.append(buffer, static_cast<std::size_t>(got));
    }
    (void)!send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    close(peer);
    return read;
  }

  int listening_ = -1;
  std::shared_future<std::string> request_;
};

std::string http(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("programs: charges are listed, the newest first, all or some", "[e2e]") {
  const Stored programs;
  const auto listed = [&](const std::string& arguments) {
    const Ran ran = programs.reckoner("charges list " + arguments);
    CHECK(ran.code == 0);
    CHECK_THAT(ran.said, Contains("which a running engine writes later"));
    return ran.out;
  };
  CHECK(listed("") == kList);
  CHECK_THAT(listed("--status failed"), Contains("\nu1:2 ") && !Contains("held"));
  CHECK_THAT(listed("--customer u1"), Contains("u1:2") && Contains("u1:1") && !Contains("a:b"));
  CHECK_THAT(listed("--customer u1 --status paid"), Contains("ch_1") && !Contains("u1:2"));
  for (const std::string none : {"--customer u", "--status submitted", "--customer a"})
    CHECK(listed(none) == "there are no such charges\n");
  CHECK(programs.reckoner("charges list >/dev/full").code == 1);
}

TEST_CASE("programs: an operator's act on a stopped store", "[e2e]") {
  const Stored programs;
  const Ran retried = programs.reckoner("charges retry u1:2");
  CHECK(retried.code == 0);
  CHECK(retried.said == "reckoner: the charge u1:2 was failed and is now pending\n");
  CHECK(programs.is("u1:2", "pending"));
  CHECK(programs.reckoner("charges release a:b:1").code == 0);
  CHECK(programs.is("a:b:1", "pending"));
  CHECK(programs.reckoner("charges write-off u1:2").code == 0);
  CHECK(programs.is("u1:2", "written_off"));
  CHECK(programs.reckoner("storage verify").code == 0);
  CHECK(programs.reckoner("export --history out.jsonl").code == 0);
  CHECK_THAT(programs.read("out.jsonl"), Contains(R"("decision":"write-off")"));
}

TEST_CASE("programs: acts that do not apply do nothing", "[e2e]") {
  const Stored programs;
  const std::string before = programs.reckoner("storage info").out;
  for (const std::string act : {"retry u1:1", "release u1:2", "retry a:b:1", "write-off u1:1"}) {
    const Ran ran = programs.reckoner("charges " + act);
    CHECK(ran.code == 1);
    CHECK_THAT(ran.said, EndsWith(" does not apply to it, and nothing was done\n"));
  }
  for (const std::string id : {"u1:3", "a:1", "nobody:1"}) {
    const Ran ran = programs.reckoner("charges retry " + id);
    CHECK(ran.code == 1);
    CHECK(ran.said == "reckoner: there is no charge " + id + "\n");
  }
  CHECK_THAT(before, Contains("entries    9\n"));
  CHECK_THAT(programs.reckoner("storage info").out, Contains("entries    9\n"));
  CHECK(programs.reckoner("charges list").out == kList);
}

TEST_CASE("programs: charges commands that say what is wrong with a flag", "[e2e]") {
  const Stored programs;
  const auto wrong = [&](const std::string& arguments, const std::string& begins) {
    INFO(arguments);
    const Ran ran = programs.reckoner("charges " + arguments);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK_THAT(ran.said, StartsWith("reckoner: " + begins));
  };
  wrong("list --status late", "--status is 'late'; it takes pending, held, unknown,");
  wrong("list --customer ''", "--customer is no customer's id");
  for (const std::string id : {"u1", "u1:", ":1", "u1:01", "u1:x", "u1:4294967296"})
    wrong("retry " + id, "ID is '" + id + "'; it takes a charge's id, CUSTOMER:NUMBER");
  wrong("retry u1:2 --target http://127.0.0.1:1", "--api-key (or RECKONER_API_KEY) is no key");
  wrong("retry u1:2 --target localhost --api-key k", "--target is 'localhost'; it takes");
  for (const std::string command : {"list", "retry u1:2"})
    wrong(command + " --url sqlite:none.db", "--url: there is no file");
}

// An import from a pipe that nobody closes holds its store until then; its lock in the place of
// the other store's holds that one.
TEST_CASE("programs: while another process holds the store, its API is the way", "[e2e]") {
  const Stored programs;
  const std::string reckoner = "'" RECKONER_PROGRAM "' ";
  const Ran ran = programs.run(
      "mkfifo pipe; " + reckoner +
      "import --history pipe --url sqlite:b.db & import=$!; exec 3>pipe; cat h.jsonl >&3; until " +
      reckoner + "export --history out.jsonl --url sqlite:b.db 2>&1 | " +
      "grep -q 'did not come to its end'; do kill -0 $import || exit 9; sleep 0.02; done; " +
      "mv b.db-lock reckoner.db-lock; " + reckoner +
      "charges retry u1:2 2>&1; code=$?; exec 3>&-; wait $import; exit $code");
  CHECK(ran.code == 2);
  CHECK_THAT(ran.out, Contains("another living owner holds ") &&
                          Contains("or have that engine do it: --target with its address"));
  CHECK(programs.is("u1:2", "failed"));
}

TEST_CASE("programs: an act by the API of a running engine", "[e2e]") {
  const Stored programs;
  SECTION("is a POST with the key, and the id escaped") {
    OneAnswer engine(http("200 OK", "{}"));
    const Ran ran = programs.reckoner("charges write-off 'a:b:1' --target " + engine.url + "/",
                                      "RECKONER_API_KEY=rk_the_key");
    CHECK(ran.code == 0);
    CHECK(ran.said == "reckoner: write-off of the charge a:b:1: done\n");
    CHECK_THAT(engine.request(), StartsWith("POST /api/v1/charges/a%3Ab%3A1/write-off HTTP/1.1") &&
                                     Contains("Authorization: Bearer rk_the_key\r\n"));
  }
  SECTION("says what the engine says of its refusal") {
    OneAnswer engine(http("404 Not Found", R"({"detail":"there is no\nsuch charge"})"));
    const Ran ran = programs.reckoner("charges retry u1:2 --api-key k --target " + engine.url);
    CHECK(ran.code == 1);
    CHECK_THAT(ran.said, EndsWith("the engine answered 404: there is no such charge\n"));
  }
  SECTION("says which key is needed, and shows none") {
    OneAnswer engine(http("403 Forbidden", "no JSON"));
    const Ran ran = programs.reckoner("charges retry u1:2 --api-key rk_no --target " + engine.url);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.said, Contains("answered 403; --api-key (or RECKONER_API_KEY) takes a key") &&
                             !Contains("rk_no"));
  }
  SECTION("tells where nobody knows whether it was done") {
    OneAnswer engine("");
    const Ran ran = programs.reckoner("charges retry u1:2 --api-key k --target " + engine.url);
    CHECK(ran.code == 1);
    CHECK_THAT(ran.said, Contains("; it may have been done: `reckoner charges list` shows it"));
  }
  CHECK(programs.reckoner("charges list").out == kList);
}

}  // namespace reckoner::e2e
