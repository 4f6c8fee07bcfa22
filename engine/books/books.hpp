// A book is everything outside a customer that decides a result: the price book, the settings and
// the version of the rules. It never changes; a changed setting is a new book. Books is the series
// of them, each in force from an instant on, so that a fold depends on no configuration of today.
//
// Plans are numbered over the whole series, in order of first appearance; state and timelines
// hold numbers. A later book may rename, reprice or reorder plans, but removes none.
//
// Values; safe to read from many threads while nobody adds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/result.hpp"
#include "engine/books/price_book.hpp"
#include "engine/books/settings.hpp"

namespace reckoner {

using PlanNumber = std::uint16_t;

inline constexpr std::uint32_t kRulesVersion = 1;

struct Book {
  PriceBook prices = default_price_book();
  Settings settings;
  std::uint32_t rules_version = kRulesVersion;
};

class BookInForce {
 public:
  BookInForce(Instant from, Book book, const std::vector<std::string>& plan_ids);

  Instant from() const { return from_; }
  const Book& book() const { return book_; }
  const Settings& settings() const { return book_.settings; }

  PlanNumber default_plan() const { return by_rank_.front(); }
  const Plan& plan(PlanNumber number) const { return book_.prices.plans[rank_[number]]; }
  // Place in the order of plans: higher is better.
  std::uint16_t rank(PlanNumber number) const { return rank_[number]; }
  // The plan that a product at Polar stands for; null if the price book does not know it.
  const PlanNumber* plan_of_product(std::string_view product_id) const;

 private:
  Instant from_;
  Book book_;
  std::vector<PlanNumber> by_rank_;
  std::vector<std::uint16_t> rank_;  // by plan number
};

class Books {
 public:
  Books() = default;
  // One book, in force for all time. It must be good (check_price_book).
  explicit Books(Book book);

  // Puts a further book in force from `from` on: an instant after the last book's, and after every
  // entry accepted so far (which the caller sees to), so that each instant has one book. Refuses
  // (code `invalid_price_book`) a book that is not good or lacks a plan of an earlier one, and
  // (code `time_went_back`) an instant not after the last book's.
  Status add(Instant from, Book book);

  bool empty() const { return books_.empty(); }
  // The book in force at an instant: the last whose `from` is not after it; before the first, the
  // first. There must be one.
  const BookInForce& at(Instant at) const {
    if (at >= books_.back()->from()) [[likely]]
      return *books_.back();
    return earlier(at);
  }
  const BookInForce& latest() const { return *books_.back(); }
  const std::vector<std::shared_ptr<const BookInForce>>& all() const { return books_; }
  // When the first change after `after` comes into force; kDistantFuture if none does.
  Instant next_change(Instant after) const {
    if (books_.back()->from() <= after) [[likely]]
      return kDistantFuture;
    return first_change(after);
  }

  const std::string& plan_id(PlanNumber number) const { return plan_ids_[number]; }
  std::optional<PlanNumber> plan_number(std::string_view plan_id) const;

  // The earliest timestamp that usage accepted at `at` may have. It never moves back: what once
  // was too old stays so when max_age_days is raised, so that a period can be closed for good.
  Instant oldest_usage(Instant at) const;

 private:
  const BookInForce& earlier(Instant at) const;
  Instant first_change(Instant after) const;

  // Shared and immutable, so that a copy of the series is cheap.
  std::vector<std::shared_ptr<const BookInForce>> books_;
  std::vector<std::string> plan_ids_;  // by plan number
};

}  // namespace reckoner
