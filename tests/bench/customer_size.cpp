#include "tests/bench/customer_size.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <string>

#include "engine/customer/apply.hpp"
#include "engine/customer/state_encoding.hpp"
#include "engine/ledger/ledger.hpp"

namespace reckoner::bench {
namespace {

constexpr int kCustomers = 100'000;

std::string uuid(int number) {
  return fmt::format("0b1c2d3e-4f50-4617-8293-{:012}", number);
}

Notice signing_up(int number, Instant at) {
  Profile profile;
  profile.email = fmt::format("customer-{}@example.com", number);
  PolarEvent created;
  created.kind = PolarEventKind::subscription;
  created.polar_customer_id = uuid(number);
  created.arrived = at;
  created.subscription_id = uuid(number + kCustomers);
  created.product_id = "cortex_starter";
  created.status = SubscriptionStatus::active;
  Notice notice;
  notice.acts = {profile, Link{uuid(number)}, created};
  return notice;
}

// Three months of usage; the last makes five charges that nobody settles.
void live(Ledger& ledger, int number, Instant start) {
  const std::string id = fmt::format("customer-{:07}", number);
  Effects effects;
  ledger.apply(start, id, signing_up(number, start), effects);
  Usage usage;
  usage.operation = "llm.chat";
  for (int month = 0; month < 3; ++month) {
    usage.tokens = month == 2 ? 12'000 : 9'000;
    const int events = month == 2 ? 3 : 1;
    for (int i = 0; i < events; ++i)
      ledger.apply(start + (31 * month + i) * kDay, id, usage, effects);
    effects.clear();
  }
}

}  // namespace

void print_customer_size() {
  const std::size_t before = mallinfo2().uordblks;
  Ledger ledger{Books(Book{})};
  const Instant start = *parse_instant("2026-01-03T00:00:00Z");
  for (int i = 0; i < kCustomers; ++i) live(ledger, i, start);
  const std::size_t bytes = mallinfo2().uordblks - before;
  const CustomerState& one = ledger.customers().front();
  fmt::print(
      "\none customer (linked, {} subscription, {} periods, {} open charges), ids as UUIDs:\n"
      "  {} bytes of memory (all allocations, its place in the index included)\n"
      "  {} bytes as a snapshot\n",
      one.subscriptions.all().size(), one.usage.size(), one.charges.size(), bytes / kCustomers,
      encode_snapshot(one).size());
}

}  // namespace reckoner::bench
