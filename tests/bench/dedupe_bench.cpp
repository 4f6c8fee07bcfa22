// The deduplication index: look-ups of new keys, adding, memory, and rebuilding it from the key
// log, each beside its limit in the same run. `dedupe_bench KEYS` for another number of keys than
// 1, 10 and 50 million.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "engine/basics/check.hpp"
#include "storage/dedupe/dedupe_index.hpp"
#include "tests/storage/dedupe/log_store.hpp"

namespace reckoner::storage {
namespace {

constexpr std::uint32_t kShards = 16;
constexpr std::size_t kBatch = 4000, kBatches = 500;
const KeySecret kSecret{1, 2, 3};

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::uint64_t random_hash(std::uint64_t number) {
  number += 0x9E37'79B9'7F4A'7C15;
  number = (number ^ number >> 30) * 0xBF58'476D'1CE4'E5B9;
  number = (number ^ number >> 27) * 0x94D0'49BB'1331'11EB;
  return (number ^ number >> 31) | 1;
}

struct Filled {
  LogStore store;
  std::vector<std::uint64_t> last_sequences;
};

// A key log of so many keys in all, in memory.
void fill(Filled& to, std::uint64_t keys) {
  KeyLogOptions options;
  options.own_thread = false;
  KeyLogWriter writer(to.store, kSecret, options);
  std::vector<std::uint64_t> hashes(keys / kShards);
  std::uint64_t number = 0;
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    for (std::uint64_t& hash : hashes) hash = random_hash(++number);
    writer.add(shard, 1, hashes);
    RECKONER_CHECK(!writer.flush(), "the double failed");
    to.last_sequences.push_back(hashes.size());
  }
}

double load_seconds(Filled& filled, DedupeIndex& index) {
  const auto reader = filled.store.reader();
  return seconds_of([&] {
    const KeyLogCoverage coverage = index.load(*reader, filled.last_sequences, nullptr);
    RECKONER_CHECK(coverage.useless_rows == 0, "a chunk was refused");
  });
}

double copy_seconds(Filled& filled) {
  const auto reader = filled.store.reader();
  std::string copy(kChunkEntries * 9, '\0');
  return seconds_of([&] {
    const auto on_row = [&](std::string_view, std::string_view value) {
      return value.copy(copy.data(), copy.size()) != 0;
    };
    RECKONER_CHECK(!reader->scan(Table::key_log, "", on_row), "the log cannot be read");
  });
}

struct Hot {
  double find = 0, add = 0, read = 0;  // nanoseconds for each key
};

// New keys, judged and committed in batches; beside it reads at random places of as much memory.
Hot measure_hot(DedupeIndex& index, std::vector<std::uint64_t>& last_sequences) {
  Hot out;
  std::vector<std::uint64_t> hashes(kBatch), memory(index.bytes() / 8, 1);
  std::uint64_t number = std::uint64_t{1} << 40, found = 0, sum = 0;
  for (std::size_t batch = 0; batch < kBatches; ++batch) {
    for (std::uint64_t& hash : hashes) hash = random_hash(++number);
    const auto shard_of = [](std::size_t i) { return static_cast<std::uint32_t>(i % kShards); };
    out.find += seconds_of([&] {
      for (std::size_t i = 0; i < kBatch; ++i) index.prefetch(shard_of(i), hashes[i]);
      for (std::size_t i = 0; i < kBatch; ++i)
        found += index.find(shard_of(i), hashes[i], [](std::uint32_t) { return false; });
    });
    out.add += seconds_of([&] {
      for (std::size_t i = 0; i < kBatch; ++i)
        index.stage(shard_of(i), hashes[i], ++last_sequences[shard_of(i)]);
      index.commit_staged();
    });
    out.read += seconds_of([&] {
      const auto place = [&](std::size_t i) {
        return static_cast<std::size_t>((hashes[i] >> 32) * memory.size() >> 32);
      };
      for (std::size_t i = 0; i < kBatch; ++i) __builtin_prefetch(&memory[place(i)]);
      for (std::size_t i = 0; i < kBatch; ++i) sum += memory[place(i)];
    });
  }
  RECKONER_CHECK(found == 0 && sum != 0, "a key that is new was found");
  const double each = 1e9 / static_cast<double>(kBatch * kBatches);
  return {out.find * each, out.add * each, out.read * each};
}

void measure(std::uint64_t keys) {
  Filled filled;
  fill(filled, keys);
  DedupeIndex index(kShards, kSecret);
  const double load = load_seconds(filled, index), copy = copy_seconds(filled);
  const double bytes = static_cast<double>(index.bytes()) / static_cast<double>(index.keys());
  const Hot hot = measure_hot(index, filled.last_sequences);
  fmt::print("{:>6} M{:>12.1f}{:>12.1f}{:>12.1f}{:>12.2f}{:>12.2f}{:>12.3f}\n", keys / 1'000'000,
             hot.find, hot.read, hot.add, bytes, load, copy);
}

void measure_growing(std::uint64_t keys) {
  DedupeIndex index(kShards, kSecret);
  double longest = 0;
  std::uint64_t most_bytes = 0;
  const double took = seconds_of([&] {
    for (std::uint64_t number = 0; number < keys; number += kBatch) {
      const double batch = seconds_of([&] {
        for (std::uint64_t i = number; i < number + kBatch; ++i)
          index.stage(static_cast<std::uint32_t>(i % kShards), random_hash(i), 1 + i / kShards);
        index.commit_staged();
      });
      if (batch > longest) longest = batch;
      if (number > keys / 2)
        most_bytes = std::max(most_bytes, index.bytes() * 1000 / (number + kBatch));
    }
  });
  fmt::print(
      "\ngrown from nothing to {} M: {:.1f} ns a key, the longest batch of {} {:.1f} ms, at most\n"
      "  {:.2f} bytes a key in its second half\n",
      keys / 1'000'000, took * 1e9 / static_cast<double>(keys), kBatch, longest * 1e3,
      static_cast<double>(most_bytes) / 1000);
}

void measure_hasher() {
  KeyHasher hasher(kSecret);
  std::string key(36, 'k');
  std::uint64_t sum = 0;
  constexpr int kKeys = 2'000'000;
  const double took = seconds_of([&] {
    for (int i = 0; i < kKeys; ++i) {
      std::memcpy(key.data(), &i, sizeof i);
      sum += hasher.of_usage("0b1c2d3e-4f50-4617-8293-000000000000", key);
    }
  });
  RECKONER_CHECK(sum != 0, "no hashes");
  fmt::print("\nhash of a customer's id and a key, 36 bytes each: {:.1f} ns\n", took * 1e9 / kKeys);
}

}  // namespace
}  // namespace reckoner::storage

int main(int argc, char** argv) {
  using namespace reckoner::storage;
  fmt::print("{:>8}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\n", "keys", "look-up ns", "limit ns",
             "add ns", "bytes/key", "load s", "limit s");
  std::vector<std::uint64_t> sizes = {1'000'000, 10'000'000, 50'000'000};
  if (argc > 1) sizes = {std::strtoull(argv[1], nullptr, 10)};
  for (const std::uint64_t keys : sizes) measure(keys);
  measure_growing(sizes.back());
  measure_hasher();
}
