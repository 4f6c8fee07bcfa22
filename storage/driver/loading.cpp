#include "storage/driver/loading.hpp"

#include <utility>

#include "engine/customer/state_encoding.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/record_scan.hpp"
#include "storage/identity/stored_tables.hpp"

namespace reckoner::storage {
namespace {

std::string_view customer_of(std::string_view key) {
  return key.substr(0, key.find('\0'));
}

StoreStatus load_customers(Reader& reader, const Books& books,
                           const std::set<std::string, std::less<>>& but, Ledger& ledger) {
  const auto decode = [&](std::string_view key,
                          std::string_view value) -> std::optional<CustomerState> {
    const auto record = decode_customer_record(key, value);
    CustomerState state;
    if (!record || !decode_snapshot(record->snapshot, books, state) || state.id.view() != key)
      return std::nullopt;
    return state;
  };
  return scan_records(reader, Table::customers, decode,
                      [&](std::string_view key, const CustomerState& state) {
                        if (!but.contains(key)) ledger.restore(CustomerState(state));
                      });
}

}  // namespace

StoreStatus load_tables(Reader& reader, const Books& books,
                        const std::set<std::string, std::less<>>& but, Ledger& ledger,
                        ClosedRows& closed) {
  ledger = Ledger(books);
  if (auto failed = load_customers(reader, books, but, ledger)) return failed;
  MemoryIdentityTables identity;
  if (auto failed = load_identity(reader, identity)) return failed;
  ledger.restore(std::move(identity));
  if (auto failed = scan_records(reader, Table::charges, decode_charge,
                                 [&](std::string_view key, const Charge& charge) {
                                   if (is_closed(charge.status))
                                     closed.keep(customer_of(key), charge);
                                 }))
    return failed;
  return scan_records(reader, Table::closed_usage, decode_closed_usage,
                      [&](std::string_view key, const ClosedUsage& usage) {
                        closed.keep(customer_of(key), usage);
                      });
}

StoreStatus load_everybody(FreshReader& reader, const Books& books, const Customers& customers,
                           Ledger& ledger, ClosedRows& closed) {
  if (StoreStatus failed = reader.catch_up()) return failed;
  std::set<std::string, std::less<>> set_aside;
  customers.each([&](const LiveCustomer& customer) {
    if (customer.set_aside()) set_aside.insert(customer.state().id.str());
  });
  if (auto failed = load_tables(reader.reader(), books, set_aside, ledger, closed)) return failed;
  // What was never written comes last, as it closed last.
  customers.each([&](const LiveCustomer& customer) {
    if (!customer.set_aside()) return;
    ledger.restore(CustomerState(customer.state()));
    for (const auto& [number, charge] : customer.pending().charges)
      if (is_closed(charge.status)) closed.keep(customer.state().id, charge);
    for (const ClosedUsage& usage : customer.pending().closed_usage)
      closed.keep(customer.state().id, usage);
  });
  return std::nullopt;
}

}  // namespace reckoner::storage
