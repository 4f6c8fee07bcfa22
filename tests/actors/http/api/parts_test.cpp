// The parts that need no engine: paths, queries, routes, bounds, bodies.
#include <catch2/catch.hpp>

#include "actors/http/api/admission.hpp"
#include "actors/http/api/router.hpp"
#include "actors/http/api/url.hpp"
#include "actors/http/api/usage_body.hpp"
#include "actors/http/problem.hpp"

namespace reckoner::http::api {

TEST_CASE("url: percent-encoding, both ways") {
  CHECK(percent_decoded("a%20b%2Fc%3a+") == "a b/c:+");
  CHECK(percent_decoded("a+b", true) == "a b");
  for (const char* bad : {"%", "%2", "%zz", "a%2", "%-1"}) CHECK_FALSE(percent_decoded(bad));
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  CHECK(percent_decoded(percent_encoded(every)) == every);
  CHECK(percent_encoded("a-Z.0_~/") == "a-Z.0_~%2F");
}

TEST_CASE("url: queries") {
  const Query query = Query::parse("a=1&b=x+y%26&&c&a=2&d=").value();
  CHECK(*query.find("a") == "2");
  CHECK(*query.find("b") == "x y&");
  CHECK(query.find("c")->empty());
  CHECK(query.find("e") == nullptr);
  CHECK(query.number("a", 5, 10).value() == 2);
  CHECK(query.number("d", 5, 10).value() == 5);
  CHECK_FALSE(query.number("a", 5, 1).ok());
  CHECK_FALSE(query.truth("a").ok());
  CHECK_FALSE(Query::parse("a=%").ok());
  for (const std::string& place : {std::string("x\0\xFF", 3), std::string("u1")})
    CHECK(place_of_cursor(Query::parse("cursor=" + cursor_of(place)).value()).value() == place);
}

TEST_CASE("router: literal segments before others where they stand first") {
  const auto nothing = [](const CallPtr&) {};
  const Router router({{"GET", "/a/b", Access::open, nothing},
                       {"GET", "/a/{id}", Access::open, nothing},
                       {"POST", "/a/{id}/c/{more}", Access::open, nothing}});
  CHECK(router.match("GET", "/a/b").route == &router.routes()[0]);
  CHECK(router.match("GET", "/a/x%2Fy").params == std::vector<std::string>{"x/y"});
  CHECK(router.match("HEAD", "/a/x").route == &router.routes()[1]);
  CHECK(router.match("POST", "/a/1/c/2").params == std::vector<std::string>{"1", "2"});
  CHECK(router.match("POST", "/a/1").allow == "GET, HEAD");
  for (const char* path : {"", "a/b", "/a", "/a/", "/a/b/", "/a//c/2", "*"})
    CHECK(router.match("GET", path).found == Router::Found::no_path);
  CHECK(router.match("GET", "/a/%q").found == Router::Found::bad_path);
}

TEST_CASE("admission: as much as fits, and anything alone") {
  Admission admission({10, 100});
  auto first = admission.admit(1'000, 1);
  REQUIRE(first);
  CHECK(admission.is_full());
  CHECK_FALSE(admission.admit(1, 1));
  first->release();
  auto second = admission.admit(5, 50);
  auto third = admission.admit(5, 50);
  REQUIRE(second);
  REQUIRE(third);
  CHECK_FALSE(admission.admit(1, 0));
  *second = std::move(*third);
  CHECK(admission.admit(5, 50));
  third.reset();
  CHECK_FALSE(admission.is_full());
  second.reset();
  CHECK(admission.admit(0, 1'000'000));
}

TEST_CASE("usage bodies: views live as long as the batch, short bodies too") {
  auto body = read_single(R"({"customer_id":"u"})").value();
  const auto moved = std::move(body);
  CHECK(moved->events.front().customer_id == "u");
  CHECK(moved->wants_totals);
  const auto lines =
      read_lines("{\"customer_id\":\"\\u0061\"}\n5\n{\"customer_id\":\"b\"}", 3).value();
  CHECK(lines->events[0].customer_id == "a");
  CHECK(lines->events[1].customer_id == "b");
  CHECK(lines->places == std::vector<std::uint32_t>{0, 2});
  CHECK(lines->unreadable.front().index == 1);
  CHECK_FALSE(lines->wants_totals);
}

TEST_CASE("problems: are UTF-8 whatever they quote") {
  const Response response = problem_later(503, "unavailable", "a\xFF\"\n", 3);
  CHECK(response.body == R"({"type":"about:blank","title":"Service Unavailable","status":503,)"
                         R"("detail":"a?\")"
                         "\\u000a"
                         R"(","code":"unavailable"})");
  CHECK(response.headers.front().second == "3");
  CHECK(problem(404, "not_found", "ä").body.find("ä") != std::string::npos);
}

}  // namespace reckoner::http::api
