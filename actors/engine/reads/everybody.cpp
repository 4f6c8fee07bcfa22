#include "actors/engine/reads/everybody.hpp"

#include "storage/driver/loading.hpp"

namespace reckoner::actors {

Result<Hashes> hash_everybody(storage::Reader& reader, const Books& books, Instant at) {
  Ledger ledger{Books()};
  ClosedRows closed;
  if (storage::StoreStatus failed = load_tables(reader, books, {}, ledger, closed))
    return Error{"unavailable", failed->detail, Retry::later};
  for (const CustomerState& customer : ledger.customers()) at = std::max(at, customer.brought_to);
  HistoryCounts counts;
  counts.until = at;
  Report report = make_report(ledger, closed, counts);
  return Hashes{at, report.state_hash, report.money_hash, report.totals};
}

}  // namespace reckoner::actors
