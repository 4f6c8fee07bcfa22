// Who comes in: readiness, routes, keys and their scopes, and what is written of it.
#include <catch2/catch.hpp>

#include "actors/http/api/openapi.hpp"
#include "actors/keys/api_key.hpp"
#include "tests/actors/http/api/api_stand.hpp"
#include "tests/actors/http/api/openapi_check.hpp"

namespace reckoner::http::api {

TEST_CASE("gate: before the engine is ready only its health is answered") {
  StandOptions options;
  options.ready = false;
  ApiStand stand(options);
  stand.door().not_ready("folding 5 entries");
  CHECK(stand.ask("GET /healthz", "", "").status == 200);
  const ApiAnswer ready = stand.ask("GET /readyz", "", "");
  CHECK(ready.status == 503);
  CHECK(ready.detail() == "not ready: folding 5 entries");
  for (const char* what : {"POST /api/v1/usage", "GET /api/v1/customers", "GET /openapi.json",
                           "POST /api/v1/webhooks/polar", "GET /nothing"}) {
    const ApiAnswer answer = stand.ask(what);
    CHECK(answer.status == 503);
    CHECK(answer.code() == "unavailable");
  }
  stand.be_ready();
  CHECK(stand.done("GET /readyz").at("/status") == "ready");
  CHECK(stand.ask("GET /api/v1/customers").status == 200);
  stand.door().not_ready("stopping");
  CHECK(stand.ask("GET /api/v1/customers").detail() == "not ready: stopping");
}

TEST_CASE("gate: paths that are not there, and methods that they do not take") {
  ApiStand stand;
  for (const char* what :
       {"GET /", "GET /api/v1", "GET /api/v1/usage/", "POST /api/v1/customers//authorize",
        "GET /api/v1/customers/a/b", "GET //healthz"}) {
    const ApiAnswer answer = stand.ask(what);
    CHECK(answer.status == 404);
    CHECK(answer.code() == "not_found");
  }
  const ApiAnswer usage = stand.ask("GET /api/v1/usage");
  CHECK(usage.status == 405);
  CHECK(usage.header("Allow") == "POST");
  CHECK(stand.ask("DELETE /api/v1/customers").header("Allow") == "GET, HEAD, POST");
  CHECK(stand.ask("PUT /api/v1/customers/a").header("Allow") == "GET, HEAD, PATCH");
  CHECK(stand.ask("HEAD /healthz", "", "").status == 200);
  const ApiAnswer bad = stand.ask("GET /api/v1/customers/a%2");
  CHECK(bad.status == 400);
  CHECK(bad.code() == "bad_request");
}

TEST_CASE("gate: keys, in either header, and their scopes") {
  ApiStand stand;
  const ApiAnswer none = stand.ask("GET /api/v1/customers", "", "");
  CHECK(none.status == 401);
  CHECK(none.code() == "unauthorized");
  CHECK(none.header("WWW-Authenticate") == "Bearer");
  const ApiAnswer wrong = stand.ask("GET /api/v1/customers", "", "wrong-key");
  CHECK(wrong.status == 401);
  CHECK(wrong.text.find("wrong-key") == std::string::npos);
  CHECK(stand.ask("GET /api/v1/customers", "", "", {{"x-api-key", "read"}}).status == 200);
  CHECK(stand.ask("GET /api/v1/customers", "", "", {{"authorization", "bearer  read"}}).status ==
        200);
  CHECK(stand.ask("GET /api/v1/customers", "", "", {{"authorization", "Basic cmVhZA=="}}).status ==
        401);
  const ApiAnswer scope = stand.ask("GET /api/v1/customers", "", "usage");
  CHECK(scope.status == 403);
  CHECK(scope.code() == "forbidden");
  CHECK(scope.detail() == "the API key lacks the scope read");
}

TEST_CASE("gate: each route asks for the scope that the description names") {
  ApiStand stand;
  const boost::json::value description = boost::json::parse(openapi_text());
  int asked = 0;
  for (const auto& [path, operations] : description.at("paths").as_object()) {
    for (const auto& [method, operation] : operations.as_object()) {
      std::string name = boost::json::string(method).c_str();
      for (char& c : name) c = static_cast<char>(std::toupper(c));
      const boost::json::value* scope = operation.as_object().if_contains("x-scope");
      const std::string what = name + " " + std::string(path);
      INFO(what);
      if (scope == nullptr) {
        CHECK(stand.ask(what, "", "").status != 401);
        continue;
      }
      ++asked;
      CHECK(stand.ask(what, "", "").status == 401);
      for (const std::string each : {"usage", "read", "admin"})
        CHECK((stand.ask(what, "{}", each).status == 403) == (scope->as_string() != each));
    }
  }
  CHECK(asked == 13);
}

TEST_CASE("gate: what is written of a request holds who and what, and no secret") {
  ApiStand stand;
  const keys::ApiKey key = keys::make_api_key();
  stand.ask("POST /api/v1/usage", R"({"customer_id":"u1","tokens":1,"operation":"a"})", key.text());
  const AccessRecord record = stand.records().back();
  CHECK(record.method == "POST");
  CHECK(record.route == "/api/v1/usage");
  CHECK(record.status == 200);
  CHECK(record.bytes_in == 47);
  CHECK(record.bytes_out > 0);
  CHECK(record.request_id == "request-1");
  CHECK(record.remote == "127.0.0.1:1");
  CHECK(record.customer_id == "u1");
  CHECK(record.key_id == key.id);
  stand.ask("GET /nothing");
  CHECK(stand.records().back().route.empty());
  CHECK(stand.records().back().status == 404);
  Request refused;
  refused.method = "GET";
  Response response;
  response.status = 431;
  stand.door().on_refused()(refused, response);
  CHECK(stand.records().back().status == 431);
}

TEST_CASE("gate: a secret that is too short is refused, and not shown") {
  FrontDoorOptions options;
  options.webhook_secrets = "shorty";
  const auto made = FrontDoor::make(options);
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().code == "invalid_setting");
  CHECK(made.error().detail.find("shorty") == std::string::npos);
}

TEST_CASE("gate: the description is served as it is") {
  ApiStand stand;
  CHECK(stand.ask("GET /openapi.json", "", "").text == openapi_text());
}

TEST_CASE("gate: what the check of answers finds") {
  const auto fault = [](unsigned status, std::string_view body) {
    return openapi_fault("POST", "/api/v1/webhooks/polar", status, "application/json", body);
  };
  CHECK(fault(200, R"({"status":"success"})") == "");
  CHECK(fault(200, R"({"status":"other"})") == "body.status is \"other\"");
  CHECK(fault(200, "{}") == "body lacks status");
  CHECK(fault(200, R"({"status":"success","more":1})") == "body has more");
  CHECK(fault(200, "[]").starts_with("body is [], no"));
  CHECK(fault(201, "{}") == "there is no status 201");
  CHECK(fault(400, "{}") == "there is no content type application/json");
}

}  // namespace reckoner::http::api
