#include "actors/commands/store_table.hpp"

#include <fmt/format.h>

#include "actors/console/numbers.hpp"

namespace reckoner::commands {
namespace {

using console::bytes_text;

std::string grouped(std::uint64_t number) {
  return console::grouped(std::to_string(number));
}

std::string schema_text(const storage::StoreInfo& info) {
  if (info.schema_version == info.schema_newest)
    return fmt::format("{}, the newest", info.schema_version);
  return fmt::format("{} of {}; `reckoner storage migrate` brings it up to date",
                     info.schema_version, info.schema_newest);
}

// The last one is that of the identity stream.
std::string shard_text(const StoreReport& report, std::size_t shard) {
  return shard + 1 == report.shards.size() ? "identity" : std::to_string(shard);
}

}  // namespace

storage::StoreStatus look_at(storage::Store& store, StoreReport& report) {
  if (auto failed = store.info(report.info)) return failed;
  report.shards.clear();
  if (report.info.schema_version != report.info.schema_newest) return {};
  report.shards.resize(report.info.shards);
  for (std::uint32_t shard = 0; shard < report.info.shards; ++shard)
    if (auto failed = store.shard_state(shard, report.shards[shard])) return failed;
  return {};
}

std::string store_table(const StoreReport& report) {
  const storage::StoreInfo& info = report.info;
  std::string out;
  const auto row = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{:<10} {}\n", name, value);
  };
  row("engine", info.engine);
  row("place", info.place);
  row("schema", schema_text(info));
  row("size", bytes_text(info.bytes_used));
  row("free", info.bytes_free ? bytes_text(*info.bytes_free) : "not known");
  row("shards", fmt::format("{}, and identity's", grouped(info.shards - 1)));
  if (report.shards.empty()) return out;
  std::uint64_t entries = 0;
  for (const storage::ShardState& shard : report.shards) entries += shard.last_sequence;
  row("entries", grouped(entries));
  out += fmt::format("\n{:>8} {:>10} {:>16}\n", "shard", "epoch", "last sequence");
  for (std::size_t i = 0; i < report.shards.size(); ++i)
    out += fmt::format("{:>8} {:>10} {:>16}\n", shard_text(report, i),
                       grouped(report.shards[i].epoch), grouped(report.shards[i].last_sequence));
  return out;
}

}  // namespace reckoner::commands
