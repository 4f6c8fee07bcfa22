#include "sim/importing/column_map.hpp"

#include <algorithm>

namespace reckoner::sim {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Error wrong(const std::string& what) {
  return invalid("--map: " + what +
                 "; it takes customer=COL,tokens=COL[+COL],timestamp=COL[,operation=COL]"
                 "[,idempotency_key=COL]");
}

Status take(ColumnMap& map, const std::string& part) {
  const std::size_t equals = part.find('=');
  if (equals == std::string::npos) return wrong("got '" + part + "'");
  const std::string field = part.substr(0, equals), column = part.substr(equals + 1);
  if (field == "tokens") {
    if (!map.tokens.empty()) return wrong("got tokens twice");
    map.tokens = split(column, '+');
    if (std::ranges::count(map.tokens, "") > 0) return wrong("got '" + part + "'");
    return Done{};
  }
  std::string* into = field == "customer"          ? &map.customer
                      : field == "timestamp"       ? &map.timestamp
                      : field == "operation"       ? &map.operation
                      : field == "idempotency_key" ? &map.idempotency_key
                                                   : nullptr;
  if (into == nullptr || column.empty()) return wrong("got '" + part + "'");
  if (!into->empty()) return wrong("got " + field + " twice");
  *into = column;
  return Done{};
}

}  // namespace

Result<ColumnMap> parse_column_map(std::string_view text) {
  ColumnMap map;
  for (const std::string& part : split(text, ','))
    if (Status taken = take(map, part); !taken) return taken.error();
  if (map.tokens.empty()) return wrong("tokens is missing");
  if (map.timestamp.empty()) return wrong("timestamp is missing");
  return map;
}

}  // namespace reckoner::sim
