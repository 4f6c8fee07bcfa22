#include "storage/dedupe/key_chunk.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "storage/dedupe/key_table.hpp"

namespace reckoner::storage {
namespace {

const KeySecret kSecret{1, 2, 3}, kOther{1, 2, 4};

KeyRun some_run() {
  return {7, 1'000, {11, kNoKey, ~std::uint64_t{0}, 42}};
}

TEST_CASE("key chunk: what was encoded comes back") {
  const ChunkFormat format(kSecret);
  const KeyRun run = some_run();
  KeyRun back;
  REQUIRE(format.decode(chunk_key(7, 1'000), format.encode(run), back));
  CHECK(back.shard == 7);
  CHECK(back.first_sequence == 1'000);
  CHECK(back.next_sequence() == 1'004);
  CHECK(back.hashes == run.hashes);
  CHECK(format.encode(run).size() == 24 + 4 * 8 + 16);
}

TEST_CASE("key chunk: every flipped bit is noticed, and every cut") {
  const ChunkFormat format(kSecret);
  const std::string key = chunk_key(7, 1'000), value = format.encode(some_run());
  KeyRun back;
  for (std::size_t i = 0; i < value.size() * 8; ++i) {
    std::string flipped = value;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << i % 8));
    INFO("bit " << i);
    CHECK_FALSE(format.decode(key, flipped, back));
  }
  for (std::size_t i = 0; i < key.size() * 8; ++i) {
    std::string flipped = key;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << i % 8));
    CHECK_FALSE(format.decode(flipped, value, back));
  }
  for (std::size_t size = 0; size < value.size(); ++size)
    CHECK_FALSE(format.decode(key, value.substr(0, size), back));
  CHECK_FALSE(format.decode(key, value + '\0', back));
  CHECK_FALSE(format.decode(key.substr(0, 11), value, back));
  CHECK_FALSE(format.decode(key + '\0', value, back));
}

TEST_CASE("key chunk: another store's is refused") {
  KeyRun back;
  CHECK_FALSE(ChunkFormat(kOther).decode(chunk_key(7, 1'000),
                                         ChunkFormat(kSecret).encode(some_run()), back));
}

TEST_CASE("key chunk: sequences that no table takes are refused") {
  const ChunkFormat format(kSecret);
  KeyRun run = some_run(), back;
  for (const std::uint64_t first : {std::uint64_t{0}, kMostSequence - 2, kMostSequence + 1}) {
    run.first_sequence = first;
    CHECK_FALSE(format.decode(chunk_key(7, first), format.encode(run), back));
  }
  run.first_sequence = kMostSequence - 3;
  CHECK(format.decode(chunk_key(7, kMostSequence - 3), format.encode(run), back));
}

TEST_CASE("key chunk: rows lie in order of shard and sequence") {
  CHECK(chunk_key(1, 256) == std::string("\0\0\0\1\0\0\0\0\0\0\1\0", 12));
  CHECK(chunk_key(1, 255) < chunk_key(1, 256));
  CHECK(chunk_key(1, ~std::uint64_t{0}) < chunk_key(2, 0));
  CHECK(shard_of_chunk(chunk_key(0xABCD'EF01, 5)) == 0xABCD'EF01);
  CHECK_FALSE(shard_of_chunk("\1\2\3").has_value());
}

}  // namespace
}  // namespace reckoner::storage
