// Usage read from CSV exports, kept small: a real export has millions of rows, and they have to be
// in order of time before the first one can be written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/result.hpp"
#include "sim/importing/column_map.hpp"

namespace reckoner::sim {

// Each text once, by number.
class TextNumbers {
 public:
  std::uint32_t of(std::string_view text);
  const std::string& operator[](std::uint32_t number) const { return *texts_[number]; }
  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;
};

struct UsageRow {
  Instant at;
  std::int64_t tokens = 0;
  std::uint64_t key = 0;       // where its key begins, or the number of the row within its file
  std::uint32_t customer = 0;  // not with ids assigned
  std::uint32_t operation = 0;
  std::uint32_t file = 0;
  std::uint32_t key_bytes = 0;  // 0: the key is made of the file's stem and the number of the row
};

class UsageRows {
 public:
  // `map` without a customer: the rows carry none.
  explicit UsageRows(const ColumnMap& map) : map_(map) {}

  // Adds the rows of one file. A bad row is an error (`invalid_csv`) with file, line, column, what
  // came and what is taken; a column of the map that the file does not have is `invalid_field`.
  Status read(const std::string& path,
              const std::function<void(std::uint64_t bytes_read)>& progress);

  // In order of time; those of the same time in the order that they were read in.
  void sort();

  const std::vector<UsageRow>& rows() const { return rows_; }
  const std::string& customer(const UsageRow& row) const { return customers_[row.customer]; }
  const std::string& operation(const UsageRow& row) const { return operations_[row.operation]; }
  // Appends the row's idempotency key.
  void append_key(const UsageRow& row, std::string& to) const;
  std::size_t customers() const { return customers_.size(); }

 private:
  class File;

  const ColumnMap& map_;
  std::vector<UsageRow> rows_;
  TextNumbers customers_, operations_;
  std::vector<std::string> stems_;  // of the files read
  std::string keys_;                // all that came in a column
};

// What a file's name says without folders, ".gz" and ".csv".
std::string stem_of(const std::string& path);

// A time as CSV exports write it: RFC 3339; "YYYY-MM-DD HH:MM:SS[.fraction]" without an offset,
// read as UTC; or whole seconds (10 digits) or milliseconds (13 digits) since 1970.
std::optional<Instant> parse_csv_time(std::string_view text);

}  // namespace reckoner::sim
