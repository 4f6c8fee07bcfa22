#include "actors/service/books.hpp"

#include <algorithm>

#include "engine/books/book_encoding.hpp"

namespace reckoner::service {

Status come_to_configured_book(storage::Intake& intake, const Book& configured, Instant now,
                               log::Log& log) {
  const BookInForce& in_force = intake.books().latest();
  if (encode_book(configured) == encode_book(in_force.book())) return Done{};
  const Instant from = std::max(now, intake.lane().last_at() + 1);
  std::optional<Error> invalid;
  if (storage::StoreStatus failed = intake.change_book(from, configured, invalid))
    return failed->as_error();
  if (invalid)
    return Error{"configuration", "billing.prices, billing.*, usage.*: " + invalid->detail};
  log.info("book_changed",
           {{"number", intake.books().all().size()}, {"from", format_instant(from)}});
  return Done{};
}

}  // namespace reckoner::service
