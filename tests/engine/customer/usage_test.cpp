// Whether an event of usage is admitted: the checks that need no state (billing-rules.md, Usage).
#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;

UsageRequest request(std::int64_t tokens = 1) {
  UsageRequest out;
  out.usage.tokens = tokens;
  out.usage.operation = "chat";
  out.usage.idempotency_key = "k";
  return out;
}

Rejection judge(const UsageRequest& request) {
  return judge_fields(request, Settings{});
}

}  // namespace

TEST_CASE("usage: tokens are 0 to 10^12", "[engine][usage]") {
  const auto [tokens, rejection] = GENERATE(table<std::int64_t, Rejection>({
      {0, Rejection::none},
      {1, Rejection::none},
      {kMaxTokens, Rejection::none},
      {-1, Rejection::invalid_tokens},
      {kMaxTokens + 1, Rejection::invalid_tokens},
      {INT64_MIN, Rejection::invalid_tokens},
      {INT64_MAX, Rejection::invalid_tokens},
  }));
  CHECK(judge(request(tokens)) == rejection);
}

TEST_CASE("usage: tokens are judged first, then fields, then whether a key is required",
          "[engine][usage]") {
  const Settings required = support::settings({{"usage.require_idempotency_key", "true"}});
  UsageRequest bad = request();
  bad.tokens_readable = false;
  bad.unreadable_field = "metadata";
  bad.usage.operation = {};
  bad.usage.idempotency_key = {};
  bad.timestamp_readable = false;
  CHECK(judge_fields(bad, required) == Rejection::invalid_tokens);
  bad.tokens_readable = true;
  CHECK(judge_fields(bad, required) == Rejection::invalid_field);
  bad.unreadable_field = {};
  CHECK(judge_fields(bad, required) == Rejection::invalid_field);
  bad.usage.operation = "chat";
  CHECK(judge_fields(bad, required) == Rejection::missing_idempotency_key);
  CHECK(judge_fields(bad, Settings{}) == Rejection::none);
  CHECK(judge_time(bad, at("2026-01-01"), Books(Book())) == Rejection::invalid_timestamp);
}

TEST_CASE("usage: an operation has up to 64 bytes and a key up to 255", "[engine][usage]") {
  const std::string longest(64, 'o'), too_long(65, 'o'), key(255, 'k'), long_key(256, 'k');
  UsageRequest asked = request();
  asked.usage.operation = longest;
  asked.usage.idempotency_key = key;
  CHECK(judge(asked) == Rejection::none);
  asked.usage.operation = too_long;
  CHECK(judge(asked) == Rejection::invalid_field);
  asked.usage.operation = "o";
  asked.usage.idempotency_key = long_key;
  CHECK(judge(asked) == Rejection::invalid_field);
  asked.usage.idempotency_key = "a\nb";
  CHECK(judge(asked) == Rejection::invalid_field);
}

TEST_CASE("usage: a timestamp lies from 35 days before to 300 seconds after, limits included",
          "[engine][usage]") {
  const Books books{Book()};
  const Instant now = at("2026-03-10 12:00");
  const auto judge_at = [&](Instant timestamp) {
    UsageRequest asked = request();
    asked.usage.timestamp = timestamp;
    return judge_time(asked, now, books);
  };
  CHECK(judge_time(request(), now, books) == Rejection::none);
  CHECK(judge_at(now) == Rejection::none);
  CHECK(judge_at(now + 300 * kSecond) == Rejection::none);
  CHECK(judge_at(now + 300 * kSecond + 1) == Rejection::timestamp_in_future);
  CHECK(judge_at(kCalendarEnd - 1) == Rejection::timestamp_in_future);
  CHECK(judge_at(now - 35 * kDay) == Rejection::none);
  CHECK(judge_at(now - 35 * kDay - 1) == Rejection::timestamp_too_old);
  CHECK(judge_at(kCalendarStart) == Rejection::timestamp_too_old);
}

TEST_CASE("usage: the limits are those of the book in force when it was accepted",
          "[engine][usage]") {
  Books books{Book()};
  REQUIRE(books
              .add(at("2026-03-01"), support::book_with({{"usage.max_age_days", "1"},
                                                         {"usage.max_future_seconds", "0"}}))
              .ok());
  const auto judge_at = [&](Instant now, Instant timestamp) {
    UsageRequest asked = request();
    asked.usage.timestamp = timestamp;
    return judge_time(asked, now, books);
  };
  const Instant change = at("2026-03-01");
  CHECK(judge_at(change - 1, change - 30 * kDay) == Rejection::none);
  CHECK(judge_at(change, change - 30 * kDay) == Rejection::timestamp_too_old);
  CHECK(judge_at(change - 1, change + 10 * kSecond) == Rejection::none);
  CHECK(judge_at(change, change + 1) == Rejection::timestamp_in_future);
}

TEST_CASE("usage: every rejection has the code that the API gives", "[engine][usage]") {
  const auto [rejection, code] = GENERATE(table<Rejection, std::string>({
      {Rejection::none, ""},
      {Rejection::invalid_tokens, "invalid_tokens"},
      {Rejection::invalid_field, "invalid_field"},
      {Rejection::missing_idempotency_key, "missing_idempotency_key"},
      {Rejection::invalid_timestamp, "invalid_timestamp"},
      {Rejection::timestamp_in_future, "timestamp_in_future"},
      {Rejection::timestamp_too_old, "timestamp_too_old"},
      {Rejection::unknown_customer, "unknown_customer"},
  }));
  CHECK(rejection_code(rejection) == code);
}

TEST_CASE("usage: content is equal as sent; a timestamp left out equals only one left out",
          "[engine][usage]") {
  const Usage usage = request().usage;
  Usage other = usage;
  CHECK(other == usage);
  other.timestamp = Instant{};
  CHECK_FALSE(other == usage);
  other = usage;
  other.metadata = "{}";
  CHECK_FALSE(other == usage);
  other = usage;
  other.operation = "Chat";
  CHECK_FALSE(other == usage);
  other = usage;
  other.tokens = 2;
  CHECK_FALSE(other == usage);
}

}  // namespace reckoner
