// What the driver says of time: from when on it takes entries, and whom the clock wakes.
#include "tests/storage/driver/stand.hpp"
#include "tests/support/store.hpp"

namespace reckoner {
namespace {

using namespace support;
constexpr std::uint32_t kShards = 2;

Instant instant(std::string_view text) {
  return *parse_instant(text);
}

void use(storage::Driver& driver, Instant at, const std::string& customer) {
  storage::Verdict verdict;
  UsageRequest request;
  request.usage.operation = "chat";
  request.usage.tokens = 10;
  REQUIRE_OK(driver.usage(at, customer, request, verdict));
  REQUIRE(verdict.accepted());
}

}  // namespace

// An entry from before the book would be filed under a book that was not in force at its time, and
// the store could not be opened any more.
TEST_CASE("nothing is accepted from before the newest book, also after a restart") {
  const TestStore store("memory", kShards);
  const Instant used = instant("2026-03-01T00:00:00Z"), changed = instant("2026-03-02T00:00:00Z");
  {
    const auto driver = store.open({});
    use(*driver, used, "c");
    std::optional<Error> invalid;
    Book book;
    book.settings.grace_days = 5;
    REQUIRE_OK(driver->change_book(changed, book, invalid));
    CHECK(driver->last_at() == changed);
  }
  const auto driver = store.open({});
  CHECK(driver->last_at() == changed);
  use(*driver, changed, "c");
  REQUIRE(driver->close().committed());
}

// What a row says of a customer who is awake can be from before what woke them.
TEST_CASE("the clock passes over customers who have moved on since their row was written") {
  const TestStore store("memory", kShards);
  const auto driver = store.open({});
  use(*driver, instant("2026-03-10T00:00:00Z"), "c");
  REQUIRE(driver->write_all().committed());
  use(*driver, instant("2026-05-10T00:00:00Z"), "c");
  REQUIRE(driver->commit().committed());
  REQUIRE_OK(driver->clock(instant("2026-05-11T00:00:00Z")));
  CHECK(driver->entries_staged() == 0);
  REQUIRE_OK(driver->clock(instant("2026-06-11T00:00:00Z")));
  CHECK(driver->entries_staged() == 1);
}

}  // namespace reckoner
