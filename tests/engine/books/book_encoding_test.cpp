// A book's canonical bytes, and the hash that names it.
#include "tests/support/core.hpp"

#include "engine/books/book_encoding.hpp"

namespace reckoner {
namespace {

using support::usd;

// A book with every model, every optional part and settings of every kind.
Book rich_book() {
  Book book = support::book_with({{"billing.threshold_usd", "2.5"},
                                  {"billing.billing_day", "15"},
                                  {"usage.unknown_customer", "reject"},
                                  {"polar.link_by_email", "false"}});
  book.prices.plans[0].product_ids.clear();
  book.prices.plans[1].pricing = {
      Graduated{{{10, usd("1"), usd("0.5")}, {std::nullopt, usd("0.1"), {}}}}, 5};
  book.prices.plans[2].pricing = {Volume{{{std::nullopt, usd("0.000000000001"), usd("3")}}}, 0};
  book.prices.plans[2].product_ids.push_back("another");
  book.prices.plans[3].pricing = {Package{1000, usd("0.37")}, 0};
  book.prices.plans[3].name = "Enterprise \xC3\xA4";
  return book;
}

std::string error_code(std::string_view bytes) {
  const Result<Book> book = decode_book(bytes);
  return book ? std::string() : book.error().code;
}

}  // namespace

TEST_CASE("book encoding: a book comes back whole", "[engine][books][encoding]") {
  for (const Book& book : {Book(), rich_book(), support::book_with_gold()}) {
    const std::string bytes = encode_book(book);
    const Result<Book> again = decode_book(bytes);
    REQUIRE(again.ok());
    CHECK(encode_book(*again) == bytes);
    CHECK(again->settings == book.settings);
    CHECK(book_hash(*again) == book_hash(book));
    REQUIRE(again->prices.plans.size() == book.prices.plans.size());
    for (std::size_t i = 0; i < book.prices.plans.size(); ++i) {
      const Plan& plan = again->prices.plans[i];
      CHECK(plan.id == book.prices.plans[i].id);
      CHECK(plan.name == book.prices.plans[i].name);
      CHECK(plan.product_ids == book.prices.plans[i].product_ids);
      for (const std::int64_t tokens : {0, 1, 6, 16, 1000, 1'000'000})
        CHECK(plan.pricing.cost_of_first(tokens) ==
              book.prices.plans[i].pricing.cost_of_first(tokens));
    }
  }
}

TEST_CASE("book encoding: any change of a book changes its hash", "[engine][books][encoding]") {
  std::vector<Book> books(1);
  const auto changed = [&](auto change) { change(books.emplace_back()); };
  for (const SettingKey& setting : setting_keys())
    for (const std::string value : {"3", "reject", "true", "false"})
      changed([&](Book& b) {
        if (!set_setting(b.settings, setting.key, value) || b.settings == Settings{})
          books.pop_back();
      });
  changed([](Book& b) { b.prices.plans[0].id = "gratis"; });
  changed([](Book& b) { b.prices.plans[0].name = "Free"; });
  changed([](Book& b) { b.prices.plans[0].price = usd("1"); });
  changed([](Book& b) { b.prices.plans[0].tokens_per_month = 1; });
  changed([](Book& b) { b.prices.plans[0].rate_limit = 1; });
  changed([](Book& b) { b.prices.plans[0].product_ids.clear(); });
  changed([](Book& b) { b.prices.plans[0].pricing.included_tokens = 1; });
  changed([](Book& b) { b.prices.plans[0].pricing.model = PerUnit{usd("0.1")}; });
  changed([](Book& b) { b.prices.plans[0].pricing.model = Package{1, usd("0.1")}; });
  changed([](Book& b) { b.prices.plans[0].pricing.model = Package{2, usd("0.1")}; });
  changed([](Book& b) { b.prices.plans[0].pricing.model = Graduated{{{std::nullopt, {}, {}}}}; });
  changed([](Book& b) { b.prices.plans[0].pricing.model = Volume{{{std::nullopt, {}, {}}}}; });
  changed([](Book& b) { std::swap(b.prices.plans[0], b.prices.plans[1]); });
  changed([](Book& b) { b.rules_version = 2; });
  CHECK(books.size() > 20);
  for (std::size_t i = 0; i < books.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(book_hash(books[i]) != book_hash(books[j]));
}

TEST_CASE("book encoding: cut bytes, and bytes with something behind, are no book",
          "[engine][books][encoding]") {
  const std::string bytes = encode_book(rich_book());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    if (decode_book(bytes.substr(0, size)).ok()) FAIL(size << " of " << bytes.size());
  CHECK(error_code(bytes + '\0') == "invalid_book");
  CHECK(error_code("") == "invalid_book");
}

TEST_CASE("book encoding: changed bytes are no book, or another book with other bytes",
          "[engine][books][encoding]") {
  const std::string bytes = encode_book(rich_book());
  int read = 0;
  support::each_flip(bytes, [&](const std::string& flipped, std::size_t i) {
    const Result<Book> book = decode_book(flipped);
    if (!book) return;
    ++read;
    if (encode_book(*book) != flipped) FAIL("byte " << i);
  });
  CHECK(read > 0);  // another price is still a price
}

TEST_CASE("book encoding: a book of rules that this program lacks is refused, and says so",
          "[engine][books][encoding]") {
  Book later;
  later.rules_version = kRulesVersion + 1;
  CHECK(error_code(encode_book(later)) == "unknown_rules");
}

TEST_CASE("book encoding: settings and prices are judged on reading too",
          "[engine][books][encoding]") {
  Book bad;
  bad.settings.billing_day = 32;
  CHECK(error_code(encode_book(bad)) == "invalid_setting");
  bad = Book();
  bad.prices.plans[1].id = "free";
  CHECK(error_code(encode_book(bad)) == "invalid_price_book");
  std::string renamed = encode_book(Book());
  renamed.replace(renamed.find("billing.grace_days"), 18, "billing.grape_days");
  CHECK(error_code(renamed) == "unknown_setting");
}

TEST_CASE("book encoding: another spelling of the same book is refused",
          "[engine][books][encoding]") {
  const std::string bytes = encode_book(Book());
  const std::string key = "billing.threshold_usd";
  const std::size_t value = bytes.find(key) + key.size();
  REQUIRE(bytes.substr(value, 2) ==
          "\x01"
          "1");
  std::string spelled = bytes;
  spelled.replace(value, 2,
                  "\x03"
                  "1.0");
  CHECK(error_code(spelled) == "invalid_book");
}

}  // namespace reckoner
