#include "storage/dedupe/dedupe_index.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/storage/dedupe/log_store.hpp"
#include "tests/support/bug.hpp"

namespace reckoner::storage {
namespace {

const KeySecret kSecret{1, 2, 3};
using Ranges = std::vector<SequenceRange>;

std::vector<std::uint32_t> found(DedupeIndex& index, std::uint32_t shard, std::uint64_t hash) {
  std::vector<std::uint32_t> out;
  index.prefetch(shard, hash);
  index.find(shard, hash, [&](std::uint32_t sequence) { return out.push_back(sequence), false; });
  return out;
}

using Found = std::vector<std::uint32_t>;

TEST_CASE("dedupe index: staged keys are found, and committed ones after them") {
  DedupeIndex index(2, kSecret);
  index.stage(0, 500, 1);
  index.stage(0, kNoKey, 2);
  index.stage(1, 500, 1);
  index.stage(0, 500, 3);
  CHECK(found(index, 0, 500) == Found{1, 3});
  CHECK(found(index, 1, 500) == Found{1});
  CHECK(found(index, 0, 501).empty());
  CHECK(found(index, 0, kNoKey).empty());
  CHECK(index.keys() == 0);
  index.commit_staged();
  CHECK(index.staged() == 0);
  CHECK(index.keys() == 3);
  CHECK(found(index, 0, 500) == Found{1, 3});
  CHECK(found(index, 0, kNoKey).empty());
  index.stage(0, 500, 4);
  CHECK(found(index, 0, 500) == Found{1, 3, 4});
  CHECK(index.candidates() == 8);
}

TEST_CASE("dedupe index: one batch behind another") {
  DedupeIndex index(1, kSecret);
  index.stage(0, 1ull << 60, 1);
  index.stage(0, 2ull << 60, 2);
  const std::size_t first_batch = index.staged();
  index.stage(0, 3ull << 60, 3);
  index.commit_staged(first_batch);
  CHECK(index.staged() == 1);
  CHECK(index.keys() == 2);
  CHECK(found(index, 0, 3ull << 60) == Found{3});
  index.drop_staged();
  CHECK(found(index, 0, 3ull << 60).empty());
  CHECK(found(index, 0, 2ull << 60) == Found{2});
  CHECK(support::reports_bug([&] { index.commit_staged(1); }));
  CHECK(support::reports_bug([&] { index.stage(1, 1, 1); }));
  CHECK(support::reports_bug([&] { index.stage(0, 1, kMostSequence + 1); }));
}

TEST_CASE("dedupe index: dropping leaves the very same answers") {
  DedupeIndex index(1, kSecret);
  const auto hash = [](std::uint32_t i) { return (i + 1) * 0x9E37'79B9'7F4A'7C15; };
  for (std::uint32_t i = 0; i < 3000; ++i) index.stage(0, hash(i), i + 1);
  index.commit_staged();
  const std::uint64_t bytes = index.bytes();
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 2000; i < 6000; ++i) index.stage(0, hash(i), i + 1001);
    index.drop_staged();
    CHECK(index.keys() == 3000);
    CHECK(index.bytes() == bytes);
    for (std::uint32_t i = 0; i < 6000; ++i) {
      const Found expected = i < 3000 ? Found{i + 1} : Found{};
      if (found(index, 0, hash(i)) != expected) CHECK(found(index, 0, hash(i)) == expected);
    }
  }
}

// An index with its log, and the journal that both follow from.
class Engine {
 public:
  static constexpr std::uint32_t kShards = 3;

  Engine() { start(); }

  // Stops in order or by a crash, loses rows for which `lost` says so, and starts again.
  template <class Lost>
  KeyLogCoverage restart(bool in_order, Lost lost) {
    if (in_order) CHECK_FALSE(writer_->flush().has_value());
    index_.reset();
    writer_.reset();
    for (const auto& [key, value] : store.rows()) {
      std::string changed = value;
      if (lost(changed))
        store.erase(key);
      else if (changed != value)
        store.put(key, changed);
    }
    return start();
  }

  DedupeIndex& index() { return *index_; }
  KeyLogWriter& writer() { return *writer_; }

