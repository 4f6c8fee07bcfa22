// Rows of the typed tables: from the contract's cells to real columns, and back byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sqlite/connection.hpp"
#include "storage/sdk/row.hpp"

namespace reckoner::storage::sqlite {

// `2026-03-01T12:00:00.000000Z`: sorts as text. Nothing for years beyond 0 to 9999.
std::optional<std::string> instant_text(std::int64_t micros);
// Only of what instant_text makes.
std::optional<std::int64_t> read_instant(std::string_view text);

class TypedRows {
 public:
  explicit TypedRows(const reckoner_typed_table& table) : table_(table) {}

  // Parameters 1 to `keys`. Missing parts are empty where the key is only where a scan begins.
  void bind_key(Run& run, std::string_view key, bool whole);
  // The parameters after them.
  void bind_row(Run& run, std::string_view row);

  // Of a row with all columns in their order; valid until the next call.
  std::string_view read_key(const Run& run);
  std::string_view read_row(const Run& run);

 private:
  void read_cell(const Run& run, std::uint32_t column, sdk::RowWriter& out);
  sdk::Failure bad(std::string_view what) const;

  const reckoner_typed_table& table_;
  std::vector<std::string_view> parts_;
  std::vector<sdk::Cell> cells_;
  std::vector<std::string> instants_;  // bound texts must outlive the run
  std::string key_, row_;
};

}  // namespace reckoner::storage::sqlite
