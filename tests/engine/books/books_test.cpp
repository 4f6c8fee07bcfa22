// The series of books: each in force from an instant on, plans numbered over all of them.
#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::book_with;

Book without(std::string_view plan_id) {
  Book book;
  std::erase_if(book.prices.plans, [&](const Plan& plan) { return plan.id == plan_id; });
  return book;
}

}  // namespace

TEST_CASE("books: the first is in force for all time, a later one from its instant on",
          "[engine][books]") {
  Books books{Book()};
  REQUIRE(books.add(at("2026-03-01"), book_with({{"billing.grace_days", "3"}})).ok());
  REQUIRE(books.add(at("2026-05-01"), book_with({{"billing.grace_days", "5"}})).ok());
  REQUIRE(books.all().size() == 3);
  const auto grace_at = [&](Instant when) { return books.at(when).settings().grace_days; };
  CHECK(grace_at(kDistantPast - 1) == 0);
  CHECK(grace_at(kDistantPast) == 0);
  CHECK(grace_at(at("2026-03-01") - 1) == 0);
  CHECK(grace_at(at("2026-03-01")) == 3);
  CHECK(grace_at(at("2026-05-01") - 1) == 3);
  CHECK(grace_at(at("2026-05-01")) == 5);
  CHECK(grace_at(kDistantFuture) == 5);
  CHECK(books.latest().settings().grace_days == 5);
  CHECK(books.latest().from() == at("2026-05-01"));
}

TEST_CASE("books: the next change is the first after an instant", "[engine][books]") {
  Books books{Book()};
  CHECK(books.next_change(kDistantPast) == kDistantFuture);
  REQUIRE(books.add(at("2026-03-01"), Book()).ok());
  REQUIRE(books.add(at("2026-05-01"), Book()).ok());
  CHECK(books.next_change(kDistantPast) == at("2026-03-01"));
  CHECK(books.next_change(at("2026-03-01") - 1) == at("2026-03-01"));
  CHECK(books.next_change(at("2026-03-01")) == at("2026-05-01"));
  CHECK(books.next_change(at("2026-05-01")) == kDistantFuture);
}

TEST_CASE("books: plans keep their numbers when a later book reorders or adds some",
          "[engine][books]") {
  Books books{Book()};
  Book later = support::book_with_gold();
  std::reverse(later.prices.plans.begin(), later.prices.plans.end());
  later.prices.plans[1].name = "renamed";
  REQUIRE(books.add(at("2026-03-01"), later).ok());
  const BookInForce& first = *books.all().front();
  const BookInForce& last = books.latest();
  for (const std::string id : {"free", "starter", "professional", "enterprise", "gold"}) {
    const auto number = books.plan_number(id);
    REQUIRE(number);
    CHECK(books.plan_id(*number) == id);
    CHECK(last.plan(*number).id == id);
    if (id != "gold") CHECK(first.plan(*number).id == id);
    CHECK(last.book().prices.plans[last.rank(*number)].id == id);
  }
  CHECK(books.plan_id(first.default_plan()) == "free");
  CHECK(books.plan_id(last.default_plan()) == "gold");
  CHECK(books.plan_number("gold") == 4);
  CHECK_FALSE(books.plan_number("platinum"));
}

TEST_CASE("books: a product stands for the plan that has it in that book", "[engine][books]") {
  Books books{Book()};
  Book later;
  later.prices.plans[2].product_ids = {"cortex_professional", "pro_2"};
  later.prices.plans[3].product_ids = {};
  REQUIRE(books.add(at("2026-03-01"), later).ok());
  const auto plan_of = [&](const BookInForce& book, std::string_view product) {
    const PlanNumber* plan = book.plan_of_product(product);
    return plan == nullptr ? std::string() : books.plan_id(*plan);
  };
  CHECK(plan_of(*books.all()[0], "cortex_enterprise") == "enterprise");
  CHECK(plan_of(*books.all()[0], "pro_2").empty());
  CHECK(plan_of(books.latest(), "pro_2") == "professional");
  CHECK(plan_of(books.latest(), "cortex_professional") == "professional");
  CHECK(plan_of(books.latest(), "cortex_enterprise").empty());
  CHECK(plan_of(books.latest(), "").empty());
}

