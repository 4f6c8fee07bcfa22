// Histories written from entries: each kind as its line, and read back as what it was.
#include "engine/json/history_writer.hpp"

#include "engine/books/book_encoding.hpp"
#include "tests/engine/json/price_book_text.hpp"
#include "tests/engine/json/read_line.hpp"

namespace reckoner::json {
namespace {

const Instant kAt = *parse_instant("2026-01-05T10:00:00Z");

template <class Entry>
std::string written(const Entry& entry) {
  HistoryWriter writer;
  std::string out;
  writer.line(out, entry);
  return out;
}

std::string of_customer(std::string_view id, const CustomerEntryBody& body) {
  return written(CustomerEntry{kAt, id, body});
}
std::string of_identity(const std::variant<CustomerLine, Webhook>& body) {
  return written(IdentityEntry{kAt, body});
}

std::string body_of(std::string_view body) {
  Lines lines;
  const std::string line = of_identity(Webhook{"", body, {}});
  CHECK(line.find_first_of("\r\n") == line.size() - 1);
  return std::string(read(lines, line).webhook_body);
}

Book odd_book() {
  Book book;
  auto prices = read_price_book(book_of(
      plan(R"("id":"\"1\\","name":"a\nb","product_ids":["é","\""])") + "," +
      plan(R"("id":"2","product_ids":[],"price_usd":"0.000000000001","pricing":)"
           R"({"model":"graduated","included_tokens":7,"bands":[{"up_to":5,)"
           R"("unit_price_usd":"0.1","flat_usd":"2"},{"up_to":null,"unit_price_usd":"0"}]})") +
      "," +
      plan(R"("id":"3","product_ids":[],"pricing":{"model":"volume","bands":[)"
           R"({"up_to":null,"unit_price_usd":"1000000"}]})") +
      "," +
      plan(R"("id":"4","product_ids":[],"tokens_per_month":1000000000000000000,"pricing":)"
           R"({"model":"package","package_size":1000,"package_price_usd":"0.37"})")));
  if (!prices) FAIL(prices.error().detail);
  book.prices = *prices;
  for (const auto& [key, value] : {std::pair{"billing.threshold_usd", "0.000000000001"},
                                   {"billing.minimum_charge_usd", "10000000000000000"},
                                   {"usage.unknown_customer", "reject"},
                                   {"polar.link_by_email", "false"}})
    REQUIRE(set_setting(book.settings, key, value));
  return book;
}

}  // namespace

TEST_CASE("history writer: usage") {
  CHECK(of_customer("u1", Usage{5, "op", {}, std::nullopt, {}}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"u1","tokens":5,)"
        R"("operation":"op"})"
        "\n");
  const Usage full{1'000'000'000'000, R"("\é)", "k\"", kAt - 1, R"({"a": [1,2.50],"a":"\n"})"};
  CHECK(of_customer(R"(a"b\c😀)", full) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"usage","customer_id":"a\"b\\c😀",)"
        R"("tokens":1000000000000,"operation":"\"\\é","idempotency_key":"k\"",)"
        R"("timestamp":"2026-01-05T09:59:59.999999Z","metadata":{"a": [1,2.50],"a":"\n"}})"
        "\n");
  Lines lines;
  const HistoryLine& line = read(lines, of_customer(R"(a"b\c😀)", full));
  CHECK(line.customer_id == R"(a"b\c😀)");
  CHECK((line.usage.usage == full));
}

TEST_CASE("history writer: settlement, operators' acts, clock") {
  CHECK(of_customer("u:1", Settlement{12, ChargeStatus::paid, "ch\t1"}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"settlement","customer_id":"u:1",)"
        R"("charge_id":"u:1:12","status":"paid","polar_charge_id":"ch\u00091"})"
        "\n");
  CHECK(of_customer("u", Settlement{1, ChargeStatus::unknown, ""}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"settlement","customer_id":"u",)"
        R"("charge_id":"u:1","status":"unknown"})"
        "\n");
  CHECK(of_customer("u", OperatorAct{3, OperatorDecision::write_off}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"operator","customer_id":"u",)"
        R"("charge_id":"u:3","decision":"write-off"})"
        "\n");
  const std::string clock = of_customer("u", Clock{});
  CHECK(clock == R"({"at":"2026-01-05T10:00:00Z","kind":"clock","customer_id":"u"})"
                 "\n");
  Lines lines;
  CHECK(read(lines, clock).customer_id == "u");
}

TEST_CASE("history writer: a notice is no line, for it follows from identity's entry") {
  CHECK(of_customer("u", Notice{1, {Unlink{}}}).empty());
}

TEST_CASE("history writer: customers") {
  CHECK(of_identity(CustomerLine{"u", {}, ""}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"customer","customer_id":"u"})"
        "\n");
  const CustomerLine full{"u", {"e@x", "N \"n\"", "C\\", std::uint8_t{31}}, "p1"};
  Lines lines;
  CHECK((read(lines, of_identity(full)).customer == full));
}

TEST_CASE("history writer: webhooks keep their bodies, on one line") {
  CHECK(of_identity(Webhook{"w1", R"({"type" : "x"})", {}}) ==
        R"({"at":"2026-01-05T10:00:00Z","kind":"webhook","id":"w1","body":{"type" : "x"}})"
        "\n");
  CHECK(body_of(R"({"id":"of the body","a":"}\"\n"})") == R"({"id":"of the body","a":"}\"\n"})");
  CHECK(body_of("\r\n {\n\t\"a\":\r\n1}\n") == "{ \t\"a\":  1}");
  for (const char* none : {"[1]", "5", "null", "\"{}\"", ""}) {
    INFO(none);
    CHECK(body_of(none) == "{}");
  }
}

TEST_CASE("history writer: a book has all prices and all settings") {
  HistoryWriter writer;
  for (const Book& book : {Book{}, odd_book()}) {
    for (const bool opening : {false, true}) {
      std::string out;
      if (opening) writer.opening_line(out, kAt, book);
      if (!opening) writer.line(out, kAt, book);
      CHECK(out.find('\n') == out.size() - 1);
      Lines lines;
      const HistoryLine& line = read(lines, out);
      CHECK(line.kind == Kind::book);
      CHECK(line.book.opening == opening);
      REQUIRE(line.book.prices);
      Book back = odd_book();  // none of its own is left
      back.prices = *line.book.prices;
      for (const auto& [key, value] : line.book.settings)
        REQUIRE(set_setting(back.settings, key, value));
      CHECK((encode_book(back) == encode_book(book)));
    }
  }
}

}  // namespace reckoner::json
