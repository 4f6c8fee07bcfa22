#include "tests/e2e/million/checks.hpp"

#include <vector>

#include "sim/replay/replayer.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/history/history_export.hpp"
#include "storage/sdk/row.hpp"

namespace reckoner::million {

using storage::Table;

std::uint64_t due_rows(storage::Reader& reader, Instant at) {
  std::uint64_t rows = 0;
  const auto failed = reader.scan(Table::due, {}, [&](std::string_view key, std::string_view) {
    if (storage::due_of_key(key) > at) return false;
    ++rows;
    return true;
  });
  RECKONER_CHECK(!failed, "the due index cannot be read");
  return rows;
}

ChargesFound charges_at_midnight(storage::Reader& reader, const Population& population) {
  ChargesFound found;
  for (std::uint32_t who = population.active(); who < population.size(); ++who)
    if (population.charge_at_midnight(who) > 0) ++found.sleepers_wanted;
  const auto failed =
      reader.scan(Table::charges, {}, [&](std::string_view key, std::string_view value) {
        const auto charge = storage::decode_charge(key, value);
        const std::uint32_t who = Population::number(storage::customer_of_charge_key(key));
        const bool cycle =
            charge && charge->reason == ChargeReason::cycle && charge->at == midnight();
        if (cycle) ++found.at_midnight;
        if (population.is_active(who)) return true;
        if (cycle && charge->number == 1 && charge->amount == population.charge_at_midnight(who))
          ++found.sleepers;
        else
          ++found.wrong;
        return true;
      });
  RECKONER_CHECK(!failed, "the charges cannot be read");
  return found;
}

std::uint64_t wrong_tiers(storage::Reader& reader, const Population& population,
                          std::uint64_t& rows) {
  constexpr std::size_t kTier = 3;  // among the columns that are not in the key
  const reckoner_typed_table& table = *storage::sdk::typed_table(RECKONER_USERS);
  std::uint64_t wrong = 0;
  rows = 0;
  std::vector<storage::sdk::Cell> cells;
  const auto failed =
      reader.scan(Table::users, {}, [&](std::string_view key, std::string_view value) {
        ++rows;
        const std::uint32_t who = Population::number(key);
        if (population.is_active(who)) return true;
        const bool read = storage::sdk::read_row(value, table.column + table.keys,
                                                 table.columns - table.keys, cells);
        if (!read || cells[kTier].text != population.last_tier(who)) ++wrong;
        return true;
      });
  RECKONER_CHECK(!failed, "the users cannot be read");
  return wrong;
}

Replayed replay(storage::Store& store, Instant until) {
  sim::ReplayOptions options;
  options.until = until;
  sim::Replayer replayer(options);
  Replayed replayed;
  const auto take = [&](std::string_view lines) -> Status {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      if (const auto more = replayer.line(lines.substr(0, end)); !more) return more.error();
      lines.remove_prefix(std::min(end + 1, lines.size()));
      ++replayed.lines;
    }
    return Done{};
  };
  if (const auto exported = storage::export_history(store, take, {}); !exported) {
    replayed.failure = exported.error().code + ": " + exported.error().detail;
    return replayed;
  }
  const Report report = replayer.report();
  replayed.state_hash = report.state_hash;
  replayed.money_hash = report.money_hash;
  replayed.totals = report.totals;
  return replayed;
}

}  // namespace reckoner::million
