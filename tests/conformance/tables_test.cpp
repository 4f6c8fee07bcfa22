// Plain tables: keys, values, order.
#include "tests/conformance/stand.hpp"

#include <algorithm>

namespace reckoner::conformance {
namespace {

bool is_plain(Table table) {
  return table < Table::users;
}

const std::string kZero(1, '\0');
const std::string kLast(1, '\xff');

// Hostile to orders other than that of bytes, in no order.
std::vector<std::string> hostile_keys() {
  std::vector<std::string> keys = {"b",
                                   "a",
                                   "aa",
                                   "ab",
                                   "B",
                                   "A",
                                   "a" + kZero,
                                   "a" + kZero + kZero,
                                   "a" + kZero + "b",
                                   "a\x01",
                                   kZero,
                                   kZero + kZero,
                                   kZero + "a",
                                   kLast,
                                   kLast + kLast,
                                   kLast + kZero,
                                   "a" + kLast,
                                   "\x7f",
                                   "\x80",
                                   "\xc3\xa9",
                                   "e",
                                   "z",
                                   "10",
                                   "9",
                                   "1",
                                   " ",
                                   "'",
                                   "\"",
                                   "%",
                                   "_",
                                   "\\",
                                   std::string(kLongestKey, 'k'),
                                   std::string(kLongestKey, '\xff'),
                                   std::string(kLongestKey, '\0'),
                                   std::string(kLongestKey - 1, '\0')};
  return keys;
}

bool before(const std::string& a, const std::string& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
  });
}

}  // namespace

CONFORMANCE(every_table, "each table holds its own rows") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch = owner.batch();
  for (const Table table : storage::kTables)
    if (is_plain(table)) batch.put(table, "k", std::string(storage::table_name(table)));
  owner.commit(batch);
  const ReaderPtr reader = owner.reader();
  for (const Table table : storage::kTables)
    if (is_plain(table))
      CHECK(support::rows_of(*reader, table) ==
            Lines{"k = " + std::string(storage::table_name(table))});
}

CONFORMANCE(put_and_delete, "put, put again, delete, delete what is not there") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const Table table : storage::kTables) {
    if (!is_plain(table)) continue;
    INFO(storage::table_name(table));
    const auto value = [&] { return support::value_of(*owner.reader(), table, "key"); };
    owner.put(table, "key", "one");
    CHECK(value() == "one");
    owner.put(table, "key", "another, longer");
    CHECK(value() == "another, longer");
    owner.put(table, "key", "");
    CHECK(value().empty());
    Batch batch = owner.batch();
    batch.erase(table, "key");
    batch.erase(table, "was never there");
    owner.commit(batch);
    CHECK(value() == "nothing");
    owner.commit(batch);
    CHECK(support::rows_of(*owner.reader(), table) == Lines{});
  }
}

CONFORMANCE(order, "keys come in the order of their bytes") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  std::vector<std::string> keys = hostile_keys();
  for (const Table table : storage::kTables) {
    if (!is_plain(table)) continue;
    INFO(storage::table_name(table));
    Batch batch = owner.batch();
    for (const std::string& key : keys) batch.put(table, key, "v");
    owner.commit(batch);
    std::vector<std::string> sorted = keys;
    std::sort(sorted.begin(), sorted.end(), before);
    Lines expected;
    for (const std::string& key : sorted) expected.push_back(support::shown_row(table, key, "v"));
    const ReaderPtr reader = owner.reader();
    CHECK(support::rows_of(*reader, table) == expected);
    for (const std::string& key : keys) CHECK(support::value_of(*reader, table, key) == "v");
  }
}

CONFORMANCE(scan_from, "a scan begins with the first row that is not before its key") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  std::vector<std::string> keys = hostile_keys();
  Batch batch = owner.batch();
  for (const std::string& key : keys) batch.put(Table::customers, key, "v");
  owner.commit(batch);
  std::sort(keys.begin(), keys.end(), before);
  const ReaderPtr reader = owner.reader();
  for (const std::string& key : keys) {
    for (const std::string& from : {key, key + kZero, key + kLast, key.substr(0, key.size() - 1)}) {
      INFO("from " << support::shown(from));
      Lines expected;
      for (const std::string& each : keys)
        if (!before(each, from))
          expected.push_back(support::shown_row(Table::customers, each, "v"));
      CHECK(support::rows_of(*reader, Table::customers, from) == expected);
    }
  }
}

CONFORMANCE(values, "values of no bytes, of any bytes and of megabytes come back as they were") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  std::string large(kLongestValue, '\0');
  for (std::size_t i = 0; i < large.size(); ++i)
    large[i] = static_cast<char>(i * 2'654'435'761U >> 24);
  const std::vector<std::string> values = {
      "",     kZero,  every_byte,           "42",
      "4.50", "NULL", "\xff\xfe not UTF-8", std::string(100'000, 'x'),
      large};
  for (const Table table : {Table::meta, Table::customers, Table::parked}) {
    Lines expected;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string key = "key " + std::to_string(i);
      owner.put(table, key, values[i]);
      expected.push_back(support::shown_row(table, key, values[i]));
      CHECK(support::value_of(*owner.reader(), table, key) == support::shown(values[i]));
    }
    CHECK(support::rows_of(*owner.reader(), table) == expected);
  }
  INFO("large ones may be replaced and deleted");
  owner.put(Table::meta, "key 8", "small");
  CHECK(support::value_of(*owner.reader(), Table::meta, "key 8") == "small");
}

CONFORMANCE(many_rows, "thousands of rows come whole and in order") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  constexpr int kRows = 5000;
  const auto key = [](int i) { return "customer " + std::to_string(100'000 + i); };
  for (int begin = 0; begin < kRows; begin += 1000) {
    Batch batch = owner.batch();
    for (int i = begin; i < begin + 1000; ++i) {
      const int shuffled = i * 7919 % kRows;
      batch.put(Table::customers, key(shuffled), std::to_string(shuffled));
    }
    owner.commit(batch);
  }
  Lines expected;
  for (int i = 0; i < kRows; ++i) expected.push_back(key(i) + " = " + std::to_string(i));
  CHECK(support::rows_of(*owner.reader(), Table::customers) == expected);
  const Lines later(expected.begin() + 4321, expected.end());
  CHECK(support::rows_of(*owner.reader(), Table::customers, key(4321)) == later);
}

CONFORMANCE(read_unknown_table, "reading a table that there is not is refused") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.put(Table::meta, "k", "v");
  const ReaderPtr reader = owner.reader();
  for (const std::uint32_t table : {0U, 16U, 35U, 65U, 1'000'000U}) {
    INFO("table " << table);
    std::optional<std::string> value;
    CHECK_FAULT("fatal", reader->get(static_cast<Table>(table), "k", value));
    CHECK_FAULT("fatal",
                reader->scan(static_cast<Table>(table), "", [](auto, auto) { return true; }));
  }
  CHECK(support::rows_of(*reader, Table::meta) == Lines{"k = v"});
}

}  // namespace reckoner::conformance
