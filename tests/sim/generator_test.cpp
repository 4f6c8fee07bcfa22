#include "sim/generate/generator.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/basics/sha256.hpp"
#include "engine/json/history.hpp"
#include "engine/polar/body.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim {
namespace {

using Kind = json::HistoryLine::Kind;

GenerateOptions small_options() {
  GenerateOptions options;
  options.customers = 300;
  options.days = 30;
  options.seed = 7;
  options.events = 60'000;
  return options;
}

template <class Each>
void each_line(const GenerateOptions& options, Each each) {
  generate(options, each, [](std::uint64_t, std::uint64_t) {});
}

std::string digest(const GenerateOptions& options) {
  Sha256 hash;
  each_line(options, [&](std::string_view line) {
    hash.add(line);
    hash.add("\n");
  });
  return to_hex(hash.finish());
}

// Goes over the lines as a history reader sees them.
template <class Each>
void each_read(const GenerateOptions& options, Each each) {
  json::HistoryReader reader;
  each_line(options, [&](std::string_view text) {
    const Status read = reader.read(text);
    if (!read) FAIL(read.error().detail << "\n" << text);
    each(reader.line());
  });
}

bool is_within(std::size_t count, std::size_t of, double low, double high) {
  const double share = static_cast<double>(count) / static_cast<double>(of);
  UNSCOPED_INFO(count << " of " << of << " is " << share);
  return low <= share && share <= high;
}

}  // namespace

TEST_CASE("generate: the same options make the same bytes", "[sim][generate]") {
  const GenerateOptions options = small_options();
  const std::string first = digest(options);
  CHECK(digest(options) == first);
  GenerateOptions other = options;
  other.seed = 8;
  CHECK(digest(other) != first);
  other = options;
  other.from = options.from + kDay;
  CHECK(digest(other) != first);
  // On every platform, and in the next version: whoever noted a seed gets the same history again.
  CHECK(first == "b44a959899164a5afad14404ef3db37d90539f308ffd505ba65f92e61685fca0");
}

TEST_CASE("generate: every line can be read, and time never goes back", "[sim][generate]") {
  GenerateOptions options = small_options();
  for (const std::uint64_t customers : {1, 2, 1000}) {
    for (const std::uint64_t days : {1, 100}) {
      options.customers = customers;
      options.days = days;
      options.events = 1000;
      std::uint64_t usage = 0;
      const Instant end = options.from + static_cast<Micros>(days) * kDay;
      each_read(options, [&](const json::HistoryLine& line) {
        usage += line.kind == Kind::usage;
        if (line.at < options.from || line.at >= end) FAIL(format_instant(line.at));
      });
      CHECK(usage == options.events);
    }
  }
}

TEST_CASE("generate: progress ends at its total", "[sim][generate]") {
  GenerateOptions options = small_options();
  options.events = 0;
  CHECK(usage_events(options) == 300 * 50);
  std::uint64_t last = 0;
  generate(
      options, [](std::string_view) {},
      [&](std::uint64_t done, std::uint64_t total) {
        CHECK(total == 300 + 300 * 50);
        CHECK(last <= done);
        last = done;
      });
  CHECK(last == 300 + 300 * 50);
  options.customers = kMaxCustomers;
  options.days = kMaxDays;
  CHECK(usage_events(options) == 10'000'000);
}

