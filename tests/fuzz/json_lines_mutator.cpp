// How libFuzzer changes lines of JSON, a history's or webhooks': by whole lines, by single values
// and by names. Lines that say when they came are then put in order of time, because a history that
// goes back ends there. One change in four is libFuzzer's own, of bytes.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace reckoner::fuzz {
namespace {

constexpr std::string_view kAt = "\"at\":\"";

constexpr std::string_view kValues[] = {
    "0",
    "1",
    "-1",
    "1000000000000",
    "9223372036854775807",
    "29.10",
    "1e3",
    "null",
    "true",
    "\"\"",
    "{}",
    "[]",
    "\"2026-01-05T10:00:00Z\"",
    "\"2026-02-01T00:00:00Z\"",
    "\"2028-02-29T00:00:00Z\"",
    "\"u1\"",
    "\"p1\"",
    "\"s1\"",
    "\"u1:1\"",
    "\"active\"",
    "\"trialing\"",
    "\"past_due\"",
    "\"canceled\"",
    "\"unpaid\"",
    "\"paid\"",
    "\"failed\"",
    "\"succeeded\"",
    "\"retry\"",
    "\"eur\"",
    "\"cortex_enterprise\"",
    "\"jane@example.com\"",
    "31",
    "\"customer.created\"",
    "\"customer.deleted\"",
    "\"customer.state_changed\"",
    "\"subscription.updated\"",
    "\"subscription.past_due\"",
    "\"invoice.paid\"",
    "\"invoice.payment_failed\"",
    "\"order.paid\"",
    "\"order.refunded\"",
    "\"refund.created\"",
};

constexpr std::string_view kNames[] = {
    "id",
    "customer_id",
    "external_id",
    "email",
    "product_id",
    "subscription_id",
    "order_id",
    "status",
    "past_due_at",
    "modified_at",
    "timestamp",
    "amount_usd",
    "net_amount",
    "amount",
    "refunded_amount",
    "currency",
    "billing_reason",
    "metadata",
    "user_id",
    "charge_id",
    "active_subscriptions",
    "idempotency_key",
    "tokens",
    "billing_day",
    "polar_customer_id",
};

// The beginning of a line's time; empty where it has none.
std::string_view time_of(std::string_view line) {
  const std::size_t at = line.find(kAt);
  return at == std::string_view::npos ? "" : line.substr(at + kAt.size(), 27);
}

class Mutation {
 public:
  Mutation(std::string_view text, unsigned seed) : random_(seed) {
    while (!text.empty()) lines_.emplace_back(take_line(text));
  }

  void change() {
    if (lines_.empty()) return;
    const auto at = lines_.begin() + std::ptrdiff_t(below(lines_.size()));
    const std::string other = lines_[below(lines_.size())];
    switch (below(7)) {
      case 0:
        lines_.insert(at, other);
        break;
      case 1:
        lines_.erase(at);
        break;
      case 2:
        put(*at, time_in(*at), slice(other, time_in(other)));
        break;
      case 3:
        put(*at, value_in(*at), slice(other, value_in(other)));
        break;
      case 4:
        put(*at, name_in(*at), kNames[below(std::size(kNames))]);
        break;
      default:
        put(*at, value_in(*at), kValues[below(std::size(kValues))]);
    }
  }

  std::string text() {
    std::stable_sort(lines_.begin(), lines_.end(), [](const std::string& a, const std::string& b) {
      return time_of(a) < time_of(b);
    });
    std::string out;
    for (const std::string& line : lines_) out += line + '\n';
    return out;
  }

 private:
  // Of bytes in a line; empty: none.
  struct Place {
    std::size_t begin = 0, end = 0;
  };

  std::size_t below(std::size_t count) { return random_() % count; }

  // Behind the name of a member, at its colon; npos where there is none.
  std::size_t colon_in(std::string_view line) {
    const std::size_t colon = line.find("\":", below(line.size() + 1));
    return colon == std::string_view::npos ? line.find("\":") : colon;
  }
  // A value that is neither an object nor an array.
  Place value_in(std::string_view line) {
    const std::size_t colon = colon_in(line);
    if (colon == std::string_view::npos || colon + 2 >= line.size()) return {};
    const std::size_t begin = colon + 2;
    const bool text = line[begin] == '"';
    const std::size_t end = text ? line.find('"', begin + 1) : line.find_first_of(",}]", begin);
    if (end == std::string_view::npos) return {};
    return {begin, text ? end + 1 : end};
  }
  Place name_in(std::string_view line) {
    const std::size_t colon = colon_in(line);
    if (colon == std::string_view::npos || colon == 0) return {};
    const std::size_t quote = line.rfind('"', colon - 1);
    if (quote == std::string_view::npos) return {};
    return {quote + 1, colon};
  }
  static Place time_in(std::string_view line) {
    const std::size_t at = line.find(kAt);
    if (at == std::string_view::npos) return {};
    const std::size_t end = line.find('"', at + kAt.size());
    if (end == std::string_view::npos) return {};
    return {at + kAt.size(), end};
  }

  static std::string slice(std::string_view line, Place place) {
    return std::string(line.substr(place.begin, place.end - place.begin));
  }
  static void put(std::string& line, Place place, std::string_view value) {
    if (place.end > place.begin && !value.empty())
      line.replace(place.begin, place.end - place.begin, value);
  }

  std::mt19937 random_;
  std::vector<std::string> lines_;
};

}  // namespace
}  // namespace reckoner::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace reckoner::fuzz;
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  Mutation mutation(as_text(data, size), seed);
  for (unsigned changes = seed / 4 % 4; changes < 4; ++changes) mutation.change();
  const std::string text = mutation.text();
  const std::size_t kept = std::min(text.size(), max_size);
  std::copy_n(text.begin(), kept, data);
  return kept;
}
