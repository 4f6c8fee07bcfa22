// A batch is all or nothing, and its operations take effect in their order.
#include "tests/conformance/stand.hpp"

#include <functional>
#include <thread>

namespace reckoner::conformance {
namespace {

// What there is before each bad batch, and must be after it.
void fill(Owner& owner) {
  Batch batch = owner.batch({0, 1});
  owner.append(batch, 0, 3, "zero");
  owner.append(batch, 1, 2, "one");
  for (const Table table : storage::kTables)
    if (table != Table::key_log) put_some(batch, table, "kept", "kept");
  owner.commit(batch);
}

// Operations that are all good, on every table and both shards.
Batch good(const Owner& owner) {
  Batch out = owner.batch({0, 1});
  owner.append(out, 0, 1, "lost");
  owner.append(out, 1, 1, "lost");
  for (const Table table : storage::kTables) {
    if (table == Table::key_log) continue;
    put_some(out, table, "lost", "lost");
    put_some(out, table, "kept", "lost");
    out.erase(table, support::some_key(table, "kept"));
  }
  return out;
}

Lines everything(Owner& owner) {
  const ReaderPtr reader = owner.reader();
  Lines out;
  const auto add = [&out](const std::string& what, const Lines& lines) {
    for (const std::string& line : lines) out.push_back(what + ": " + line);
  };
  for (const Table table : storage::kTables)
    add(std::string(storage::table_name(table)), support::rows_of(*reader, table));
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    add("shard " + std::to_string(shard), support::blocks_of(*reader, shard));
    ShardState state;
    REQUIRE_OK(owner.store().shard_state(shard, state));
    out.push_back("shard " + std::to_string(shard) + " at " + std::to_string(state.last_sequence));
  }
  return out;
}

// Commits a batch of good operations and, at its end, one that is not.
void refuse(const Subject& subject, const std::string& status,
            const std::function<void(const Owner&, Batch&)>& spoil) {
  const Stand stand(subject);
  Owner owner = stand.owner();
  fill(owner);
  const Lines before = everything(owner);
  Batch batch = good(owner);
  spoil(owner, batch);
  CHECK_FAULT(status, owner.store().commit(0, batch));
  CHECK(everything(owner) == before);
  INFO("and the store goes on");
  owner.commit(good(owner));
  CHECK(everything(owner) != before);
}

}  // namespace

CONFORMANCE(bad_last_append, "a bad block at the end of a batch undoes all before it") {
  refuse(subject, "wrong_sequence",
         [](const Owner&, Batch& batch) { batch.append(0, 77, 1, "too far"); });
}
CONFORMANCE(bad_last_claim, "a wrong claim at the end of a batch undoes all of it") {
  refuse(subject, "wrong_sequence",
         [](const Owner& owner, Batch& batch) { batch.claim(2, owner.states[2].epoch, 1); });
}
CONFORMANCE(fenced_claim, "a claim of an earlier epoch at the end of a batch undoes all of it") {
  refuse(subject, "fenced",
         [](const Owner& owner, Batch& batch) { batch.claim(2, owner.states[2].epoch - 1, 0); });
}
CONFORMANCE(fenced_first, "fenced counts before a wrong sequence, wherever it stands") {
  refuse(subject, "fenced", [](const Owner& owner, Batch& batch) {
    batch.claim(2, owner.states[2].epoch, 5);
    batch.claim(3, owner.states[3].epoch - 1, 5);
    batch.append(0, 77, 1, "too far");
  });
}
CONFORMANCE(no_claim, "an append without a claim is refused") {
  refuse(subject, "fatal", [](const Owner&, Batch& batch) { batch.append(2, 1, 1, "unclaimed"); });
}
CONFORMANCE(no_entries, "a block without entries is refused") {
  refuse(subject, "fatal",
         [](const Owner& owner, Batch& batch) { owner.append(batch, 0, 0, "no entries"); });
}
CONFORMANCE(claim_of_no_shard, "a claim of a shard that there is not is refused") {
  refuse(subject, "fatal", [](const Owner&, Batch& batch) { batch.claim(kShards, 1, 0); });
}
CONFORMANCE(no_table, "a table that there is not is refused") {
  for (const std::uint32_t table : {0U, 16U, 31U, 35U, 63U, 65U, 1'000'000U}) {
    INFO("table " << table);
    refuse(subject, "fatal",
           [table](const Owner&, Batch& batch) { batch.put(static_cast<Table>(table), "k", "v"); });
  }
}
CONFORMANCE(key_log_in_commit, "the key log is not for commits") {
  refuse(subject, "fatal", [](const Owner&, Batch& batch) { batch.put(Table::key_log, "k", "v"); });
}
CONFORMANCE(no_row, "bytes that are no row of a typed table are refused") {
  refuse(subject, "fatal", [](const Owner&, Batch& batch) {
    batch.put(Table::users, "alice", "these are no cells");
  });
}

