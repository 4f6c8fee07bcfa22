// Blocks: runs of a shard's entries, chained by hashes.
#include "engine/journal/block.hpp"

#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;

const std::vector<std::string> kIds = {"a", "b", "c", "d", "e"};

CustomerEntry entry(int i) {
  Usage usage;
  usage.tokens = i;
  usage.operation = "chat";
  return {at("2026-01-01") + i * kSecond, kIds[static_cast<std::size_t>(i) % kIds.size()], usage};
}

std::string block_of(BlockWriter& writer, int first, int count, std::uint32_t book = 0) {
  for (int i = first; i < first + count; ++i) writer.add(entry(i), book);
  return writer.take();
}

std::vector<CustomerEntry> entries_of(BlockReader& reader) {
  std::vector<CustomerEntry> out;
  CustomerEntry next;
  while (reader.next(next)) out.push_back(next);
  return out;
}

}  // namespace

TEST_CASE("blocks: entries come back in order, with what the header says", "[engine][journal]") {
  BlockWriter writer(7);
  CHECK(writer.empty());
  CHECK(writer.shard() == 7);
  const std::string first = block_of(writer, 0, 3), second = block_of(writer, 3, 2, 1);
  CHECK(writer.empty());
  CHECK(writer.next_sequence() == 6);
  BlockReader one(first), two(second);
  REQUIRE(one.good());
  CHECK(one.size() == first.size());
  CHECK(one.header().shard == 7);
  CHECK(one.header().first_sequence == 1);
  CHECK(one.header().entries == 3);
  CHECK(one.header().book == 0);
  CHECK(one.header().base == at("2026-01-01"));
  CHECK_FALSE(one.ended());
  const auto entries = entries_of(one);
  REQUIRE(entries.size() == 3);
  for (int i = 0; i < 3; ++i) CHECK(entries[static_cast<std::size_t>(i)] == entry(i));
  CHECK(one.ended());
  REQUIRE(two.good());
  CHECK(two.header().first_sequence == 4);
  CHECK(two.header().book == 1);
  CHECK(entries_of(two).size() == 2);
  CHECK(writer.last_hash() == two.hash());
}

TEST_CASE("blocks: identity's entries have blocks too", "[engine][journal]") {
  BlockWriter writer(kIdentityShard);
  const IdentityEntry line{at("2026-01-01"), CustomerLine{"c", {}, "P"}};
  const IdentityEntry webhook{at("2026-01-02"),
                              Webhook{"w", "{}", support::payment("2026-01-01", "i")}};
  writer.add(line, 0);
  writer.add(webhook, 0);
  CHECK(writer.entries() == 2);
  const std::string bytes = writer.take();
  BlockReader reader(bytes);
  IdentityEntry next;
  REQUIRE(reader.next(next));
  CHECK(next == line);
  REQUIRE(reader.next(next));
  CHECK(next == webhook);
  CHECK_FALSE(reader.next(next));
  CHECK(reader.ended());
}

TEST_CASE("blocks: each follows the one before it and no other", "[engine][journal]") {
  BlockWriter writer(0);
  std::vector<std::string> blocks;
  for (int i = 0; i < 3; ++i) blocks.push_back(block_of(writer, i, 1));
  std::vector<Digest> ends = {Digest{}};
  for (const std::string& block : blocks) ends.push_back(BlockReader(block).hash());
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (std::size_t j = 0; j < ends.size(); ++j)
      CHECK(BlockReader(blocks[i]).follows(ends[j]) == (i == j));
}

TEST_CASE("blocks: a changed bit is noticed, wherever it is", "[engine][journal]") {
  BlockWriter writer(0);
  const std::string bytes = block_of(writer, 0, 4);
  REQUIRE(BlockReader(bytes).follows(Digest{}));
  support::each_flip(bytes, [](const std::string& flipped, std::size_t i) {
    if (BlockReader(flipped).follows(Digest{})) FAIL("byte " << i);
  });
}

TEST_CASE("blocks: cut bytes are none, or end too early", "[engine][journal]") {
  BlockWriter writer(0);
  const std::string bytes = block_of(writer, 0, 4);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    BlockReader reader(cut);
    entries_of(reader);
    if (reader.follows(Digest{}) || reader.ended()) FAIL(size << " bytes");
  }
}

TEST_CASE("blocks: another version, no entries, or bytes behind the last entry are refused",
          "[engine][journal]") {
  const auto block = [](std::uint8_t version, std::uint32_t entries, std::string_view body) {
    Encoder out;
    out.byte(version);
    out.count(0);
    out.count(1);
    out.count(0);
    out.instant(at("2026-01-01"));
    out.count(entries);
    out.raw(body);
    Digest before{};
    return end_block(out.take(), before);
  };
  Encoder clock;
  encode(clock, CustomerEntry{at("2026-01-01"), "c", Clock{}}, at("2026-01-01"));
  const auto ended = [](const std::string& bytes) {
    BlockReader reader(bytes);
    entries_of(reader);
    return reader.ended();
  };
  CHECK(ended(block(kBlockVersion, 1, clock.bytes())));
  CHECK_FALSE(BlockReader(block(kBlockVersion + 1, 1, clock.bytes())).good());
  CHECK_FALSE(BlockReader(block(kBlockVersion, 0, "")).good());
  CHECK_FALSE(ended(block(kBlockVersion, 1, clock.bytes() + '\0')));
  CHECK_FALSE(ended(block(kBlockVersion, 2, clock.bytes())));
}

TEST_CASE("blocks: misuse stops the program", "[engine][journal]") {
  BlockWriter writer(0);
  CHECK(support::reports_bug([&] { writer.take(); }));
  writer.add(entry(5), 1);
  CHECK(writer.book() == 1);
  CHECK(support::reports_bug([&] { writer.add(entry(4), 1); }));
  CHECK(support::reports_bug([&] { writer.add(entry(6), 2); }));
  CHECK_FALSE(support::reports_bug([&] { writer.add(entry(5), 1); }));
  BlockWriter identity(kIdentityShard);
  const auto line = [](std::string_view when) { return IdentityEntry{at(when), CustomerLine{}}; };
  identity.add(line("2026-01-02"), 1);
  CHECK(support::reports_bug([&] { identity.add(line("2026-01-01"), 1); }));
  CHECK(support::reports_bug([&] { identity.add(line("2026-01-02"), 2); }));
}

}  // namespace reckoner
