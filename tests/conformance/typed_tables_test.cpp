// Typed tables: rows of cells, keys of texts.
#include "tests/conformance/stand.hpp"

#include <limits>

#include "storage/sdk/row.hpp"

namespace reckoner::conformance {
namespace {

using storage::sdk::RowWriter;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::string key_of(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const std::string_view text : texts) (out += text) += '\0';
  out.pop_back();
  return out;
}

std::string user(std::string_view email) {
  return RowWriter().text(email).null().null().null().null().null().null().take();
}
std::string billing_event(std::string_view amount, std::string_view json) {
  return RowWriter().null().null().decimal(amount).null().null().null().json(json).take();
}
std::string usage(std::int64_t tokens, std::int64_t requests, std::string_view cost) {
  return RowWriter().integer(tokens).integer(requests).decimal(cost).take();
}

// Puts the row and expects it back: from get, from a scan, and after opening again.
void comes_back(const Stand& stand, Owner& owner, Table table, const std::string& key,
                const std::string& row) {
  INFO(storage::table_name(table) << " " << support::shown_row(table, key, row));
  owner.put(table, key, row);
  const ReaderPtr reader = owner.reader();
  CHECK(support::value_of(*reader, table, key) == support::shown_value(table, row));
  const Lines rows = support::rows_of(*reader, table, key);
  REQUIRE_FALSE(rows.empty());
  CHECK(rows.front() == support::shown_row(table, key, row));
  const StorePtr beside = stand.open();
  CHECK(support::value_of(*reader_of(*beside), table, key) == support::shown_value(table, row));
}

const std::string_view kTexts[] = {"",
                                   "plain",
                                   "it's \"quoted\"; DROP TABLE users; --",
                                   "back\\slash, per%cent, under_score, $1, ?1, :name",
                                   "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x92\xb6 \xe6\xbc\xa2",
                                   "line\nfeed\ttab\rreturn\x01\x7f",
                                   " spaces ",
                                   "NULL",
                                   "null",
                                   "0",
                                   "007",
                                   "1e5"};

}  // namespace

CONFORMANCE(text_cells, "texts come back as they were, and an empty one is not null") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  int i = 0;
  for (const std::string_view text : kTexts) {
    ++i;
    comes_back(
        stand, owner, Table::users, "user " + std::to_string(i),
        RowWriter().text(text).null().text("").text(text).text("x").integer(i).null().take());
  }
  comes_back(stand, owner, Table::users, "long", user(std::string(100'000, 't')));
}

CONFORMANCE(text_keys, "keys of texts come back as they were") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const std::string_view text : kTexts) {
    if (!text.empty()) comes_back(stand, owner, Table::users, std::string(text), user("e"));
    comes_back(stand, owner, Table::usage_daily, key_of({"c", text, text}), usage(1, 2, "3"));
  }
  comes_back(stand, owner, Table::users, std::string(kLongestKey, 'k'), user("e"));
}

CONFORMANCE(nulls, "every column but those of type json may be null") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  comes_back(stand, owner, Table::users, "nobody",
             RowWriter().null().null().null().null().null().null().null().take());
  comes_back(stand, owner, Table::billing_events, key_of({"c", "t", "i"}),
             RowWriter().null().null().null().null().null().null().json("{}").take());
  comes_back(stand, owner, Table::usage_daily, key_of({"c", "d", "o"}),
             RowWriter().null().null().null().take());
  INFO("one that was null may get a value, and the other way");
  comes_back(stand, owner, Table::usage_daily, key_of({"c", "d", "o"}), usage(1, 2, "0.5"));
  comes_back(stand, owner, Table::usage_daily, key_of({"c", "d", "o"}),
             RowWriter().null().integer(0).null().take());
  Batch batch = owner.batch();
  batch.put(Table::billing_events, key_of({"c", "t", "j"}),
            RowWriter().null().null().null().null().null().null().null().take());
  CHECK_FAULT("fatal", owner.store().commit(0, batch));
}

CONFORMANCE(integers, "integers to the last of 64 bits") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const std::int64_t value : {kLeast, kLeast + 1, std::int64_t{-1}, std::int64_t{0},
                                   std::int64_t{1}, std::int64_t{1} << 53, kMost - 1, kMost})
    comes_back(stand, owner, Table::usage_daily, key_of({"c", std::to_string(value), "o"}),
               usage(value, -(value / 2), "1"));
}

CONFORMANCE(decimals, "decimals are exact, however long") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const std::string_view amount :
       {"0", "0.01", "-0.01", "0.10", "1.5", "12345678901234567890123456789012345.67",
        "-999999999999999999999999999999999999.99", "9007199254740993"})
    comes_back(stand, owner, Table::billing_events, key_of({"c", amount, "i"}),
               billing_event(amount, "{}"));
  for (const std::string_view cost :
       {"0.000000000001", "-0.000000000001", "0.1", "12345678901234567890.123456789012"})
    comes_back(stand, owner, Table::usage_daily, key_of({"c", cost, "o"}), usage(0, 0, cost));
}

CONFORMANCE(json_cells, "JSON texts come back with the same value") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const std::string_view json :
       {"{}", "[]", "null", "0", "\"text\"", R"({"a": 1, "b": [1, 2, {"c": null}], "d": true})",
        R"({"text": "it's \"so\" \\ Zo\u00eb"})", "{\"e\": \"Zo\xc3\xab \xe2\x82\xac\"}",
        R"({"a": 12345678901234567890123456789.5})"})
    comes_back(stand, owner, Table::billing_events, key_of({"c", "t", std::to_string(json.size())}),
               billing_event("1", json));
}

