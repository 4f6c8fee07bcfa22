#include "storage/dedupe/key_log.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>
#include <vector>

#include "tests/storage/dedupe/log_store.hpp"

namespace reckoner::storage {
namespace {

const KeySecret kSecret{1, 2, 3}, kOther{1, 2, 4};

KeyLogOptions small_chunks(bool own_thread = false) {
  KeyLogOptions options;
  options.chunk_entries = 4;
  options.most_waiting = 10 * 4 * sizeof(std::uint64_t);
  options.retry_after = std::chrono::milliseconds(1);
  options.own_thread = own_thread;
  return options;
}

std::vector<std::uint64_t> hashes_of(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence)
    out.push_back(sequence % 3 == 0 ? kNoKey : sequence * 1000);
  return out;
}

void add(KeyLogWriter& writer, std::uint32_t shard, std::uint64_t first, std::uint64_t last) {
  writer.add(shard, first, hashes_of(first, last));
}

// The chunks that loading takes, as "1-4 5-6", their hashes checked.
std::string loaded(LogStore& store, std::uint32_t shard, std::uint64_t last = 1'000'000,
                   std::size_t* useless = nullptr, const KeySecret& secret = kSecret) {
  std::string out;
  const auto reader = store.reader();
  const KeyLogScan scan =
      load_key_log(*reader, ChunkFormat(secret), shard, last, {}, [&](const KeyRun& run) {
        CHECK(run.hashes == hashes_of(run.first_sequence, run.next_sequence() - 1));
        if (!out.empty()) out += ' ';
        out += std::to_string(run.first_sequence) + '-' + std::to_string(run.next_sequence() - 1);
      });
  CHECK_FALSE(scan.failure.has_value());
  if (useless != nullptr) *useless = scan.useless.size();
  return out;
}

TEST_CASE("key log: full chunks are written, partial ones with flush, and continued after it") {
  LogStore store;
  KeyLogWriter writer(store, kSecret, small_chunks());
  add(writer, 0, 1, 10);
  add(writer, 2, 1, 3);
  CHECK_FALSE(writer.write_waiting().has_value());
  CHECK(loaded(store, 0) == "1-4 5-8");
  CHECK(loaded(store, 1).empty());
  CHECK(loaded(store, 2).empty());
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 0) == "1-4 5-8 9-10");
  CHECK(loaded(store, 2) == "1-3");
  const std::vector<EntryKey> entries = {
      {11'000, 0, 11}, {4'000, 2, 4}, {kNoKey, 0, 12}, {13'000, 0, 13}};
  writer.add(entries);
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 0) == "1-4 5-8 9-12 13-13");
  CHECK(loaded(store, 2) == "1-4");
  const std::uint64_t commits = store.aside_commits();
  CHECK_FALSE(writer.flush().has_value());
  CHECK(store.aside_commits() == commits);
  CHECK(writer.counts().bytes_waiting == 0);
}

TEST_CASE("key log: a gap or a step back ends a chunk") {
  LogStore store;
  KeyLogWriter writer(store, kSecret, small_chunks());
  add(writer, 0, 1, 2);
  add(writer, 0, 5, 11);
  add(writer, 0, 3, 4);
  add(writer, 0, 12, 12);
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 0) == "1-2 3-4 5-8 9-11 12-12");
}

TEST_CASE("key log: a partial chunk is continued after a restart, and not written for nothing") {
  LogStore store;
  {
    KeyLogWriter writer(store, kSecret, small_chunks());
    add(writer, 1, 1, 6);
    CHECK_FALSE(writer.flush().has_value());
  }
  const std::uint64_t commits = store.aside_commits();
  KeyLogWriter writer(store, kSecret, small_chunks());
  writer.resume({1, 5, hashes_of(5, 6)});
  CHECK_FALSE(writer.flush().has_value());
  CHECK(store.aside_commits() == commits);
  add(writer, 1, 7, 9);
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 1) == "1-4 5-8 9-9");
  writer.resume({2, 1, hashes_of(1, 4)});  // full: nothing to continue
  add(writer, 2, 5, 5);
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 2) == "5-5");
}