  std::uint64_t append(std::uint32_t shard, std::uint64_t hash) {
    journal[shard].push_back(hash);
    return journal[shard].size();
  }

  LogStore store;
  std::vector<std::vector<std::uint64_t>> journal =
      std::vector<std::vector<std::uint64_t>>(kShards);

 private:
  KeyLogCoverage start() {
    KeyLogOptions options;
    options.chunk_entries = 5;
    options.own_thread = false;
    writer_ = std::make_unique<KeyLogWriter>(store, kSecret, options);
    index_ = std::make_unique<DedupeIndex>(kShards, kSecret);
    index_->log_to(*writer_);
    std::vector<std::uint64_t> last;
    for (const auto& shard : journal) last.push_back(shard.size());
    const KeyLogCoverage coverage = index_->load(*store.reader(), last, nullptr);
    for (std::uint32_t shard = 0; shard < kShards; ++shard)
      for (const SequenceRange& range : coverage.missing[shard])
        index_->add_committed(
            shard, range.first,
            std::span(journal[shard]).subspan(range.first - 1, range.last - range.first + 1));
    return coverage;
  }

  std::unique_ptr<KeyLogWriter> writer_;
  std::unique_ptr<DedupeIndex> index_;
};

void commit_entries(Engine& engine, std::uint32_t shard, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t hash = (engine.journal[shard].size() + 1) << 30;
    engine.index().stage(shard, hash, engine.append(shard, hash));
  }
  engine.index().commit_staged();
}

constexpr auto kNothingLost = [](std::string&) { return false; };

TEST_CASE("dedupe index: after an orderly stop nothing is read from the journal") {
  Engine engine;
  for (int restarts = 0; restarts < 4; ++restarts) {
    commit_entries(engine, 0, 13);
    commit_entries(engine, 2, 2);
    const KeyLogCoverage coverage = engine.restart(true, kNothingLost);
    CHECK(coverage.missing == std::vector<Ranges>(3));
    CHECK(coverage.useless_rows == 0);
    CHECK(coverage.entries == engine.index().keys());
  }
  CHECK(engine.index().keys() == 60);
  // 52 and 8 entries in chunks of 5: small ones were continued.
  CHECK(engine.store.rows().size() == 13);
}

TEST_CASE("dedupe index: after a crash only what was not written is missing") {
  Engine engine;
  commit_entries(engine, 1, 13);
  CHECK_FALSE(engine.writer().write_waiting().has_value());
  commit_entries(engine, 0, 4);
  CHECK(engine.restart(false, kNothingLost).missing ==
        std::vector<Ranges>{{{1, 4}}, {{11, 13}}, {}});
  CHECK(engine.restart(true, kNothingLost).missing == std::vector<Ranges>(3));
  CHECK(engine.index().keys() == 17);
}

TEST_CASE("dedupe index: lost and damaged chunks are ranges, and are mended") {
  Engine engine;
  commit_entries(engine, 0, 28);
  int row = 0;
  const auto lost = [&](std::string& value) {
    ++row;
    if (row == 4) value[40] ^= 1;  // 16 to 20
    return row == 1 || row == 3;   // 1 to 5, 11 to 15
  };
  const KeyLogCoverage coverage = engine.restart(true, lost);
  CHECK(coverage.missing == std::vector<Ranges>{{{1, 5}, {11, 20}}, {}, {}});
  CHECK(coverage.useless_rows == 1);
  CHECK(coverage.entries == 13);
  CHECK(engine.index().keys() == 28);
  const KeyLogCoverage again = engine.restart(true, kNothingLost);
  CHECK(again.missing == std::vector<Ranges>(3));
  CHECK(again.useless_rows == 0);
}

TEST_CASE("dedupe index: a log that is ahead of the journal is not believed, and erased") {
  Engine engine;
  commit_entries(engine, 0, 13);
  CHECK_FALSE(engine.writer().flush().has_value());
  engine.journal[0].resize(8);  // as after going back to a copy of the journal
  const KeyLogCoverage coverage = engine.restart(false, kNothingLost);
  CHECK(coverage.missing == std::vector<Ranges>{{{6, 8}}, {}, {}});
  CHECK(coverage.useless_rows == 2);
  CHECK(engine.index().keys() == 8);
  const std::uint64_t other = std::uint64_t{77} << 40;
  for (int i = 0; i < 5; ++i) engine.index().stage(0, other + i, engine.append(0, other + i));
  engine.index().commit_staged();
  CHECK(engine.restart(true, kNothingLost).missing == std::vector<Ranges>(3));
  CHECK(found(engine.index(), 0, std::uint64_t{13} << 30).empty());
  CHECK_FALSE(found(engine.index(), 0, other).empty());
}