CONFORMANCE(typed_overwrite, "put again, delete, delete what is not there") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const std::string key = key_of({"alice", "2026-01-05", "chat"});
  const auto rows = [&] { return support::rows_of(*owner.reader(), Table::usage_daily); };
  owner.put(Table::usage_daily, key, usage(1, 1, "0.5"));
  owner.put(Table::usage_daily, key, usage(2, 2, "1"));
  CHECK(rows() == Lines{support::shown_row(Table::usage_daily, key, usage(2, 2, "1"))});
  Batch batch = owner.batch();
  batch.erase(Table::usage_daily, key);
  batch.erase(Table::usage_daily, key_of({"alice", "2026-01-05", "embed"}));
  owner.commit(batch);
  CHECK(rows() == Lines{});
}

CONFORMANCE(typed_order, "rows come in the order of their keys' bytes") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  // In order.
  const std::vector<std::string> keys = {
      key_of({"", "", "x"}),           key_of({"", "a", ""}),        key_of({"A", "b", "c"}),
      key_of({"a", "", ""}),           key_of({"a", "", "z"}),       key_of({"a", "1", "z"}),
      key_of({"a", "10", "a"}),        key_of({"a", "10", "b"}),     key_of({"a", "9", "a"}),
      key_of({"a", "B", "a"}),         key_of({"a", "a", "a"}),      key_of({"a\x01", "", ""}),
      key_of({"a ", "", ""}),          key_of({"aa", "", ""}),       key_of({"b", "", ""}),
      key_of({"z", "", ""}),           key_of({"\xc3\x84", "", ""}), key_of({"\xc3\xa9", "", ""}),
      key_of({"\xe2\x82\xac", "", ""})};
  Batch batch = owner.batch();
  for (std::size_t i = 0; i < keys.size(); ++i)
    batch.put(Table::usage_daily, keys[i * 7 % keys.size()], usage(1, 1, "1"));
  owner.commit(batch);
  const ReaderPtr reader = owner.reader();
  const auto expected = [&](std::size_t begin) {
    Lines out;
    for (std::size_t i = begin; i < keys.size(); ++i)
      out.push_back(support::shown_row(Table::usage_daily, keys[i], usage(1, 1, "1")));
    return out;
  };
  const auto from = [&](const std::string& key) {
    return support::rows_of(*reader, Table::usage_daily, key);
  };
  CHECK(from("") == expected(0));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    INFO("from " << support::shown(keys[i]));
    CHECK(from(keys[i]) == expected(i));
    CHECK(from(keys[i] + "\x01") == expected(i + 1));
  }
}

CONFORMANCE(missing_parts, "texts that are missing where a scan begins count as empty") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const std::vector<std::string> keys = {
      key_of({"alice", "2026-01-05", "chat"}), key_of({"alice", "2026-01-05", "embed"}),
      key_of({"alice", "2026-01-06", "chat"}), key_of({"bob", "2026-01-01", ""})};
  Batch batch = owner.batch();
  for (const std::string& key : keys) batch.put(Table::usage_daily, key, usage(1, 1, "1"));
  owner.commit(batch);
  const ReaderPtr reader = owner.reader();
  const auto first = [&](const std::string& from) {
    return keys.size() - support::rows_of(*reader, Table::usage_daily, from).size();
  };
  CHECK(first("") == 0);
  CHECK(first("alice") == 0);
  CHECK(first(key_of({"alice", ""})) == 0);
  CHECK(first(key_of({"alice", "2026-01-05"})) == 0);
  CHECK(first(key_of({"alice", "2026-01-05", ""})) == 0);
  CHECK(first(key_of({"alice", "2026-01-05", "d"})) == 1);
  CHECK(first(key_of({"alice", "2026-01-06"})) == 2);
  CHECK(first(key_of({"alice", "2026-01-07"})) == 3);
  CHECK(first("alicf") == 3);
  CHECK(first("bob") == 3);
  CHECK(first("bobby") == 4);
}

CONFORMANCE(bad_rows, "rows that do not fit their table are refused") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const std::string key = key_of({"c", "d", "o"});
  const std::string good = usage(1, 2, "3");
  const std::pair<const char*, std::string> bad[] = {
      {"no cells", ""},
      {"a cell too few", RowWriter().integer(1).integer(2).take()},
      {"a cell too many", good + RowWriter().null().take()},
      {"a text for an integer", RowWriter().text("1").integer(2).decimal("3").take()},
      {"an instant for an integer", RowWriter().instant(1).integer(2).decimal("3").take()},
      {"a text for a decimal", RowWriter().integer(1).integer(2).text("3").take()},
      {"cut short", good.substr(0, good.size() - 1)},
      {"a byte too many", good + "x"},
      {"a type that there is not", "\x09" + good.substr(1)},
  };
  for (const auto& [what, row] : bad) {
    INFO(what);
    Batch batch = owner.batch();
    batch.put(Table::usage_daily, key, row);
    CHECK_FAULT("fatal", owner.store().commit(0, batch));
  }
  CHECK(support::rows_of(*owner.reader(), Table::usage_daily) == Lines{});
  owner.put(Table::usage_daily, key, good);
}

}  // namespace reckoner::conformance
