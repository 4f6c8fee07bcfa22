// The small parts: JSON texts edited, targets, latencies, answers.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "sim/drive/answers.hpp"
#include "sim/drive/json_edit.hpp"
#include "sim/drive/latencies.hpp"
#include "sim/drive/target.hpp"

namespace reckoner::sim {
namespace {

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> out;
  JsonMember member;
  for (JsonParts parts(text); parts.next(member);)
    out.push_back(std::string(member.name) + '=' + std::string(member.value));
  return out;
}

std::string target_of(const std::string& url) {
  const Result<Target> target = read_target("--target", url);
  if (!target) return target.error().detail;
  return target->host + ' ' + target->port + ' ' + target->path + ' ' + target->authority();
}

}  // namespace

TEST_CASE("JSON edit: members and elements as they stand", "[drive]") {
  using Parts = std::vector<std::string>;
  CHECK(parts_of(R"( { "a" : 1 ,"b":"x,}\"","c":{"d":[1,2]},"e":[ ] } )") ==
        Parts{"a=1", R"(b="x,}\"")", R"(c={"d":[1,2]})", "e=[ ]"});
  CHECK(parts_of(R"([1, "a" ,{"b":[]}])") == Parts{"=1", "=\"a\"", R"(={"b":[]})"});
  CHECK(parts_of("{}").empty());
  CHECK(parts_of(" [ ] ").empty());
  CHECK(parts_of("7").empty());
}

TEST_CASE("JSON edit: names and strings may have escapes", "[drive]") {
  CHECK(is_name(R"(\u0061)", "a"));
  CHECK_FALSE(is_name("b", "a"));
  CHECK(json_string(R"("a\"\u002B")") == "a\"+");
  CHECK_FALSE(json_string("7"));
}

TEST_CASE("JSON edit: replaced and added, the rest left alone", "[drive]") {
  const std::string text = R"({ "a": 1, "b" : "x" })";
  JsonEdit edit(text);
  edit.replace(std::string_view(text).substr(7, 1), "22");
  edit.add_member("c", "null");
  CHECK(edit.text() == R"({"c":null, "a": 22, "b" : "x" })");
  JsonEdit empty("{ }");
  empty.add_member("c", "1");
  empty.add_member("d", "2");
  CHECK(empty.text() == R"({"c":1,"d":2 })");
}

TEST_CASE("target: URLs as they are taken", "[drive]") {
  CHECK(target_of("http://127.0.0.1:8080") == "127.0.0.1 8080  127.0.0.1:8080");
  CHECK(target_of("http://host/a/b/") == "host 80 /a/b host");
  CHECK(target_of("http://[::1]:99/") == "::1 99  [::1]:99");
  const auto url = GENERATE(as<std::string>(), "", "https://h", "http://", "http://h:x",
                            "http://h:", "http://u@h", "http://h/?q", "http://[::1", "h:80");
  CHECK(target_of(url) == "--target is '" + url + "'; it takes a URL like http://127.0.0.1:8080");
}

TEST_CASE("target: ids in paths are escaped", "[drive]") {
  CHECK(path_part("a b/ü:1~-_.") == "a%20b%2F%C3%BC%3A1~-_.");
}

TEST_CASE("latencies: within three per cent, from below", "[drive]") {
  for (const std::int64_t micros :
       {0, 1, 63, 64, 65, 127, 128, 1'000, 12'345, 999'999, 60'000'000}) {
    Latencies one;
    one.add(std::chrono::microseconds(micros));
    const std::int64_t told = one.per_mille(500).count();
    INFO(micros);
    CHECK(told >= micros);
    CHECK(told <= micros + micros / 32 + 1);
  }
  Latencies many, more;
  for (int i = 1; i <= 1'000; ++i) (i % 2 ? many : more).add(std::chrono::microseconds(i));
  many.add(more);
  CHECK(many.count() == 1'000);
  CHECK(many.per_mille(500).count() == Approx(500).epsilon(0.04));
  CHECK(many.per_mille(990).count() == Approx(990).epsilon(0.04));
  CHECK(many.per_mille(1'000).count() >= 1'000);
  CHECK(Latencies().per_mille(500).count() == 0);
}

TEST_CASE("answers: a word by its name", "[drive]") {
  CHECK(word_in(R"({"status":"accepted","tier":"x"})", "status") == "accepted");
  CHECK(word_in(R"({"x":"status","status" : 7})", "status").empty());
  CHECK(word_in(R"({"x":"\"status\":\"no\"","status": "yes"})", "status") == "yes");
  CHECK(word_in("{}", "status").empty());
  CHECK(word_in(R"("status":)", "status").empty());
}

TEST_CASE("answers: what a batch came to", "[drive]") {
  const auto read = read_batch_answer(
      R"({"accepted":3,"duplicates":1,"conflicts":0,"rejected":[{"index":2,"code":"c"}]})");
  REQUIRE(read.ok());
  CHECK(read->accepted == 3);
  CHECK(read->rejected.at(0).first == 2);
  CHECK(read->rejected.at(0).second == "c");
  CHECK_FALSE(read_batch_answer("{}").ok());
  CHECK_FALSE(read_batch_answer("[").ok());
  CHECK_FALSE(
      read_batch_answer(R"({"accepted":3,"duplicates":1,"conflicts":0,"rejected":[7]})").ok());
}

TEST_CASE("answers: problems as people read them", "[drive]") {
  Answer answer;
  answer.status = 503;
  answer.body = R"({"code":"unavailable","detail":"the disk is full"})";
  CHECK(describe(answer) == "503 unavailable: the disk is full");
  answer.body = "<html>";
  CHECK(describe(answer) == "503 <html>");
  answer.outcome = Answer::Outcome::not_sent;
  answer.why = "Connection refused";
  CHECK(describe(answer) == "no connection: Connection refused");
}

}  // namespace reckoner::sim
