#include "tests/storage/driver/contents.hpp"

#include <catch2/catch.hpp>

#include "engine/journal/block.hpp"
#include "storage/format/keys.hpp"
#include "tests/support/store.hpp"

namespace reckoner::support {
namespace {

using storage::Table;

// An entry as the only one of a block.
template <class Entry>
void add_entries(Contents& contents, std::uint32_t shard, std::string_view bytes) {
  BlockReader block(bytes);
  const BlockHeader header = block.header();
  std::uint64_t sequence = header.first_sequence;
  for (Entry entry; block.next(entry); ++sequence) {
    BlockWriter alone(header.shard);
    alone.add(entry, header.book);
    const std::string place =
        "journal " + std::to_string(sequence) + " of shard " + std::to_string(shard);
    if (!contents.emplace(place, alone.take()).second) contents[place] = "is there twice";
  }
  if (!block.ended()) contents["journal of shard " + std::to_string(shard)] = "cannot be read";
}

}  // namespace

Contents contents_of(storage::Store& store) {
  Contents out;
  storage::StoreInfo info;
  REQUIRE_OK(store.info(info));
  std::unique_ptr<storage::Reader> reader;
  REQUIRE_OK(store.open_reader(reader));
  for (const Table table : storage::kTables) {
    if (table == Table::key_log) continue;
    const std::string name(storage::table_name(table));
    REQUIRE_OK(reader->scan(table, {}, [&](std::string_view key, std::string_view value) {
      if (table != Table::meta || key != storage::kStoreKey)
        out.emplace(name + ' ' + std::string(key), value);
      return true;
    }));
  }
  for (std::uint32_t shard = 0; shard < info.shards; ++shard)
    REQUIRE_OK(reader->scan_journal(shard, 1, [&](auto, auto, std::string_view block) {
      if (shard + 1 == info.shards) {
        add_entries<IdentityEntry>(out, shard, block);
      } else {
        add_entries<CustomerEntry>(out, shard, block);
      }
      return true;
    }));
  return out;
}

std::string difference(const Contents& expected, const Contents& found) {
  std::string first;
  std::size_t count = 0;
  const auto differs = [&](const std::string& place, const std::string& how) {
    if (count++ == 0) first = shown(place) + ' ' + how;
  };
  for (const auto& [place, bytes] : expected) {
    const auto other = found.find(place);
    if (other == found.end()) {
      differs(place, "is missing");
    } else if (other->second != bytes) {
      differs(place, "is " + shown(other->second) + " and not " + shown(bytes));
    }
  }
  for (const auto& [place, bytes] : found)
    if (!expected.contains(place)) differs(place, "should not be there: " + shown(bytes));
  return count == 0 ? "" : first + " (" + std::to_string(count) + " differences)";
}

}  // namespace reckoner::support
