// The guide's API over real HTTP: what is sent, and what follows from each answer.
#include "actors/polar/charges_api.hpp"

#include <mutex>

#include "tests/actors/http/client_stand.hpp"
#include "tests/actors/http/odd_server.hpp"
#include "tests/actors/http/server_stand.hpp"
#include "tests/support/closed_port.hpp"

namespace reckoner::polar {
namespace {

using std::chrono::seconds;
using Cause = NotNow::Cause;

const ChargeOrder kOrder{"ada:1", "P", 1'234, 617'000};

// A server that answers as it is told, and the adapter before it.
class Stand {
 public:
  Stand()
      : server_(http::start_server({},
                                   [this](http::Request request, http::Reply reply) {
                                     const std::lock_guard lock(mutex_);
                                     requests_.push_back(std::move(request));
                                     reply(answer_);
                                   })),
        api_(client_, "http://127.0.0.1:" + std::to_string(server_->port()) + "/api/v1/", "key") {}

  void answers(unsigned status, std::string body = "",
               std::vector<std::pair<std::string, std::string>> headers = {}) {
    const std::lock_guard lock(mutex_);
    answer_.status = status;
    answer_.body = std::move(body);
    answer_.headers = std::move(headers);
  }
  Outcome send(const ChargeOrder& order = kOrder) {
    std::promise<Outcome> promise;
    api_.send(order, [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
  }
  Outcome look_up(const ChargeOrder& order = kOrder) {
    std::promise<Outcome> promise;
    api_.look_up(order, [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return promise.get_future().get();
  }
  const http::Request& last() const {
    const std::lock_guard lock(mutex_);
    return requests_.back();
  }

 private:
  mutable std::mutex mutex_;
  http::Response answer_;
  std::vector<http::Request> requests_;
  std::shared_ptr<http::Client> client_ = http::start_client();
  std::unique_ptr<http::Server> server_;
  ChargesApi api_;
};

template <class Kind>
Kind the(const Outcome& outcome) {
  REQUIRE(std::holds_alternative<Kind>(outcome));
  return std::get<Kind>(outcome);
}

}  // namespace

TEST_CASE("charges API: a charge is asked for as the guide has it", "[polar]") {
  Stand stand;
  stand.answers(201, R"({"id":"ch_1","amount_usd":12.34,"status":"pending"})");
  CHECK(the<Taken>(stand.send()).polar_charge_id == "ch_1");
  CHECK(stand.last().method == "POST");
  CHECK(stand.last().path == "/api/v1/charges");
  CHECK(*stand.last().header("authorization") == "Bearer key");
  CHECK(*stand.last().header("idempotency-key") == "ada:1");
  CHECK(*stand.last().header("content-type") == "application/json");
  CHECK(stand.last().body == charge_body(kOrder));
}

TEST_CASE("charges API: a look-up names the id, percent-encoded", "[polar]") {
  Stand stand;
  stand.answers(200, R"({"items":[]})");
  the<Absent>(stand.look_up({"a&b \xC3\xA9:1", "", 1, 1}));
  CHECK(stand.last().method == "GET");
  CHECK(stand.last().path == "/api/v1/charges");
  CHECK(stand.last().query == "idempotency_key=a%26b%20%C3%A9%3A1");
  CHECK(*stand.last().header("authorization") == "Bearer key");
}

TEST_CASE("charges API: what follows from the status of a charge sent", "[polar]") {
  Stand stand;
  SECTION("this charge is refused") {
    for (const unsigned status : {402u, 422u}) {
      stand.answers(status, R"({"detail":"card declined"})");
      CHECK(the<Refused>(stand.send()).why ==
            "Polar answers " + std::to_string(status) + ": card declined");
    }
  }
  SECTION("not now, and certainly not taken") {
    const auto cause = [&](unsigned status) {
      stand.answers(status, "{}");
      const auto found = the<NotNow>(stand.send());
      CHECK_FALSE(found.may_be_taken);
      return found.cause;
    };
    CHECK(cause(401) == Cause::key);
    CHECK(cause(403) == Cause::key);
    CHECK(cause(404) == Cause::address);
    CHECK(cause(400) == Cause::address);
    CHECK(cause(302) == Cause::address);
    CHECK(cause(429) == Cause::too_many);
  }
  SECTION("not now, and it may be taken") {
    for (const unsigned status : {500u, 502u, 503u, 504u, 599u, 408u}) {
      stand.answers(status, "<html>oops");
      const auto found = the<NotNow>(stand.send());
      CHECK(found.cause == Cause::broken);
      CHECK(found.may_be_taken);
    }
  }
  SECTION("Retry-After") {
    stand.answers(429, "", {{"Retry-After", "17"}});
    CHECK(the<NotNow>(stand.send()).retry_after == seconds(17));
    stand.answers(503, "", {{"Retry-After", "soon"}});
    CHECK_FALSE(the<NotNow>(stand.send()).retry_after.has_value());
  }
  SECTION("an answer without a charge") {
    for (const char* body : {"", "{}", "[]", "<html>", R"({"id":""})"}) {
      stand.answers(200, body);
      const auto found = the<NotNow>(stand.send());
      CHECK(found.cause == Cause::unreadable);
      CHECK(found.may_be_taken);
    }
  }
  SECTION("held already") {
    stand.answers(409, R"({"detail":"exists"})");
    the<Held>(stand.send());
    stand.answers(409, R"({"id":"ch_1","idempotency_key":"ada:1","amount_usd":"12.34"})");
    CHECK(the<Taken>(stand.send()).polar_charge_id == "ch_1");
    stand.answers(409, R"({"id":"ch_1","idempotency_key":"ada:1","amount_usd":"12.35"})");
    CHECK(the<Drift>(stand.send()).polar_charge_id == "ch_1");
    stand.answers(409, R"({"id":"error_7"})");
    the<Held>(stand.send());
  }
  SECTION("another amount under the same id") {
    stand.answers(200, R"({"id":"ch_1","amount_usd":99.00})");
    CHECK(the<Drift>(stand.send()).why == "Polar holds 99 USD as ch_1, asked were 12.34 USD");
  }
}

TEST_CASE("charges API: what follows from a look-up", "[polar]") {
  Stand stand;
  SECTION("held") {
    stand.answers(200, R"({"items":[{"id":"ch_1","amount_usd":12.34,"status":"paid",)"
                       R"("idempotency_key":"ada:1"}],"total":1})");
    const auto found = the<Taken>(stand.look_up());
    CHECK(found.polar_charge_id == "ch_1");
    CHECK(found.status == ChargeStatus::paid);
  }
  SECTION("held at another amount, or twice") {
    stand.answers(200, R"({"items":[{"id":"c","amount_usd":1,"idempotency_key":"ada:1"}]})");
    the<Drift>(stand.look_up());
    stand.answers(200, R"({"items":[{"id":"c","idempotency_key":"ada:1"},)"
                       R"({"id":"d","metadata":{"charge_id":"ada:1"}}]})");
    the<Drift>(stand.look_up());
  }
  SECTION("somebody else's charges are never taken for it") {
    for (const char* items :
         {R"({"id":"c","amount_usd":12.34,"idempotency_key":"bob:1"})",
          R"({"id":"c","amount_usd":12.34})", R"({"idempotency_key":"ada:1"})", "{}"}) {
      stand.answers(200, R"({"items":[)" + std::string(items) + "]}");
      the<CannotLook>(stand.look_up());
    }
  }
  SECTION("this Polar cannot tell") {
    for (const unsigned status : {404u, 405u, 400u, 501u}) {
      stand.answers(status);
      the<CannotLook>(stand.look_up());
    }
  }
  SECTION("not now") {
    for (const auto& [status, cause] : {std::pair{401u, Cause::key},
                                        {403u, Cause::key},
                                        {429u, Cause::too_many},
                                        {500u, Cause::broken},
                                        {301u, Cause::address}}) {
      stand.answers(status);
      CHECK(the<NotNow>(stand.look_up()).cause == cause);
    }
    for (const char* body : {"", "[]", "{}", "<html>", R"({"items":{}})", R"({"items":null})"}) {
      stand.answers(200, body);
      CHECK(the<NotNow>(stand.look_up()).cause == Cause::unreadable);
    }
  }
}

TEST_CASE("charges API: no answer, and whether it was sent", "[polar]") {
  const std::shared_ptr<http::Client> client = http::start_client();
  const auto send = [&](const std::string& base, const std::string& key = "key") {
    ChargesApi api(client, base, key);
    std::promise<Outcome> promise;
    api.send(kOrder, [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
    return the<NotNow>(promise.get_future().get());
  };
  SECTION("nobody listens") {
    const support::ClosedPort port;
    const auto found = send(port.url());
    CHECK(found.cause == Cause::unreachable);
    CHECK_FALSE(found.may_be_taken);
  }
  SECTION("closed without an answer") {
    http::OddServer server([](const std::string&) { return http::OddServer::Deed{"", true}; });
    const auto found = send(server.url(""));
    CHECK(found.cause == Cause::unreachable);
    CHECK(found.may_be_taken);
  }
  SECTION("a key or URL that cannot be sent is named, and is not repeated") {
    const auto found = send("http://127.0.0.1", "secret\r\nX: y");
    CHECK(found.cause == Cause::address);
    CHECK_FALSE(found.may_be_taken);
    CHECK(found.why.find("secret") == std::string::npos);
    CHECK(send("polar.example").cause == Cause::address);
  }
}

}  // namespace reckoner::polar
