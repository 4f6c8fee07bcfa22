#include "tests/bench/service/bench_store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "actors/engine/engine.hpp"
#include "storage/store/loader.hpp"
#include "tests/bench/store/store_run.hpp"

namespace reckoner::bench {
namespace {

using storage::CommitResult;
using storage::Driver;
using storage::StoreStatus;
using storage::Verdict;

constexpr std::size_t kFillBatch = 4'000;
constexpr std::uint64_t kCommitAt = 20'000;  // entries

void require(const StoreStatus& failed) {
  if (!failed) return;
  fmt::print(stderr, "service_bench: {}: {}\n", failed->code, failed->detail);
  std::exit(1);
}
void require(const CommitResult& done) {
  require(done.error);
}

void commit_if_full(Driver& driver) {
  if (driver.entries_staged() >= kCommitAt) require(driver.commit());
}

// The active ones are there already. The rest have done nothing but sign up.
void register_others(Driver& driver, std::uint64_t customers) {
  for (auto rank = std::uint64_t{kActiveCustomers}; rank < customers; ++rank) {
    CustomerLine line;
    line.customer_id = EventMaker::customer_id(static_cast<std::uint32_t>(rank));
    line.profile.email = fmt::format("customer-{}@example.com", rank);
    require(driver.customer(driver.last_at(), line));
    commit_if_full(driver);
  }
  require(driver.commit());
}

void bring_forward(Driver& driver) {
  const Instant now = std::max(actors::system_now(), driver.last_at());
  for (require(driver.clock(now)); driver.entries_staged() > 0; require(driver.clock(now)))
    require(driver.commit());
}

// The first of the month that is so many before that of `now`.
Instant month_before(Instant now, int months) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds(now.micros)};
  const year_month_day day(floor<days>(time));
  const sys_days first = (day.year() / day.month() - std::chrono::months(months)) / 1;
  return {duration_cast<microseconds>(first.time_since_epoch()).count()};
}

void sign_up(Driver& driver, std::uint64_t number, Instant at) {
  const std::string polar = fmt::format("0b1c2d3e-4f50-4617-8293-{:012}", number);
  CustomerLine line;
  line.customer_id = lived_customer(number);
  line.profile.email = fmt::format("customer-{}@example.com", number);
  line.polar_customer_id = polar;
  require(driver.customer(at, line));
  Webhook webhook;
  webhook.event.kind = PolarEventKind::subscription;
  webhook.event.polar_customer_id = polar;
  webhook.event.arrived = at;
  webhook.event.subscription_id = fmt::format("5a1f0c2e-7b3d-4e19-8f60-{:012}", number);
  webhook.event.product_id = "cortex_starter";
  webhook.event.status = SubscriptionStatus::active;
  const std::string body = R"({"type":"subscription.active"})";
  webhook.body = body;
  Verdict verdict;
  require(driver.webhook(at, webhook, verdict));
}

// Below the threshold, so that the month's end makes a charge; or beyond it, so that each does.
void use(Driver& driver, std::uint64_t number, Instant at, std::int64_t tokens) {
  UsageRequest request;
  request.usage.tokens = tokens;
  request.usage.operation = "llm.chat";
  Verdict verdict;
  require(driver.usage(at, lived_customer(number), request, verdict));
  commit_if_full(driver);
}

}  // namespace

Filled fill_store(const std::filesystem::path& folder, const FillOptions& options) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  StoreRun run(folder, 4);
  run.open(Measured::whole_driver);
  register_others(run.driver(), options.customers);
  if (options.events > 0) run.take(options.events, kFillBatch);
  Filled out;
  if (options.limit_events > 0)
    out.rate = run.take(options.limit_events, options.limit_batch).rate();
  bring_forward(run.driver());
  out.next = run.next();
  run.close();
  return out;
}

std::string lived_customer(std::uint64_t number) {
  return fmt::format("customer-{:07}", number);
}

void fill_with_lived(const std::filesystem::path& folder, std::uint64_t customers) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  storage::StoreOptions place;
  place.url = "sqlite:" + (folder / "store.db").string();
  place.create = true;
  place.shards = storage::kDefaultShards + 1;
  std::unique_ptr<storage::Store> store;
  require(storage::open_store(reckoner_storage_plugin_v1, place, store));
  storage::DriverOptions options;
  options.owner = "a benchmark";
  std::unique_ptr<Driver> driver;
  require(Driver::open(std::move(store), std::move(options), driver));
  const Instant now = actors::system_now();
  for (std::uint64_t i = 0; i < customers; ++i) sign_up(*driver, i, month_before(now, 2));
  for (const int month : {2, 1, 0})
    for (int event = 0; event < (month == 0 ? 3 : 1); ++event)
      for (std::uint64_t i = 0; i < customers; ++i)
        use(*driver, i, month_before(now, month) + (event + 1) * kSecond,
            month == 0 ? 12'000 : 9'000);
  require(driver->close());
}

}  // namespace reckoner::bench
