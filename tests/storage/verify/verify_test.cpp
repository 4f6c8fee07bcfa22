// Verification finds nothing on a healthy store, and says what and where on one that is not.
#include <catch2/catch.hpp>

#include "tests/storage/filled_store.hpp"
#include "tests/storage/small_store.hpp"

namespace reckoner::storage {
namespace {

std::vector<Row> rows_of(Store& store, Table table) {
  std::unique_ptr<Reader> reader;
  REQUIRE_FALSE(store.open_reader(reader));
  std::vector<Row> rows;
  REQUIRE_FALSE(reader->scan(table, {}, [&](std::string_view key, std::string_view value) {
    rows.push_back({std::string(key), std::string(value)});
    return true;
  }));
  return rows;
}

constexpr Table kDerived[] = {Table::marks,
                              Table::customers,
                              Table::charges,
                              Table::open_charges,
                              Table::charges_by_time,
                              Table::closed_usage,
                              Table::due,
                              Table::polar_customers,
                              Table::known_customers,
                              Table::unlinked_emails,
                              Table::remembered_emails,
                              Table::parked,
                              Table::users,
                              Table::billing_events,
                              Table::usage_daily};

}  // namespace

TEST_CASE("verify: a healthy store holds, and its hash is replay's") {
  for (const std::string& scheme : support::store_schemes()) DYNAMIC_SECTION(scheme) {
      TestStore store(scheme);
      const support::Filled filled = support::fill(store, {});
      const auto opened = store.open_store();
      const VerifyReport report = verified(*opened);
      CHECK(shown(report) == "");
      CHECK(report.holds());
      CHECK(report.state_hash == filled.state_hash);
      CHECK(report.customers > 50);
      CHECK(report.rows > 500);
      CHECK(verified(*opened, false).state_hash == filled.state_hash);
      for (const Table table : kDerived) {
        INFO(table_name(table));
        CHECK(!rows_of(*opened, table).empty());
      }
    }
}

TEST_CASE("verify: holds also where not all is written, and beside a living owner") {
  TestStore store("sqlite");
  const support::Filled filled = support::fill(store, {.close = false});
  const auto opened = store.open_store();
  const VerifyReport report = verified(*opened, false);
  CHECK(shown(report) == "");
  CHECK(report.state_hash == filled.state_hash);
}

TEST_CASE("verify: any derived row that is missing, added or changed is found and named") {
  for (const Table table : kDerived) DYNAMIC_SECTION(table_name(table)) {
      TestStore store("memory");
      support::fill(store, {});
      const auto opened = store.open_store();
      const std::vector<Row> rows = rows_of(*opened, table);
      REQUIRE(!rows.empty());
      const Row row = rows[rows.size() / 2];
      SECTION("missing") {
        change(*opened, [&](Batch& batch) { batch.erase(table, row.key); });
        // A mark that is missing only means that more is folded again.
        if (table != Table::marks) CHECK_FALSE(verified(*opened).holds());
      }
      SECTION("moved") {
        std::string key = row.key;
        key.back() = static_cast<char>(key.back() ^ 1);
        change(*opened, [&](Batch& batch) {
          batch.erase(table, row.key);
          batch.put(table, key, row.value);
        });
        const VerifyReport report = verified(*opened);
        CHECK_FALSE(report.holds());
        CHECK(shown(report).find(table_name(table)) != std::string::npos);
      }
      if (!row.value.empty() && table < Table::users) {
        for (std::size_t i = 0; i < row.value.size(); ++i) {
          std::string value = row.value;
          value[i] = static_cast<char>(value[i] ^ (1 << (i % 8)));
          change(*opened, [&](Batch& batch) { batch.put(table, row.key, value); });
          const VerifyReport report = verified(*opened);
          INFO("byte " << i);
          CHECK_FALSE(report.holds());
          CHECK(shown(report).find(table_name(table)) != std::string::npos);
          if (i > 20) i += 37;
        }
      }
    }
}

TEST_CASE("verify: an API key's record that is damaged is found and named; a good one is not") {
  TestStore store("memory");
  support::fill(store, {});
  const auto opened = store.open_store();
  const ApiKeyRecord record{"a name", 5, {1, 2, 3}, {1'767'225'600'000'000}, {}};
  std::string value = encode_record("anId", record);
  Batch batch;
  batch.put(Table::api_keys, "anId", value);
  REQUIRE_FALSE(opened->commit_beside(batch));
  CHECK(verified(*opened).holds());
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string damaged = value;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    batch.clear();
    batch.put(Table::api_keys, "anId", damaged);
    REQUIRE_FALSE(opened->commit_beside(batch));
    CHECK_THAT(shown(verified(*opened)), Catch::Contains("table api_keys, key \"anId\""));
  }
}

TEST_CASE("export and import again: one state hash, on any store, with any number of shards") {
  TestStore from("sqlite");
  const support::Filled filled = support::fill(from, {});
  std::string lines;
  const auto opened = from.open_store();
  const auto counts = export_history(
      *opened, [&](std::string_view part) { return lines += part, Status(Done{}); }, {});
  REQUIRE(counts.ok());
  CHECK(counts->entries == filled.entries);
  for (const std::string& scheme : support::store_schemes())
    for (const std::uint32_t shards : {1U, 5U}) {
      DYNAMIC_SECTION(scheme << " with " << shards << " shards") {
        TestStore to(scheme, shards);
        auto driver = to.open({});
        HistoryImport import(*driver, {filled.until, 500});
        support::each_line(lines, [&](std::string_view line) {
          const auto taken = import.line(line);
          INFO((taken.ok() ? "" : taken.error().detail));
          REQUIRE(taken.ok());
        });
        REQUIRE(import.finish().ok());
        Ledger ledger{Books()};
        CHECK(import.report(ledger)->state_hash == filled.state_hash_until);
        driver.reset();
        CHECK(shown(verified(*to.open_store())) == "");
      }
    }
  SECTION("plain replay of it") {
    sim::Replayer replayer({{}, filled.until});
    support::each_line(lines, [&](std::string_view line) { REQUIRE(replayer.line(line).ok()); });
    CHECK(replayer.report().state_hash == filled.state_hash_until);
  }
}

}  // namespace reckoner::storage
