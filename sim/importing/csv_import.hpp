// Makes a history of CSV exports: each row becomes a `usage` line at its own time. Rows that carry
// no customer can be spread over customers made for them, who sign up before the first row.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/result.hpp"
#include "sim/importing/column_map.hpp"

namespace reckoner::sim {

inline constexpr std::uint64_t kMaxAssigned = 10'000'000;

struct ImportOptions {
  std::vector<std::string> csv;  // paths, merged; "-" is standard input; .gz is unpacked
  ColumnMap map;
  std::string out;
  // How many customers to spread the rows over, in turn; 0: the rows say whose they are. Exactly
  // one of this and `map.customer` is given.
  std::uint64_t assign = 0;
};

struct ImportSummary {
  std::uint64_t rows = 0;
  std::uint64_t customers = 0;
  std::uint64_t lines = 0;
  Instant from, until;  // of the rows, if there are any
};

// Bytes read of all files; a total of 0 is not known.
using ProgressFn = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Errors: `invalid_field` for options that do not fit (each other, or the files), `invalid_csv` for
// a bad row, `io_error`. After one, nothing stands under the name `out` that did not before.
Result<ImportSummary> import_csv(const ImportOptions& options, const ProgressFn& progress);

}  // namespace reckoner::sim
