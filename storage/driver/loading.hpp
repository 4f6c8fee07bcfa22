// Everybody in a store, brought together in memory: for reports and hashes.
#pragma once

#include <set>
#include <string>

#include "engine/ledger/report.hpp"
#include "storage/customers/customers.hpp"

namespace reckoner::storage {

// From the tables alone, without those in `but`.
StoreStatus load_tables(Reader& reader, const Books& books,
                        const std::set<std::string, std::less<>>& but, Ledger& ledger,
                        ClosedRows& closed);

// From the tables; those of `customers` who are set aside as they are in memory, for their records
// stand before the fault.
StoreStatus load_everybody(FreshReader& reader, const Books& books, const Customers& customers,
                           Ledger& ledger, ClosedRows& closed);

}  // namespace reckoner::storage
