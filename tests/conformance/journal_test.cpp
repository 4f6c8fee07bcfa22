// Shards, blocks and sequences.
#include "tests/conformance/stand.hpp"

namespace reckoner::conformance {
namespace {

Lines blocks_after(Owner& owner, std::uint32_t shard, std::uint64_t from = 1) {
  return support::blocks_of(*owner.reader(), shard, from);
}

std::uint64_t last_of(Owner& owner, std::uint32_t shard) {
  ShardState state;
  REQUIRE_OK(owner.store().shard_state(shard, state));
  return state.last_sequence;
}

}  // namespace

CONFORMANCE(sequences, "a shard's blocks follow each other, and its last sequence follows them") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(1, 1, "one");
  CHECK(last_of(owner, 1) == 1);
  owner.append(1, 64, "many");
  CHECK(last_of(owner, 1) == 65);
  Batch batch = owner.batch({1});
  owner.append(batch, 1, 2, "first of two");
  owner.append(batch, 1, 3, "second of two");
  owner.commit(batch);
  CHECK(last_of(owner, 1) == 70);
  CHECK(blocks_after(owner, 1) ==
        Lines{"1+1 = one", "2+64 = many", "66+2 = first of two", "68+3 = second of two"});
}

CONFORMANCE(shards_do_not_mix, "shards do not mix") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (std::uint32_t round = 0; round < 3; ++round)
    for (std::uint32_t shard = 0; shard < kShards; ++shard)
      owner.append(shard, shard + 1, std::to_string(shard) + "/" + std::to_string(round));
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    Lines expected;
    for (std::uint32_t round = 0; round < 3; ++round)
      expected.push_back(support::shown_block(round * (shard + 1) + 1, shard + 1,
                                              std::to_string(shard) + "/" + std::to_string(round)));
    CHECK(blocks_after(owner, shard) == expected);
    CHECK(last_of(owner, shard) == 3 * (shard + 1));
  }
}

CONFORMANCE(block_lookup, "a scan of the journal begins with the block that holds the sequence") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(0, 10, "a");  // 1 to 10
  owner.append(0, 1, "b");   // 11
  owner.append(0, 10, "c");  // 12 to 21
  const Lines all = {"1+10 = a", "11+1 = b", "12+10 = c"};
  const auto from = [&](std::uint64_t sequence) { return blocks_after(owner, 0, sequence); };
  CHECK(from(0) == all);
  CHECK(from(1) == all);
  CHECK(from(5) == all);
  CHECK(from(10) == all);
  CHECK(from(11) == Lines{"11+1 = b", "12+10 = c"});
  CHECK(from(12) == Lines{"12+10 = c"});
  CHECK(from(15) == Lines{"12+10 = c"});
  CHECK(from(21) == Lines{"12+10 = c"});
  CHECK(from(22) == Lines{});
  CHECK(from(1'000'000'000'000) == Lines{});
}

CONFORMANCE(many_blocks, "a long journal comes in order, whole, and from anywhere") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Lines expected;
  std::uint64_t next = 1;
  for (std::uint32_t commit = 0; commit < 20; ++commit) {
    Batch batch = owner.batch({3});
    for (std::uint32_t i = 0; i < 100; ++i) {
      const std::uint32_t count = 1 + (commit * 100 + i) % 7;
      const std::string block = "block " + std::to_string(next);
      owner.append(batch, 3, count, block);
      expected.push_back(support::shown_block(next, count, block));
      next += count;
    }
    owner.commit(batch);
  }
  CHECK(last_of(owner, 3) == next - 1);
  CHECK(blocks_after(owner, 3) == expected);
  const Lines later(expected.begin() + 1500, expected.end());
  const std::uint64_t from = std::stoull(later.front());
  CHECK(blocks_after(owner, 3, from) == later);
}

CONFORMANCE(block_sizes, "blocks of no bytes, of any bytes, and of megabytes") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const std::string large(kLongestValue, 'L');
  owner.append(0, 1, "");
  owner.append(0, 1, every_byte);
  owner.append(0, 4'000'000'000U, large);
  owner.append(0, 1, "after");
  CHECK(blocks_after(owner, 0) == Lines{"1+1 = ", support::shown_block(2, 1, every_byte),
                                        support::shown_block(3, 4'000'000'000U, large),
                                        "4000000003+1 = after"});
  CHECK(last_of(owner, 0) == 4'000'000'003);
}

CONFORMANCE(wrong_sequence, "a claim of another last sequence commits nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(0, 5, "five");
  const std::uint64_t epoch = owner.states[0].epoch;
  for (const std::uint64_t believed : {0, 4, 6, 100}) {
    INFO("believed " << believed << ", is 5");
    Batch batch;
    batch.claim(0, epoch, believed);
    batch.append(0, believed + 1, 1, "lost");
    batch.put(Table::meta, "k", "lost");
    CHECK_FAULT("wrong_sequence", owner.store().commit(0, batch));
  }
  INFO("claims of shards that nothing is appended to are checked, too");
  Batch batch;
  batch.claim(0, epoch, 4);
  batch.put(Table::meta, "k", "lost");
  CHECK_FAULT("wrong_sequence", owner.store().commit(0, batch));
  CHECK(blocks_after(owner, 0) == Lines{"1+5 = five"});
  CHECK(support::rows_of(*owner.reader(), Table::meta) == Lines{});
  owner.append(0, 1, "six");
}

CONFORMANCE(gaps, "a block that does not follow the one before it commits nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(0, 5, "five");
  for (const std::uint64_t first : {0, 1, 5, 7, 100}) {
    INFO("a block at " << first << " after 5");
    Batch batch = owner.batch();
    batch.append(0, first, 1, "lost");
    CHECK_FAULT("wrong_sequence", owner.store().commit(0, batch));
  }
  for (const std::uint64_t second : {6, 7, 9}) {
    INFO("a block at " << second << " after 6 and 7 in the same batch");
    Batch batch = owner.batch();
    batch.append(0, 6, 2, "lost");
    batch.append(0, second, 1, "lost");
    CHECK_FAULT("wrong_sequence", owner.store().commit(0, batch));
  }
  CHECK(blocks_after(owner, 0) == Lines{"1+5 = five"});
  CHECK(last_of(owner, 0) == 5);
  owner.append(0, 1, "six");
}

CONFORMANCE(interleaved, "a batch's blocks of several shards may come in any order") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  Batch batch = owner.batch({2, 0, 3});
  owner.append(batch, 0, 2, "a");
  owner.append(batch, 3, 1, "x");
  owner.append(batch, 2, 4, "p");
  owner.append(batch, 0, 1, "b");
  owner.append(batch, 3, 1, "y");
  owner.commit(batch);
  CHECK(blocks_after(owner, 0) == Lines{"1+2 = a", "3+1 = b"});
  CHECK(blocks_after(owner, 1) == Lines{});
  CHECK(blocks_after(owner, 2) == Lines{"1+4 = p"});
  CHECK(blocks_after(owner, 3) == Lines{"1+1 = x", "2+1 = y"});
}

CONFORMANCE(unknown_shard, "a shard that there is not is refused") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  ShardState state;
  CHECK_FAULT("fatal", owner.store().shard_state(kShards, state));
  const ReaderPtr reader = owner.reader();
  CHECK_FAULT("fatal", reader->scan_journal(kShards, 1, [](auto, auto, auto) { return true; }));
  INFO("and the reader goes on");
  owner.append(0, 1, "block");
  CHECK_OK(reader->refresh());
  CHECK(support::blocks_of(*reader, 0) == Lines{"1+1 = block"});
}

}  // namespace reckoner::conformance
