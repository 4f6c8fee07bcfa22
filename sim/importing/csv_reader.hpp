// Reads CSV (RFC 4180, by libcsv, strictly) row by row.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "engine/basics/result.hpp"

namespace reckoner::sim {

// Valid during the call that hands it out.
struct CsvRow {
  std::uint64_t line;    // of the file, where the row begins; the first one is 1
  std::uint64_t number;  // the header is row 0; blank lines are no rows
  std::span<const std::string> fields;
};

// Hands each row to `take`, which can end the reading by an error. `path` is as LineInput takes it.
// Spaces around a field that is not quoted are no part of it, nor is a byte-order mark. The error
// names file and line.
Status read_csv(const std::string& path, const std::function<Status(const CsvRow&)>& take,
                const std::function<void(std::uint64_t bytes_read)>& progress);

}  // namespace reckoner::sim
