// Which columns of a CSV mean what: `customer=COL,tokens=COL[+COL],timestamp=COL[,operation=COL]
// [,idempotency_key=COL]`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"

namespace reckoner::sim {

// Names of columns; an empty one is not mapped.
struct ColumnMap {
  std::string customer;
  std::vector<std::string> tokens;  // summed
  std::string timestamp;
  std::string operation;
  std::string idempotency_key;
};

// The error (`invalid_field`) begins with "--map: ". `customer` may be missing: whether it has to
// be there is for the import to say.
Result<ColumnMap> parse_column_map(std::string_view text);

}  // namespace reckoner::sim