TEST_CASE("books: a bad book, one that lacks a plan, and one that comes too early are refused",
          "[engine][books]") {
  Books books{Book()};
  REQUIRE(books.add(at("2026-03-01"), support::book_with_gold()).ok());
  const auto refused = [&](Instant from, const Book& book) {
    const Status added = books.add(from, book);
    return added ? std::string() : added.error().code;
  };
  Book bad;
  bad.prices.plans.clear();
  CHECK(refused(at("2026-04-01"), bad) == "invalid_price_book");
  CHECK(refused(at("2026-04-01"), Book()) == "invalid_price_book");  // no gold
  Book no_starter = support::book_with_gold();
  std::erase_if(no_starter.prices.plans, [](const Plan& plan) { return plan.id == "starter"; });
  CHECK(refused(at("2026-04-01"), no_starter) == "invalid_price_book");
  CHECK(refused(at("2026-02-28"), support::book_with_gold()) == "time_went_back");
  CHECK(refused(at("2026-03-01"), support::book_with_gold()) == "time_went_back");
  CHECK(books.all().size() == 2);
  CHECK(refused(at("2026-03-01") + 1, support::book_with_gold()).empty());
  CHECK(support::reports_bug([&] { Books none(bad); }));
}

TEST_CASE("books: no more plans than have a number", "[engine][books]") {
  Book book;
  book.prices.plans.assign(65'536, Plan{});
  for (std::size_t i = 0; i < book.prices.plans.size(); ++i)
    book.prices.plans[i].id = "plan " + std::to_string(i);
  Books books;
  CHECK(books.empty());
  const Status added = books.add(kDistantPast, book);
  REQUIRE_FALSE(added.ok());
  CHECK(added.error().code == "invalid_price_book");
  CHECK(books.empty());
}

TEST_CASE("books: the oldest usage is max_age_days before, and never moves back",
          "[engine][books]") {
  Books books(book_with({{"usage.max_age_days", "10"}}));
  REQUIRE(books.add(at("2026-03-01"), book_with({{"usage.max_age_days", "30"}})).ok());
  REQUIRE(books.add(at("2026-06-01"), book_with({{"usage.max_age_days", "2"}})).ok());
  REQUIRE(books.add(at("2026-06-03"), book_with({{"usage.max_age_days", "60"}})).ok());
  CHECK(books.oldest_usage(at("2026-01-31")) == at("2026-01-21"));
  CHECK(books.oldest_usage(at("2026-03-01") - 1) == at("2026-02-19") - 1);
  // Raised: what was too old stays so, until the longer age has caught up.
  CHECK(books.oldest_usage(at("2026-03-02")) == at("2026-02-19"));
  CHECK(books.oldest_usage(at("2026-03-21")) == at("2026-02-19"));
  CHECK(books.oldest_usage(at("2026-04-21")) == at("2026-03-22"));
  // Lowered: at once.
  CHECK(books.oldest_usage(at("2026-06-02")) == at("2026-05-31"));
  CHECK(books.oldest_usage(at("2026-07-01")) == at("2026-06-01"));
  CHECK(books.oldest_usage(at("2026-09-01")) == at("2026-07-03"));
  Instant before = kDistantPast;
  for (Instant when = at("2026-01-01"); when < at("2026-10-01"); when = when + kDay / 4) {
    const Instant oldest = books.oldest_usage(when);
    CHECK(oldest >= before);
    CHECK(oldest >= when - books.at(when).settings().max_age());
    before = oldest;
  }
}

TEST_CASE("books: a copy of the series does not see what is added later", "[engine][books]") {
  Books books{Book()};
  const Books copy = books;
  REQUIRE(books.add(at("2026-03-01"), support::book_with_gold()).ok());
  CHECK(copy.all().size() == 1);
  CHECK_FALSE(copy.plan_number("gold"));
  Books other{without("starter")};
  CHECK_FALSE(other.plan_number("starter"));
}

}  // namespace reckoner