TEST_CASE("generate: usage has its share of repeats, late and bad events", "[sim][generate]") {
  const GenerateOptions options = small_options();
  struct First {
    std::int64_t tokens;
    std::string content;
  };
  std::map<std::string, First> seen;
  std::map<std::string, std::size_t> by_customer;
  std::set<std::string> operations;
  std::vector<std::int64_t> tokens;
  std::size_t all = 0, repeats = 0, conflicts = 0, late = 0, bad = 0;
  each_read(options, [&](const json::HistoryLine& line) {
    if (line.kind != Kind::usage) return;
    ++all;
    const Usage& usage = line.usage.usage;
    ++by_customer[std::string(line.customer_id)];
    operations.emplace(usage.operation);
    const std::string key =
        std::string(line.customer_id) + "/" + std::string(usage.idempotency_key);
    const std::string content = std::string(usage.operation) + "/" +
                                (usage.timestamp ? format_instant(*usage.timestamp) : "");
    const bool too_old = usage.timestamp && line.at - *usage.timestamp > 35 * kDay;
    if (!line.usage.tokens_readable || usage.tokens < 0 || too_old) {
      ++bad;
      return;
    }
    const auto [first, is_new] = seen.try_emplace(key, First{usage.tokens, content});
    if (!is_new) {
      CHECK(first->second.content == content);
      ++(first->second.tokens == usage.tokens ? repeats : conflicts);
      return;
    }
    tokens.push_back(usage.tokens);
    if (!usage.timestamp) return;
    ++late;
    CHECK(*usage.timestamp >= options.from);
    CHECK(line.at - *usage.timestamp >= 3600 * kSecond);
  });
  CHECK(is_within(repeats, all, 0.008, 0.012));
  CHECK(is_within(conflicts, all, 0.0006, 0.0014));
  CHECK(is_within(late, all, 0.016, 0.024));
  CHECK(is_within(bad, all, 0.0002, 0.0009));
  CHECK(operations.size() == 5);

  std::ranges::sort(tokens);
  CHECK(tokens.front() >= 1);
  CHECK(tokens[tokens.size() / 2] < 1'000);
  CHECK(tokens.back() > 50'000);
  CHECK(tokens.back() < 1'000'000);
  std::vector<std::size_t> sizes;
  for (const auto& [customer, events] : by_customer) sizes.push_back(events);
  std::ranges::sort(sizes, std::greater<>());
  std::size_t largest = 0;
  for (std::size_t i = 0; i < 30; ++i) largest += sizes[i];  // a tenth of all
  CHECK(is_within(largest, all, 0.4, 0.8));
}

TEST_CASE("generate: usage has a daily rhythm, weekends and bursts", "[sim][generate]") {
  GenerateOptions options = small_options();
  options.days = 28;
  std::vector<std::size_t> by_hour(24), by_day(28), by_slice(28 * 96);
  each_read(options, [&](const json::HistoryLine& line) {
    if (line.kind != Kind::usage) return;
    const Micros since = line.at - options.from;
    ++by_hour[static_cast<std::size_t>(since / (3600 * kSecond) % 24)];
    ++by_day[static_cast<std::size_t>(since / kDay)];
    ++by_slice[static_cast<std::size_t>(since / (900 * kSecond))];
  });
  CHECK(by_hour[14] > 3 * by_hour[3]);
  CHECK(by_day[2] + by_day[3] < by_day[4] + by_day[5]);  // 2026-01-03 is a Saturday
  const std::size_t busiest = *std::ranges::max_element(by_slice);
  CHECK(busiest > 3 * options.events / by_slice.size());
}

TEST_CASE("generate: webhooks tell the lives of customers, in both dialects", "[sim][generate]") {
  GenerateOptions options = small_options();
  options.customers = 3000;
  options.days = 60;
  options.events = 1;
  polar::BodyReader bodies;
  std::map<std::string, std::size_t> types;
  std::map<std::string, std::string> ids;
  std::set<std::string> products;
  std::size_t all = 0, twice = 0, with_time = 0, overtaken = 0;
  Instant last_sent = kDistantPast;
  each_read(options, [&](const json::HistoryLine& line) {
    if (line.kind != Kind::webhook) return;
    ++all;
    const auto body = bodies.read(line.webhook_body, line.at);
    REQUIRE(body);
    CHECK(body->event.kind != PolarEventKind::other);
    CHECK_FALSE(body->event.polar_customer_id.empty());
    ++types[body->type];
    if (!body->event.product_id.empty()) products.insert(body->event.product_id);
    CHECK(body->event.sent.has_value() == body->id.empty());
    if (body->event.sent) {
      ++with_time;
      CHECK(*body->event.sent <= line.at);
      overtaken += *body->event.sent < last_sent - 10 * kSecond;
      last_sent = std::max(last_sent, *body->event.sent);
    }
    const auto [first, is_new] =
        ids.try_emplace(std::string(line.webhook_id), std::string(line.webhook_body));
    if (is_new) return;
    ++twice;
    CHECK(first->second == line.webhook_body);
  });
  CHECK(is_within(twice, all, 0.006, 0.014));
  CHECK(is_within(with_time, all, 0.4, 0.7));
  CHECK(is_within(overtaken, all, 0.005, 0.05));
  CHECK(products.size() == 4);
  for (const char* type :
       {"customer.created", "customer.state_changed", "subscription.created", "subscription.active",
        "subscription.updated", "subscription.canceled", "subscription.cancelled",
        "subscription.revoked", "subscription.past_due", "invoice.paid", "invoice.payment_failed",
        "order.paid", "order.refunded", "refund.created"}) {
    INFO(type);
    CHECK(types[type] > 5);
  }
}

TEST_CASE("generate: customers sign up, most of them early; a few never do", "[sim][generate]") {
  GenerateOptions options = small_options();
  options.customers = 2000;
  std::set<std::string> signed_up, early, used;
  std::set<int> days;
  each_read(options, [&](const json::HistoryLine& line) {
    if (line.kind == Kind::usage) used.emplace(line.customer_id);
    if (line.kind != Kind::customer) return;
    CHECK(signed_up.emplace(line.customer_id).second);
    if (line.at < options.from + 3600 * kSecond) early.emplace(line.customer_id);
    CHECK(line.customer.profile.email.has_value());
    days.insert(line.customer.profile.billing_day.value());
  });
  CHECK(is_within(signed_up.size(), options.customers, 0.95, 0.995));
  CHECK(is_within(early.size(), signed_up.size(), 0.6, 0.8));
  CHECK(days.size() == 31);
  CHECK(std::ranges::any_of(used, [&](const auto& id) { return !signed_up.contains(id); }));
}

TEST_CASE("generate: picks are heavy-tailed, and in proportion", "[sim][generate]") {
  Random random(1);
  const HeavyTailPicker three(3, random);
  std::vector<std::size_t> picked(3);
  for (int i = 0; i < 470'000; ++i) ++picked[three.pick(random)];  // 1/3 : 1/4 : 1/5 = 20 : 15 : 12
  std::ranges::sort(picked, std::greater<>());
  CHECK(is_within(picked[0], 470'000, 20 / 47.0 - 0.005, 20 / 47.0 + 0.005));
  CHECK(is_within(picked[1], 470'000, 15 / 47.0 - 0.005, 15 / 47.0 + 0.005));
  CHECK(is_within(picked[2], 470'000, 12 / 47.0 - 0.005, 12 / 47.0 + 0.005));

  const HeavyTailPicker one(1, random);
  CHECK(one.pick(random) == 0);
  const HeavyTailPicker many(1'000'000, random);
  for (int i = 0; i < 1000; ++i) CHECK(many.pick(random) < 1'000'000);
}

TEST_CASE("generate: random numbers keep within their bounds and reach them", "[sim][generate]") {
  Random random(3);
  std::set<std::uint64_t> below;
  std::set<std::int64_t> between;
  for (int i = 0; i < 1000; ++i) {
    below.insert(random.below(7));
    between.insert(random.between(-2, 2));
    CHECK(random.below(1) == 0);
  }
  CHECK((below == std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
  CHECK((between == std::set<std::int64_t>{-2, -1, 0, 1, 2}));
}

}  // namespace reckoner::sim
