#include "tests/e2e/million/population.hpp"

#include <charconv>

#include "engine/polar/body.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::million {
namespace {

using storage::StoreStatus;

constexpr Micros kGrace = 7 * kDay;
constexpr std::size_t kEntriesAtOnce = 8'000;

std::string numbered(char letter, std::uint32_t who) {
  std::string text(9, '0');
  text[0] = letter;
  for (std::size_t at = 8; who > 0; --at, who /= 10) text[at] = static_cast<char>('0' + who % 10);
  return text;
}

// Tokens cost on the two plans that are used here, in millionths of a dollar.
std::int64_t price(bool subscribed) {
  return subscribed ? 50 : 200;
}

class Filling {
 public:
  Filling(storage::Driver& driver, const Population& population, Filled& filled)
      : driver_(driver), population_(population), filled_(filled) {}

  StoreStatus run() {
    for (std::uint32_t who = 0; who < population_.size(); ++who) {
      at_ = at_ + kSecond / 1000;
      if (StoreStatus failed = sign_up(who)) return failed;
      if (population_.subscribed(who))
        if (StoreStatus failed = subscribe(who)) return failed;
      if (population_.tokens(who) > 0)
        if (StoreStatus failed = use(who)) return failed;
      if (driver_.entries_staged() < kEntriesAtOnce) continue;
      if (storage::CommitResult done = driver_.commit(); !done.committed()) return done.error;
    }
    if (storage::CommitResult done = driver_.commit(); !done.committed()) return done.error;
    return driver_.close().error;
  }

 private:
  StoreStatus sign_up(std::uint32_t who) {
    CustomerLine line;
    line.customer_id = Population::id(who);
    line.profile.email = line.customer_id + "@example.com";
    if (!population_.ends_at_midnight(who)) line.profile.billing_day = population_.billing_day(who);
    if (population_.linked(who)) line.polar_customer_id = Population::polar_id(who);
    return driver_.customer(at_, line);
  }

  StoreStatus subscribe(std::uint32_t who) {
    if (StoreStatus failed = hear(who, "active", {})) return failed;
    if (const auto end = population_.grace_end(who)) return hear(who, "past_due", *end - kGrace);
    return std::nullopt;
  }

  StoreStatus hear(std::uint32_t who, std::string_view status, std::optional<Instant> past_due) {
    const std::string body = subscription_body(who, status, at_, past_due);
    const std::string id = "fill-" + std::string(status) + "-" + std::to_string(who);
    const auto read = reader_.read(body, at_);
    RECKONER_CHECK(read.ok(), "a body made here cannot be read");
    storage::Verdict verdict;
    ++filled_.keyed;
    return driver_.webhook(at_, {id, body, read->event}, verdict);
  }

  StoreStatus use(std::uint32_t who) {
    UsageRequest request;
    request.usage.tokens = population_.tokens(who);
    request.usage.operation = "chat";
    storage::Verdict verdict;
    ++filled_.events;
    return driver_.usage(at_, Population::id(who), request, verdict);
  }

  storage::Driver& driver_;
  const Population& population_;
  Filled& filled_;
  polar::BodyReader reader_;
  Instant at_ = midnight() - kDay / 2;
};

}  // namespace

Instant midnight() {
  return *parse_instant("2026-12-01T00:00:00Z");
}

Instant filled_until() {
  return midnight() - kDay / 4;
}

Book book() {
  Book book;
  RECKONER_CHECK(set_setting(book.settings, "billing.grace_days", "7").ok(), "no such setting");
  return book;
}

std::string Population::id(std::uint32_t who) {
  return numbered('c', who);
}
std::string Population::polar_id(std::uint32_t who) {
  return numbered('p', who);
}
std::string Population::subscription_id(std::uint32_t who) {
  return numbered('s', who);
}

std::uint32_t Population::number(std::string_view id) {
  std::uint32_t who = 0;
  std::from_chars(id.data() + 1, id.data() + id.size(), who);
  return who;
}

std::optional<Instant> Population::grace_end(std::uint32_t who) const {
  if (!subscribed(who) || who / 4 % 10 != 0) return std::nullopt;
  const auto window =
      static_cast<std::uint64_t>(options_.last_grace_end.micros - options_.first_grace_end.micros);
  return options_.first_grace_end + static_cast<Micros>(sim::mix(1, who) % (window + 1));
}

std::int64_t Population::tokens(std::uint32_t who) const {
  if (who % 5 >= 3) return 0;
  return static_cast<std::int64_t>(100 + sim::mix(2, who) % 2'000);
}

Cents Population::charge_at_midnight(std::uint32_t who) const {
  if (!linked(who) || !ends_at_midnight(who)) return 0;
  constexpr std::int64_t kMicroUsdInCent = 10'000;
  return tokens(who) * price(subscribed(who)) / kMicroUsdInCent;
}

std::string subscription_body(std::uint32_t who, std::string_view status, Instant sent,
                              std::optional<Instant> past_due_at) {
  std::string body = R"({"type":"subscription.updated","timestamp":")" + format_instant(sent);
  body += R"(","data":{"id":")" + Population::subscription_id(who);
  body += R"(","customer_id":")" + Population::polar_id(who);
  body += R"(","product_id":"cortex_professional","status":")" + std::string(status) + '"';
  if (past_due_at) body += R"(,"past_due_at":")" + format_instant(*past_due_at) + '"';
  return body + "}}";
}

StoreStatus fill(storage::Driver& driver, const Population& population, Filled& filled) {
  return Filling(driver, population, filled).run();
}

}  // namespace reckoner::million
