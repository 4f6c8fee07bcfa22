#include "tests/storage/filled_store.hpp"

#include "engine/ledger/state_hash.hpp"
#include "sim/generate/generator.hpp"

namespace reckoner::support {

namespace {

std::string webhook(const std::string& id, const std::string& type, const std::string& data) {
  return R"({"at":"2026-01-01T00:00:00Z","kind":"webhook","id":")" + id + R"(","body":{"type":")" +
         type + R"(","timestamp":"2026-01-01T00:00:00Z","data":{)" + data + "}}}";
}

}  // namespace

std::vector<std::string> filling_lines(const FillOptions& options) {
  std::vector<std::string> lines = {
      R"({"at":"2026-01-01T00:00:00Z","kind":"customer","customer_id":"hand","email":"Hand@x.io"})",
      webhook("remember", "customer.created", R"("id":"P-remembered","email":"later@x.io")"),
      webhook("park", "subscription.created",
              R"("id":"S1","customer_id":"P-parked","product_id":"x","status":"active")")};
  sim::GenerateOptions generated;
  generated.customers = options.customers;
  generated.days = 100;  // so that periods and charges close
  generated.seed = options.seed;
  generated.events = options.events;
  std::size_t number = 0;
  sim::generate(
      generated,
      [&](std::string_view line) {
        lines.emplace_back(line);
        if (++number == options.events / 2) {
          const std::string at(line.substr(7, 19));
          lines.push_back(
              R"({"at":")" + at +
              R"(.999999Z","kind":"book","settings":{"billing.threshold_usd":"2.00"}})");
        }
      },
      [](std::uint64_t, std::uint64_t) {});
  return lines;
}

namespace {

// Charges that are decided become paid one line later, so that some leave the state.
std::string paid(std::string_view customer_id, const Charge& charge, Instant at) {
  return R"({"at":")" + format_instant(at) + R"(","kind":"settlement","customer_id":")" +
         std::string(customer_id) + R"(","charge_id":")" + charge_id(customer_id, charge.number) +
         R"(","status":"paid","polar_charge_id":"ch_)" + std::to_string(charge.number) + R"("})";
}

}  // namespace

Filled fill(TestStore& store, const FillOptions& options) {
  storage::CustomersOptions often;
  often.entries_unwritten = 20;
  auto driver = store.open({}, often);
  storage::HistoryImport import(*driver, {std::nullopt, 97});
  sim::Replayer replayer(sim::ReplayOptions{});
  const auto feed = [&](const std::string& line) {
    const auto taken = import.line(line);
    INFO(line);
    INFO((taken.ok() ? "" : taken.error().detail));
    REQUIRE(taken.ok());
    REQUIRE(replayer.line(line).ok());
  };
  const std::vector<std::string> lines = filling_lines(options);
  for (const std::string& line : lines) feed(line);
  const Instant last = *replayer.counts().until;
  for (const CustomerState& state : replayer.ledger().customers())
    for (const Charge& charge : CompactVector<Charge>(state.charges))
      if (charge.number % 2 == 1) feed(paid(state.id, charge, last));
  REQUIRE(import.commit().ok());
  Filled filled;
  for (std::uint32_t shard = 0; shard <= driver->customer_shards(); ++shard)
    filled.entries += driver->last_sequence(shard);
  filled.until = last;
  filled.state_hash = to_hex(state_hash(replayer.ledger(), driver->last_at()));
  filled.state_hash_until = replayer.report().state_hash;
  if (options.close) REQUIRE(driver->close().committed());
  return filled;
}

}  // namespace reckoner::support
