// Puts, deletes, gets and scans of the contract's tables over one connection. Statements are
// prepared when they are first needed, and kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/typed_rows.hpp"

namespace reckoner::storage::sqlite {

// The name of a table of the contract; throws where there is none of that number.
const char* table_name(std::uint32_t table);

class Tables {
 public:
  explicit Tables(const Connection& connection) : statements_(connection) {}

  void put(std::uint32_t table, std::string_view key, std::string_view value);
  void erase(std::uint32_t table, std::string_view key);
  void get(std::uint32_t table, std::string_view key, const sdk::OnRow& on_row);
  void scan(std::uint32_t table, std::string_view from, const sdk::OnRow& on_row);

 private:
  enum Kind : std::uint32_t { kPut, kErase, kGet, kScan, kKinds };
  Statement& statement(Kind kind, std::uint32_t table);
  // Null for a plain table.
  TypedRows* typed_rows(std::uint32_t table);
  void bind_key(Run& run, std::uint32_t table, std::string_view key, bool whole);
  // False where the host wants no more.
  bool pass_on(const Run& run, std::uint32_t table, const sdk::OnRow& on_row);

  Statements statements_;
  std::map<std::uint32_t, TypedRows> typed_;
};

}  // namespace reckoner::storage::sqlite
