#include "plugins/sqlite/tables.hpp"

namespace reckoner::storage::sqlite {
namespace {

// The columns of a table, and how many of them make the key.
struct Columns {
  std::vector<std::string> names;
  std::size_t keys;
};

Columns columns_of(std::uint32_t table) {
  const reckoner_typed_table* typed = sdk::typed_table(table);
  if (typed == nullptr) return {{"key", "value"}, 1};
  Columns out{{}, typed->keys};
  for (std::uint32_t i = 0; i < typed->columns; ++i) out.names.emplace_back(typed->column[i].name);
  return out;
}

// `a, b, c`, with `make(i)` in the place of each.
template <class Make>
std::string list(std::size_t from, std::size_t to, Make make) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += (i == from ? "" : ", ") + make(i);
  return out;
}

std::string parameter(std::size_t column) {
  return '?' + std::to_string(column + 1);
}

std::string sql_of_key(const Columns& columns, const std::string& comparison) {
  const auto name = [&](std::size_t i) { return columns.names[i]; };
  return '(' + list(0, columns.keys, name) + ") " + comparison + " (" +
         list(0, columns.keys, parameter) + ')';
}

std::string sql_of_put(const std::string& table, const Columns& columns) {
  const std::size_t all = columns.names.size();
  const auto name = [&](std::size_t i) { return columns.names[i]; };
  const auto assign = [&](std::size_t i) { return columns.names[i] + " = " + parameter(i); };
  return "INSERT INTO " + table + '(' + list(0, all, name) + ") VALUES (" +
         list(0, all, parameter) + ") ON CONFLICT(" + list(0, columns.keys, name) +
         ") DO UPDATE SET " + list(columns.keys, all, assign);
}

std::string sql_of_select(const std::string& table, const Columns& columns) {
  const auto name = [&](std::size_t i) { return columns.names[i]; };
  return "SELECT " + list(0, columns.names.size(), name) + " FROM " + table + " WHERE ";
}

std::string sql_of_scan(const std::string& table, const Columns& columns) {
  const auto name = [&](std::size_t i) { return columns.names[i]; };
  return sql_of_select(table, columns) + sql_of_key(columns, ">=") + " ORDER BY " +
         list(0, columns.keys, name);
}

}  // namespace

const char* table_name(std::uint32_t table) {
  static constexpr const char* kPlain[] = {nullptr,           "meta",
                                           "books",           "marks",
                                           "customers",       "charges",
                                           "closed_usage",    "due",
                                           "polar_customers", "known_customers",
                                           "unlinked_emails", "remembered_emails",
                                           "parked",          "open_charges",
                                           "charges_by_time", "api_keys"};
  if (table < std::size(kPlain) && kPlain[table] != nullptr) return kPlain[table];
  if (table == RECKONER_KEY_LOG) return "key_log";
  if (const reckoner_typed_table* typed = sdk::typed_table(table)) return typed->name;
  throw sdk::Failure{RECKONER_FATAL, "bad_batch",
                     "there is no table of number " + std::to_string(table)};
}

Statement& Tables::statement(Kind kind, std::uint32_t table) {
  const std::string name = table_name(table);
  return statements_.at(table * kKinds + kind, [&] {
    const Columns columns = columns_of(table);
    switch (kind) {
      case kPut:
        return sql_of_put(name, columns);
      case kErase:
        return "DELETE FROM " + name + " WHERE " + sql_of_key(columns, "=");
      case kGet:
        return sql_of_select(name, columns) + sql_of_key(columns, "=");
      default:
        return sql_of_scan(name, columns);
    }
  });
}

TypedRows* Tables::typed_rows(std::uint32_t table) {
  const reckoner_typed_table* typed = sdk::typed_table(table);
  return typed == nullptr ? nullptr : &typed_.try_emplace(table, *typed).first->second;
}

void Tables::bind_key(Run& run, std::uint32_t table, std::string_view key, bool whole) {
  if (TypedRows* typed = typed_rows(table)) {
    typed->bind_key(run, key, whole);
  } else {
    run.blob(1, key);
  }
}

void Tables::put(std::uint32_t table, std::string_view key, std::string_view value) {
  Run run(statement(kPut, table));
  bind_key(run, table, key, true);
  if (TypedRows* typed = typed_rows(table)) {
    typed->bind_row(run, value);
  } else {
    run.blob(2, value);
  }
  run.finish();
}

void Tables::erase(std::uint32_t table, std::string_view key) {
  Run run(statement(kErase, table));
  bind_key(run, table, key, true);
  run.finish();
}

bool Tables::pass_on(const Run& run, std::uint32_t table, const sdk::OnRow& on_row) {
  if (TypedRows* typed = typed_rows(table)) {
    const std::string_view key = typed->read_key(run);
    return on_row(key, typed->read_row(run));
  }
  if (run.type(0) != SQLITE_BLOB) throw damaged(table_name(table), "", "a key holds no bytes");
  const std::string_view key = run.bytes_at(0);
  if (run.type(1) != SQLITE_BLOB) throw damaged(table_name(table), key, "the value holds no bytes");
  return on_row(key, run.bytes_at(1));
}

void Tables::get(std::uint32_t table, std::string_view key, const sdk::OnRow& on_row) {
  Run run(statement(kGet, table));
  bind_key(run, table, key, true);
  if (run.next()) pass_on(run, table, on_row);
}

void Tables::scan(std::uint32_t table, std::string_view from, const sdk::OnRow& on_row) {
  Run run(statement(kScan, table));
  bind_key(run, table, from, false);
  while (run.next() && pass_on(run, table, on_row)) {
  }
}

}  // namespace reckoner::storage::sqlite
