// Rows of the typed tables, as bytes (contract/reckoner_storage.h, Columns). For the host, which
// writes them, and for plugins, which keep them as real columns. Uses nothing but the contract.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/contract/reckoner_storage.h"

namespace reckoner::storage::sdk {

class RowWriter {
 public:
  RowWriter& null() {
    out_ += static_cast<char>(RECKONER_CELL_NULL);
    return *this;
  }
  RowWriter& integer(std::int64_t value) { return fixed(RECKONER_CELL_INTEGER, value); }
  RowWriter& instant(std::int64_t micros) { return fixed(RECKONER_CELL_INSTANT, micros); }
  RowWriter& text(std::string_view value) { return sized(RECKONER_CELL_TEXT, value); }
  RowWriter& decimal(std::string_view value) { return sized(RECKONER_CELL_DECIMAL, value); }
  RowWriter& json(std::string_view value) { return sized(RECKONER_CELL_JSON, value); }
  // Null where it is empty.
  RowWriter& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }

  std::string take() { return std::move(out_); }

 private:
  RowWriter& fixed(int type, std::int64_t value) {
    out_ += static_cast<char>(type);
    number(static_cast<std::uint64_t>(value), 8);
    return *this;
  }
  RowWriter& sized(int type, std::string_view value) {
    out_ += static_cast<char>(type);
    number(value.size(), 4);
    out_.append(value);
    return *this;
  }
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i));
  }

  std::string out_;
};

struct Cell {
  std::uint32_t type = RECKONER_CELL_NULL;
  std::int64_t number = 0;  // integer, instant
  std::string_view text;    // the others; a view into the row
};

// The cells of a row; false where the bytes are no row of `columns` cells of these types.
inline bool read_row(std::string_view row, const reckoner_column* column, std::size_t columns,
                     std::vector<Cell>& cells) {
  cells.clear();
  const auto number = [&row](std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(row[i])} << (8 * i);
    row.remove_prefix(bytes);
    return value;
  };
  for (std::size_t i = 0; i < columns; ++i) {
    if (row.empty()) return false;
    Cell cell;
    cell.type = static_cast<unsigned char>(row.front());
    row.remove_prefix(1);
    if (cell.type == RECKONER_CELL_INTEGER || cell.type == RECKONER_CELL_INSTANT) {
      if (row.size() < 8) return false;
      cell.number = static_cast<std::int64_t>(number(8));
    } else if (cell.type != RECKONER_CELL_NULL) {
      if (row.size() < 4) return false;
      const std::uint64_t size = number(4);
      if (row.size() < size) return false;
      cell.text = row.substr(0, size);
      row.remove_prefix(size);
    }
    if (cell.type != RECKONER_CELL_NULL && cell.type != column[i].type) return false;
    cells.push_back(cell);
  }
  return row.empty();
}

// The description of a typed table; null for a plain one.
inline const reckoner_typed_table* typed_table(std::uint32_t table) {
  for (const reckoner_typed_table& typed : reckoner_typed_tables)
    if (typed.table == table) return &typed;
  return nullptr;
}

// The texts of a typed table's key; missing ones are empty. False where there are too many.
inline bool split_key(std::string_view key, std::size_t keys,
                      std::vector<std::string_view>& parts) {
  parts.assign(keys, {});
  for (std::size_t i = 0; i < keys; ++i) {
    const std::size_t end = key.find('\0');
    parts[i] = key.substr(0, end);
    if (end == std::string_view::npos) return true;
    key.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace reckoner::storage::sdk
