#include "storage/verify/row_check.hpp"

#include <optional>

#include "engine/basics/ids.hpp"
#include "engine/basics/sha256.hpp"

namespace reckoner::storage {

// Keys of texts are shown as such, with a slash for each zero byte; others in hex.
std::string place_of(Table table, std::string_view key) {
  std::string shown(key);
  for (char& byte : shown)
    if (byte == '\0') byte = '/';
  const bool readable = is_valid_id(shown, SIZE_MAX);
  return "table " + std::string(table_name(table)) + ", key " +
         (readable ? "\"" + shown + "\"" : "0x" + to_hex(key));
}

namespace {

constexpr std::string_view kMissing = "the row is missing";
constexpr std::string_view kExtra = "the row should not be there";
constexpr std::string_view kOther = "the row is not what follows from the journal";

}  // namespace

void check_rows(Reader& reader, Table table, std::string_view prefix,
                const std::vector<Row>& expected, RowCounts& counts, Findings& findings) {
  auto next = expected.begin();
  const StoreStatus failed =
      reader.scan(table, prefix, [&](std::string_view key, std::string_view value) {
        if (!key.starts_with(prefix)) return false;
        for (; next != expected.end() && next->key < key; ++next)
          findings.damage(place_of(table, next->key), std::string(kMissing));
        ++counts[table];
        if (next == expected.end() || next->key != key) {
          findings.damage(place_of(table, key), std::string(kExtra));
          return true;
        }
        if (next->value != value) findings.damage(place_of(table, key), std::string(kOther));
        ++next;
        return true;
      });
  if (failed) return findings.failed(place_of(table, prefix), *failed);
  for (; next != expected.end(); ++next)
    findings.damage(place_of(table, next->key), std::string(kMissing));
}

void check_row(Reader& reader, Table table, const Row& expected, RowCounts& counts,
               Findings& findings) {
  std::optional<std::string> value;
  if (StoreStatus failed = reader.get(table, expected.key, value))
    return findings.failed(place_of(table, expected.key), *failed);
  if (!value) return findings.damage(place_of(table, expected.key), std::string(kMissing));
  ++counts[table];
  if (*value != expected.value) findings.damage(place_of(table, expected.key), std::string(kOther));
}

}  // namespace reckoner::storage
