#include "storage/customers/handed_over.hpp"

namespace reckoner::storage {

StoreStatus HandedOver::add_to(Batch& batch, FreshReader& reader) const {
  for (const auto& [key, added] : usage) {
    DailyUsage sum = added;
    std::optional<std::string> before;
    if (!first)
      if (StoreStatus failed = reader.get(Table::usage_daily, key, before)) return failed;
    // A row for people must not stop the engine: one that cannot be read is begun anew, and
    // `storage verify` says that it is wrong.
    if (before && !add_usage_daily(*before, sum)) sum = added;
    batch.put(Table::usage_daily, key, usage_daily_value(sum));
  }
  for (const Operation& row : rows)
    if (row.erase)
      batch.erase(row.table, row.key);
    else
      batch.put(row.table, row.key, row.value);
  return std::nullopt;
}

}  // namespace reckoner::storage