CONFORMANCE(writes_without_claim, "puts and deletes without any claim are refused") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  fill(owner);
  const Lines before = everything(owner);
  Batch batch;
  batch.put(Table::meta, "k", "v");
  CHECK_FAULT("fatal", owner.store().commit(0, batch));
  batch.clear();
  batch.erase(Table::meta, "kept");
  CHECK_FAULT("fatal", owner.store().commit(0, batch));
  CHECK(everything(owner) == before);
}

CONFORMANCE(in_order, "operations of a batch take effect in their order") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (const Table table : storage::kTables) {
    if (table == Table::key_log) continue;
    INFO(storage::table_name(table));
    const auto key = [table](std::string_view text) { return support::some_key(table, text); };
    const auto row = [&](std::string_view name, std::string_view text) {
      return support::shown_row(table, key(name), support::some_value(table, text));
    };
    Batch batch = owner.batch();
    put_some(batch, table, "a", "1");
    put_some(batch, table, "a", "22");
    batch.erase(table, key("b"));
    put_some(batch, table, "b", "1");
    put_some(batch, table, "c", "1");
    batch.erase(table, key("c"));
    put_some(batch, table, "d", "1");
    batch.erase(table, key("d"));
    put_some(batch, table, "d", "22");
    owner.commit(batch);
    CHECK(support::rows_of(*owner.reader(), table) ==
          Lines{row("a", "22"), row("b", "1"), row("d", "22")});

    INFO("and over what was there before");
    batch = owner.batch();
    batch.erase(table, key("a"));
    put_some(batch, table, "a", "333");
    put_some(batch, table, "b", "22");
    batch.erase(table, key("b"));
    batch.erase(table, key("d"));
    batch.erase(table, key("d"));
    owner.commit(batch);
    CHECK(support::rows_of(*owner.reader(), table) == Lines{row("a", "333")});
  }
}

CONFORMANCE(empty_batch, "a batch without operations holds its claims against the store") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.commit(owner.batch({0, 1}));
  Batch behind;
  behind.claim(0, owner.states[0].epoch, 1);
  CHECK_FAULT("wrong_sequence", owner.store().commit(0, behind));
  Batch deposed;
  deposed.claim(0, owner.states[0].epoch - 1, 0);
  CHECK_FAULT("fenced", owner.store().commit(0, deposed));
}

CONFORMANCE(large_batch, "a batch of ten thousand operations") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch = owner.batch({0});
  constexpr int kRows = 10'000;
  for (int i = 0; i < kRows; ++i)
    batch.put(Table::customers, "customer " + std::to_string(i), std::string(300, 'c'));
  owner.append(batch, 0, kRows, std::string(1 << 20, 'b'));
  owner.commit(batch);
  CHECK(support::rows_of(*owner.reader(), Table::customers).size() == kRows);
}

CONFORMANCE(lanes, "as many lanes as it says commit at once, each to its own shard") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  StoreInfo info;
  REQUIRE_OK(owner.store().info(info));
  const std::uint32_t lanes = std::min(info.lanes, kShards);
  constexpr std::uint32_t kCommits = 50;
  std::vector<StoreStatus> failed(lanes);
  std::vector<std::thread> threads;
  for (std::uint32_t lane = 0; lane < lanes; ++lane)
    threads.emplace_back([&, lane] {
      for (std::uint32_t i = 0; i < kCommits && !failed[lane]; ++i) {
        Batch batch = owner.batch({lane});
        owner.append(batch, lane, 2, "block " + std::to_string(i));
        batch.put(Table::marks, std::to_string(lane), std::to_string(i));
        failed[lane] = owner.try_commit(batch, lane);
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (std::uint32_t lane = 0; lane < lanes; ++lane) {
    INFO("lane " << lane);
    CHECK(support::told(failed[lane]) == "ok");
    CHECK(support::blocks_of(*owner.reader(), lane).size() == kCommits);
    CHECK(support::value_of(*owner.reader(), Table::marks, std::to_string(lane)) ==
          std::to_string(kCommits - 1));
  }
}

}  // namespace reckoner::conformance
