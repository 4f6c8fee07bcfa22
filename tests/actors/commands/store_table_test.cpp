#include "actors/commands/store_table.hpp"

#include <catch2/catch.hpp>

#include "tests/actors/commands/fake_store.hpp"

namespace reckoner::commands {
namespace {

StoreReport report_of(FakeStore& store) {
  StoreReport report;
  CHECK_FALSE(look_at(store, report));
  return report;
}

}  // namespace

TEST_CASE("store table: what the store is, and how far each shard has come", "[commands]") {
  FakeStore store;
  store.said = {2, 2, 3, 1, 3 << 20, 1536, "SQLite 3.40.1", "/var/lib/reckoner.db"};
  CHECK(store_table(report_of(store)) ==
        "engine     SQLite 3.40.1\n"
        "place      /var/lib/reckoner.db\n"
        "schema     2, the newest\n"
        "size       3.0 MiB\n"
        "free       1.5 KiB\n"
        "shards     2, and identity's\n"
        "entries    6 000\n"
        "\n"
        "   shard      epoch    last sequence\n"
        "       0          3            1 000\n"
        "       1          3            2 000\n"
        "identity          3            3 000\n");
}

TEST_CASE("store table: an older store's shards are not asked for", "[commands]") {
  FakeStore store;
  store.said = {1, 2, 3, 1, 0, std::nullopt, "memory", "memory:a"};
  const StoreReport report = report_of(store);
  CHECK(report.shards.empty());
  CHECK(store_table(report) ==
        "engine     memory\n"
        "place      memory:a\n"
        "schema     1 of 2; `reckoner storage migrate` brings it up to date\n"
        "size       0 bytes\n"
        "free       not known\n"
        "shards     2, and identity's\n");
}

}  // namespace reckoner::commands
