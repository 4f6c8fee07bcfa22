// Rows that should be in the tables, against those that are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/format/rows.hpp"
#include "storage/verify/findings.hpp"

namespace reckoner::storage {

// How many rows of each table were found where they should be.
using RowCounts = std::map<Table, std::uint64_t>;

// "table charges, key "u1" 0x00000001"
std::string place_of(Table table, std::string_view key);

// The rows of a table whose keys begin with `prefix` (empty: all): those in `expected`, which is in
// order of key, and no others.
void check_rows(Reader& reader, Table table, std::string_view prefix,
                const std::vector<Row>& expected, RowCounts& counts, Findings& findings);

void check_row(Reader& reader, Table table, const Row& expected, RowCounts& counts,
               Findings& findings);

}  // namespace reckoner::storage