TEST_CASE("key log: what could not be written waits, and beyond a bound the oldest is dropped") {
  LogStore store;
  KeyLogWriter writer(store, kSecret, small_chunks());
  store.fail_next(FaultKind::retry);
  add(writer, 0, 1, 20);
  CHECK(writer.write_waiting()->fault == Fault::retry);
  CHECK(store.rows().empty());
  CHECK_FALSE(writer.write_waiting().has_value());
  CHECK(loaded(store, 0) == "1-4 5-8 9-12 13-16 17-20");

  store.fail_next(FaultKind::full);
  add(writer, 1, 1, 40);  // ten chunks: as many as may wait
  CHECK(writer.flush()->fault == Fault::full);
  CHECK(writer.counts().chunks_dropped == 0);
  add(writer, 1, 41, 48);
  CHECK(writer.counts().chunks_dropped == 2);
  CHECK_FALSE(writer.flush().has_value());
  CHECK(loaded(store, 1) == "9-12 13-16 17-20 21-24 25-28 29-32 33-36 37-40 41-44 45-48");
  CHECK(writer.counts().failed_writes == 2);
  CHECK(writer.counts().bytes_waiting == 0);
}

TEST_CASE("key log: a store that is lost is not asked again") {
  LogStore store;
  KeyLogWriter writer(store, kSecret, small_chunks());
  store.fail_next(FaultKind::fenced);
  add(writer, 0, 1, 8);
  CHECK(writer.flush()->fault == Fault::fenced);
  add(writer, 0, 9, 12);
  CHECK(writer.flush()->fault == Fault::fenced);
  CHECK(store.aside_commits() == 1);
  CHECK(writer.counts().chunks_dropped == 2);
}

TEST_CASE("key log: its thread writes by itself, tries again, and flush waits for it") {
  LogStore store;
  {
    KeyLogOptions options = small_chunks(true);
    options.most_waiting = 1 << 20;
    KeyLogWriter writer(store, kSecret, options);
    store.fail_next(FaultKind::in_doubt_done);
    std::vector<std::thread> lanes;
    for (std::uint32_t shard = 0; shard < 4; ++shard)
      lanes.emplace_back([&writer, shard] {
        for (std::uint64_t first = 1; first < 40; first += 2) {
          add(writer, shard, first, first + 1);
          if (first % 8 == 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
      });
    for (std::thread& lane : lanes) lane.join();
    while (writer.flush().has_value()) continue;
    CHECK(writer.counts().bytes_waiting == 0);
    add(writer, 9, 1, 2);  // given up: no flush
  }
  CHECK(store.rows().size() == 40);
  for (std::uint32_t shard = 0; shard < 4; ++shard)
    CHECK(loaded(store, shard) == "1-4 5-8 9-12 13-16 17-20 21-24 25-28 29-32 33-36 37-40");
}

TEST_CASE("key log: damaged, foreign, overlapping and future chunks are passed over") {
  LogStore store;
  KeyLogWriter writer(store, kSecret, small_chunks());
  add(writer, 3, 1, 16);
  CHECK_FALSE(writer.flush().has_value());
  std::size_t useless = 0;
  CHECK(loaded(store, 3, 16, &useless) == "1-4 5-8 9-12 13-16");
  CHECK(useless == 0);
  CHECK(loaded(store, 3, 15, &useless) == "1-4 5-8 9-12");
  CHECK(useless == 1);
  CHECK(loaded(store, 3, 16, &useless, kOther).empty());
  CHECK(useless == 4);

  std::string damaged = store.rows()[chunk_key(3, 5)];
  damaged[30] ^= 1;
  store.put(chunk_key(3, 5), damaged);
  store.put(chunk_key(3, 11), ChunkFormat(kSecret).encode({3, 11, hashes_of(11, 13)}));
  store.put(chunk_key(3, 0) + "?", "?");
  store.put("?", "no shard");
  CHECK(loaded(store, 3, 16, &useless) == "1-4 9-12 13-16");
  CHECK(useless == 3);
}

TEST_CASE("key log: erased rows are gone before others are written") {
  LogStore store;
  store.put(chunk_key(0, 1), "damaged");
  store.put(chunk_key(0, 99), "damaged");
  KeyLogWriter writer(store, kSecret, small_chunks());
  store.fail_next(FaultKind::retry);
  writer.erase({chunk_key(0, 1), chunk_key(0, 99)});
  add(writer, 0, 1, 4);
  CHECK(writer.flush().has_value());
  CHECK_FALSE(writer.flush().has_value());
  CHECK(store.rows().size() == 1);
  CHECK(loaded(store, 0) == "1-4");
}

}  // namespace
}  // namespace reckoner::storage