TEST_CASE("dedupe index: where the log cannot be read on, the rest is missing") {
  Engine engine;
  commit_entries(engine, 0, 20);
  commit_entries(engine, 1, 10);
  commit_entries(engine, 2, 5);
  CHECK_FALSE(engine.writer().flush().has_value());
  engine.store.faults().plan({.nth = 2, .only = StoreCall::scan, .fault = FaultKind::fatal});
  DedupeIndex index(3, kSecret);
  std::uint64_t last_done = 0;
  const KeyLogCoverage coverage =
      index.load(*engine.store.reader(), std::vector<std::uint64_t>{20, 10, 5},
                 [&](std::uint64_t done, std::uint64_t total, std::string_view) {
                   CHECK(total == 35);
                   CHECK(done >= last_done);
                   last_done = done;
                 });
  CHECK(last_done == 35);
  CHECK(coverage.missing == std::vector<Ranges>{{}, {{1, 10}}, {}});
  REQUIRE(coverage.failure.has_value());
  CHECK(coverage.failure->fault == Fault::fatal);
  CHECK(index.keys() == 25);
}

// Judges a key as a lane does: a candidate is compared with the journal.
bool is_new(Engine& engine, std::uint32_t shard, std::uint64_t hash) {
  return !engine.index().find(shard, hash, [&](std::uint32_t sequence) {
    return engine.journal[shard][sequence - 1] == hash;
  });
}

TEST_CASE("dedupe index: any batches, commits, drops and restarts are judged as a set does") {
  rc::prop("verdicts", [] {
    Engine engine;
    std::set<std::pair<std::uint32_t, std::uint64_t>> durable;
    const auto steps = *rc::gen::inRange(1, 30);
    for (int step = 0; step < steps; ++step) {
      auto seen = durable;
      const auto lengths_before = [&] {
        std::vector<std::size_t> out;
        for (const auto& shard : engine.journal) out.push_back(shard.size());
        return out;
      }();
      const auto keys = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0u, 90u));
      for (const std::uint32_t key : keys) {
        const std::uint32_t shard = key % Engine::kShards;
        // Few fingerprints, and some entries without a key.
        const std::uint64_t hash =
            key < 5 ? kNoKey : (std::uint64_t{key % 7} << 58) + (key % 2) * 0xFFFF'FFFF'0000 + key;
        if (hash != kNoKey) {
          RC_ASSERT(is_new(engine, shard, hash) == seen.insert({shard, hash}).second);
          if (!is_new(engine, shard, hash)) continue;
        }
        engine.index().stage(shard, hash, engine.append(shard, hash));
      }
      const int what = *rc::gen::inRange(0, 6);
      if (what == 0) {  // the commit failed
        engine.index().drop_staged();
        for (std::uint32_t shard = 0; shard < Engine::kShards; ++shard)
          engine.journal[shard].resize(lengths_before[shard]);
        continue;
      }
      engine.index().commit_staged();
      durable = std::move(seen);
      if (what == 1)
        engine.store.fail_next(*rc::gen::element(FaultKind::retry, FaultKind::in_doubt_done));
      if (what == 2) (void)engine.writer().write_waiting();
      if (what == 3) {
        engine.store.fail_no_more();
        const unsigned loses = *rc::gen::inRange(0u, 256u);
        unsigned row = 0;
        engine.restart(*rc::gen::arbitrary<bool>(), [&](std::string& value) {
          const bool lost = (loses >> (++row % 8) & 1) != 0;
          if (lost && row % 2 == 0) value[value.size() / 2] ^= 4;
          return lost && row % 2 == 1;
        });
      }
      RC_ASSERT(engine.index().keys() == durable.size());
    }
  });
}

}  // namespace
}  // namespace reckoner::storage
