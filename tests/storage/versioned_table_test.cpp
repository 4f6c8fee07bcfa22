#include "storage/memory/versioned_table.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <map>

namespace reckoner::storage::memory {
namespace {

using Model = std::map<std::string, std::string>;

Value value_of(const std::string& text) {
  return std::make_shared<const std::string>(text);
}

Model seen_in(const VersionedTable& table, std::uint64_t snapshot) {
  Model out;
  std::vector<KeyValue> rows;
  table.copy("", false, snapshot, 1000, rows);
  for (const KeyValue& row : rows) out[row.key] = *row.value;
  return out;
}

}  // namespace

TEST_CASE("versioned table: nothing is kept that no snapshot sees", "[memory]") {
  VersionedTable table;
  Snapshots snapshots;
  table.write("a", value_of("1"), 1, snapshots);
  table.write("b", value_of("1"), 1, snapshots);
  snapshots.add(1);
  table.write("a", nullptr, 2, snapshots);
  CHECK(table.rows() == 2);
  CHECK(seen_in(table, 1) == Model{{"a", "1"}, {"b", "1"}});
  CHECK(seen_in(table, 2) == Model{{"b", "1"}});
  table.collect(snapshots.oldest(2));
  CHECK(table.rows() == 2);
  snapshots.remove(1);
  table.collect(snapshots.oldest(2));
  CHECK(table.rows() == 1);
  INFO("without snapshots a deleted row is gone at once");
  table.write("b", nullptr, 3, snapshots);
  CHECK(table.rows() == 0);
  CHECK(table.bytes() == 0);
}

TEST_CASE("versioned table: as many copies of maps, whatever is written and read", "[memory]") {
  const auto step = rc::gen::tuple(rc::gen::inRange(0, 8), rc::gen::inRange(0, 5),
                                   rc::gen::inRange(0, 3), rc::gen::inRange(0, 100));
  rc::prop("same as maps", [&] {
    VersionedTable table;
    Snapshots snapshots;
    Model now;
    std::uint64_t commit = 1;
    std::vector<std::pair<std::uint64_t, Model>> readers;
    for (const auto& [kind, key, value, reader] :
         *rc::gen::container<std::vector<std::tuple<int, int, int, int>>>(step)) {
      const std::string name(1, static_cast<char>('a' + key));
      if (kind < 3) {
        now[name] = std::to_string(value);
        table.write(name, value_of(now[name]), commit, snapshots);
      } else if (kind == 3) {
        now.erase(name);
        table.write(name, nullptr, commit, snapshots);
      } else if (kind == 4) {
        ++commit;
      } else if (kind == 5) {
        snapshots.add(commit);
        readers.emplace_back(commit++, now);
      } else if (!readers.empty()) {
        const auto closed = readers.begin() + reader % std::ssize(readers);
        snapshots.remove(closed->first);
        readers.erase(closed);
        table.collect(snapshots.oldest(commit));
      }
      for (const auto& [at, model] : readers) RC_ASSERT(seen_in(table, at) == model);
      RC_ASSERT(seen_in(table, commit) == now);
    }
    for (const auto& [at, model] : readers) snapshots.remove(at);
    table.collect(snapshots.oldest(commit));
    RC_ASSERT(table.rows() == now.size());
    std::uint64_t bytes = 0;
    for (const auto& [key, value] : now) bytes += key.size() + value.size();
    RC_ASSERT(table.bytes() == bytes);
  });
}

}  // namespace reckoner::storage::memory
