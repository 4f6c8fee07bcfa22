#include "tests/support/store.hpp"

#include <cstdio>
#include <functional>

#include "storage/sdk/row.hpp"

namespace reckoner::support {
namespace {

using storage::Fault;
using storage::Table;

std::string number_of(std::string_view decimal) {
  std::string out(decimal);
  if (out.find('.') == std::string::npos) return out;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string without_spaces(std::string_view json) {
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') in_text = !in_text;
    if (json[i] == '\\' && in_text) out += json[i++];
    const bool space = json[i] == ' ' || json[i] == '\n' || json[i] == '\t' || json[i] == '\r';
    if (in_text || !space) out += json[i];
  }
  return out;
}

std::string shown_cell(const storage::sdk::Cell& cell) {
  switch (cell.type) {
    case RECKONER_CELL_NULL:
      return "null";
    case RECKONER_CELL_INTEGER:
    case RECKONER_CELL_INSTANT:
      return std::to_string(cell.number);
    case RECKONER_CELL_DECIMAL:
      return number_of(cell.text);
    case RECKONER_CELL_JSON:
      return without_spaces(cell.text);
    default:
      return "'" + shown(cell.text) + "'";
  }
}

}  // namespace

std::string fault_of(const storage::StoreStatus& status) {
  if (!status) return "ok";
  switch (status->fault) {
    case Fault::fenced:
      return "fenced";
    case Fault::wrong_sequence:
      return "wrong_sequence";
    case Fault::full:
      return "full";
    case Fault::retry:
      return "retry";
    case Fault::in_doubt:
      return "in_doubt";
    case Fault::fatal:
      return "fatal";
    case Fault::held:
      return "held";
  }
  return "a status that there is not";
}

std::string told(const storage::StoreStatus& status) {
  if (!status) return "ok";
  return fault_of(status) + " (" + status->code + ": " + status->detail + ")";
}

std::string shown(std::string_view bytes) {
  constexpr std::size_t kLongest = 120, kBegin = 32;
  std::string out;
  for (const char c : bytes.substr(0, bytes.size() > kLongest ? kBegin : kLongest)) {
    char text[8];
    std::snprintf(text, sizeof text, c >= ' ' && c <= '~' ? "%c" : "\\x%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += text;
  }
  if (bytes.size() > kLongest)
    out += "... (" + std::to_string(bytes.size()) + " bytes, digest " +
           std::to_string(std::hash<std::string_view>{}(bytes)) + ")";
  return out;
}

std::string shown_value(Table table, std::string_view value) {
  const reckoner_typed_table* typed = storage::sdk::typed_table(static_cast<std::uint32_t>(table));
  if (typed == nullptr) return shown(value);
  std::vector<storage::sdk::Cell> cells;
  if (!storage::sdk::read_row(value, typed->column + typed->keys, typed->columns - typed->keys,
                              cells))
    return "no row: " + shown(value);
  std::string out = "[";
  for (const storage::sdk::Cell& cell : cells)
    out += (out.size() == 1 ? "" : ", ") + shown_cell(cell);
  return out + "]";
}

std::string shown_row(Table table, std::string_view key, std::string_view value) {
  return shown(key) + " = " + shown_value(table, value);
}

std::string shown_block(std::uint64_t first_sequence, std::uint32_t count, std::string_view block) {
  return std::to_string(first_sequence) + "+" + std::to_string(count) + " = " + shown(block);
}

Lines rows_of(storage::Reader& reader, Table table, std::string_view from) {
  Lines out;
  const auto status = reader.scan(table, from, [&](std::string_view key, std::string_view value) {
    out.push_back(shown_row(table, key, value));
    return true;
  });
  if (status) out.push_back("scan: " + told(status));
  return out;
}

Lines blocks_of(storage::Reader& reader, std::uint32_t shard, std::uint64_t from_sequence) {
  Lines out;
  const auto status = reader.scan_journal(
      shard, from_sequence, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
        out.push_back(shown_block(first, count, block));
        return true;
      });
  if (status) out.push_back("scan_journal: " + told(status));
  return out;
}

std::string value_of(storage::Reader& reader, Table table, std::string_view key) {
  std::optional<std::string> value;
  const auto status = reader.get(table, key, value);
  if (status) return "get: " + told(status);
  return value ? shown_value(table, *value) : "nothing";
}

std::string some_key(Table table, std::string_view text) {
  const reckoner_typed_table* typed = storage::sdk::typed_table(static_cast<std::uint32_t>(table));
  std::string out(text);
  for (std::uint32_t i = 1; typed != nullptr && i < typed->keys; ++i)
    out += '\0' + std::string("part ") + std::to_string(i);
  return out;
}

std::string some_value(Table table, std::string_view text) {
  using storage::sdk::RowWriter;
  switch (table) {
    case Table::users:
      return RowWriter().text(text).null().text("Co").null().text("").integer(15).null().take();
    case Table::billing_events:
      return RowWriter()
          .null()
          .text(text)
          .decimal("12.5")
          .text("usd")
          .null()
          .null()
          .json("{}")
          .take();
    case Table::usage_daily:
      return RowWriter()
          .integer(static_cast<std::int64_t>(text.size()))
          .integer(1)
          .decimal("0.000000000001")
          .take();
    default:
      return std::string(text);
  }
}

}  // namespace reckoner::support
