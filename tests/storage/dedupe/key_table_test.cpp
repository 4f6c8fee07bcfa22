#include "storage/dedupe/key_table.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/dedupe/key_hash.hpp"
#include "tests/support/bug.hpp"

namespace reckoner::storage {
namespace {

// The table knows the upper 36 bits of a hash.
constexpr std::uint64_t known_bits(std::uint64_t hash) {
  return hash >> 28;
}

using Model = std::unordered_multimap<std::uint64_t, std::uint32_t>;

std::vector<std::uint32_t> sequences_in(const KeyTable& table, std::uint64_t hash) {
  std::vector<std::uint32_t> out;
  const bool found = table.find(hash, [&](std::uint32_t sequence) {
    out.push_back(sequence);
    return false;
  });
  CHECK_FALSE(found);
  return out;
}

std::vector<std::uint32_t> sequences_in(const Model& model, std::uint64_t hash) {
  std::vector<std::uint32_t> out;
  const auto [begin, end] = model.equal_range(known_bits(hash));
  for (auto i = begin; i != end; ++i) out.push_back(i->second);
  std::sort(out.begin(), out.end());
  return out;
}

// Every key of `model`, and the neighbours of each.
void check_same(const KeyTable& table, const Model& model) {
  REQUIRE(table.size() == model.size());
  for (const auto& [bits, sequence] : model) {
    for (const std::uint64_t hash : {bits << 28, (bits << 28) - 1, (bits + 1) << 28})
      if (sequences_in(table, hash) != sequences_in(model, hash)) {
        INFO("hash " << hash);
        CHECK(sequences_in(table, hash) == sequences_in(model, hash));
      }
  }
}

TEST_CASE("key table: an empty one has nothing") {
  const KeyTable table;
  table.prefetch(~std::uint64_t{0});
  CHECK(sequences_in(table, 1).empty());
  CHECK(sequences_in(table, ~std::uint64_t{0}).empty());
  CHECK(table.size() == 0);
  CHECK(table.bytes() == 0);
}

TEST_CASE("key table: as a multimap says, at every size while it grows") {
  std::mt19937_64 random(1);
  KeyTable table;
  Model model;
  for (std::uint32_t sequence = 1; sequence <= 30'000; ++sequence) {
    const std::uint64_t hash = random();
    table.add(hash, sequence);
    model.emplace(known_bits(hash), sequence);
    if (sequence < 2000 ? sequence % 50 == 0 : sequence % 5000 == 0) check_same(table, model);
    CHECK(sequences_in(table, hash) == sequences_in(model, hash));
  }
}

TEST_CASE("key table: many keys with one fingerprint, also the first and the last there is") {
  for (const std::uint64_t hash : {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{5} << 60,
                                   (std::uint64_t{6} << 60) - 1}) {
    std::mt19937_64 random(2);
    KeyTable table;
    Model model;
    std::vector<std::uint32_t> sequences(3000);
    for (std::size_t i = 0; i < sequences.size(); ++i)
      sequences[i] = static_cast<std::uint32_t>(i + 1);
    std::shuffle(sequences.begin(), sequences.end(), random);
    for (const std::uint32_t sequence : sequences) {
      const std::uint64_t next = sequence % 3 == 0 ? random() : hash;
      table.add(next, sequence);
      model.emplace(known_bits(next), sequence);
    }
    check_same(table, model);
    std::uint32_t asked = 0;
    CHECK(table.find(hash, [&](std::uint32_t sequence) { return ++asked, sequence == 1000; }));
    CHECK(asked <= 1000);
  }
}

TEST_CASE("key table: clusters at the end of a part run into its tail, and grow it") {
  KeyTable table;
  Model model;
  for (std::uint32_t sequence = 1; sequence <= 5000; ++sequence) {
    const std::uint64_t part = sequence % 16;
    const std::uint64_t hash = (part << 60) + (std::uint64_t{1} << 60) - 1 -
                               (static_cast<std::uint64_t>(sequence * 7 % 300) << 28);
    table.add(hash, sequence);
    model.emplace(known_bits(hash), sequence);
  }
  check_same(table, model);
}

TEST_CASE("key table: a run is added as one by one, whatever room was reserved") {
  std::mt19937_64 random(3);
  for (const std::uint64_t reserved : {0, 100, 20'000, 50'000}) {
    KeyTable table;
    Model model;
    table.reserve(reserved);
    std::vector<std::uint64_t> scratch;
    std::uint32_t next = 7;
    for (const std::size_t size : {0, 1, 15'000, 5'000}) {
      std::vector<std::uint64_t> hashes(size);
      for (std::size_t i = 0; i < size; ++i) {
        hashes[i] = i % 10 == 3 ? kNoKey : i % 100 == 4 ? hashes[i - 2] : random();
        if (hashes[i] != kNoKey) model.emplace(known_bits(hashes[i]), next + i);
      }
      table.add_run(next, hashes, scratch);
      next += static_cast<std::uint32_t>(size);
    }
    check_same(table, model);
    KeyTable moved = std::move(table);
    check_same(moved, model);
  }
}

TEST_CASE("key table: memory for a key is bounded, grown or reserved") {
  std::mt19937_64 random(4);
  KeyTable grown;
  for (std::uint32_t sequence = 1; sequence <= 400'000; ++sequence) {
    grown.add(random(), sequence);
    if (sequence >= 10'000 && sequence % 997 == 0) {
      INFO(sequence << " keys");
      CHECK(grown.bytes() * 10 <= std::uint64_t{sequence} * 115);
    }
  }
  for (const std::uint32_t keys : {10'000, 123'456, 400'000}) {
    KeyTable reserved;
    reserved.reserve(keys);
    const std::uint64_t bytes = reserved.bytes();
    CHECK(bytes * 10 <= std::uint64_t{keys} * 125);
    for (std::uint32_t sequence = 1; sequence <= keys; ++sequence) reserved.add(random(), sequence);
    CHECK(reserved.bytes() <= bytes + bytes / 50);  // a tail may have grown
  }
}

TEST_CASE("key table: sequences are checked") {
  KeyTable table;
  std::vector<std::uint64_t> scratch;
  const std::vector<std::uint64_t> two = {1, 2};
  table.add(5, kMostSequence);
  CHECK(sequences_in(table, 5) == std::vector<std::uint32_t>{0xFFFF'FFFF});
  CHECK(support::reports_bug([&] { table.add(1, 0); }));
  CHECK(support::reports_bug([&] { table.add(1, kMostSequence + 1); }));
  CHECK(support::reports_bug([&] { table.add_run(kMostSequence, two, scratch); }));
  CHECK(support::reports_bug([&] { table.add_run(0, two, scratch); }));
}

TEST_CASE("key table: any keys in any order, few fingerprints") {
  rc::prop("as a multimap says", [](const std::vector<std::uint16_t>& keys, std::uint8_t spread) {
    KeyTable table;
    Model model;
    std::uint32_t sequence = 0;
    for (const std::uint16_t key : keys) {
      const std::uint64_t hash = std::uint64_t{key} << (48 - spread % 21);
      table.add(hash, ++sequence);
      model.emplace(known_bits(hash), sequence);
    }
    check_same(table, model);
  });
}

}  // namespace
}  // namespace reckoner::storage
