#include "engine/books/books.hpp"

#include <algorithm>

namespace reckoner {

BookInForce::BookInForce(Instant from, Book book, const std::vector<std::string>& plan_ids)
    : from_(from), book_(std::move(book)) {
  by_rank_.resize(book_.prices.plans.size());
  for (const std::string& id : plan_ids) {
    const auto rank = static_cast<std::uint16_t>(book_.prices.find(id) - book_.prices.plans.data());
    by_rank_[rank] = static_cast<PlanNumber>(rank_.size());
    rank_.push_back(rank);
  }
}

const PlanNumber* BookInForce::plan_of_product(std::string_view product_id) const {
  const auto& plans = book_.prices.plans;
  for (std::size_t rank = 0; rank < plans.size(); ++rank) {
    const auto& products = plans[rank].product_ids;
    if (std::find(products.begin(), products.end(), product_id) != products.end())
      return &by_rank_[rank];
  }
  return nullptr;
}

Books::Books(Book book) {
  const Status added = add(kDistantPast, std::move(book));
  RECKONER_CHECK(added.ok(), "the first book is not good");
}

Status Books::add(Instant from, Book book) {
  if (Status good = check_price_book(book.prices); !good) return good;
  if (book.prices.plans.size() > UINT16_MAX)
    return Error{"invalid_price_book", "plans has more than 65535 plans"};
  for (const std::string& id : plan_ids_) {
    if (book.prices.find(id) == nullptr)
      return Error{"invalid_price_book", "plan " + id +
                                             " is missing; earlier entries name it, so it may be "
                                             "renamed or repriced but not removed"};
  }
  if (!books_.empty() && from <= latest().from())
    return Error{"time_went_back", "the book comes into force no later than the one before it"};
  for (const Plan& plan : book.prices.plans)
    if (!plan_number(plan.id)) plan_ids_.push_back(plan.id);
  books_.push_back(std::make_shared<const BookInForce>(from, std::move(book), plan_ids_));
  return Done{};
}

const BookInForce& Books::earlier(Instant at) const {
  for (std::size_t i = books_.size(); i-- > 1;)
    if (books_[i]->from() <= at) return *books_[i];
  return *books_.front();
}

Instant Books::first_change(Instant after) const {
  std::size_t i = 1;
  while (books_[i]->from() <= after) ++i;  // the last one's is after it
  return books_[i]->from();
}

std::optional<PlanNumber> Books::plan_number(std::string_view plan_id) const {
  const auto found = std::find(plan_ids_.begin(), plan_ids_.end(), plan_id);
  if (found == plan_ids_.end()) return std::nullopt;
  return static_cast<PlanNumber>(found - plan_ids_.begin());
}

Instant Books::oldest_usage(Instant at) const {
  Instant oldest = kDistantPast;
  for (std::size_t i = 0; i < books_.size() && (i == 0 || books_[i]->from() <= at); ++i) {
    // The last instant at which this book was in force, as far as `at` has come.
    const Instant until = i + 1 < books_.size() ? std::min(at, books_[i + 1]->from()) : at;
    oldest = std::max(oldest, until - books_[i]->settings().max_age());
  }
  return oldest;
}

}  // namespace reckoner
