#include "storage/memory/check_batch.hpp"

#include <algorithm>
#include <string>

#include "storage/sdk/plugin.hpp"
#include "storage/sdk/row.hpp"

namespace reckoner::storage::memory {
namespace {

constexpr std::uint64_t kLongestKey = 1024;

[[noreturn]] void refuse(const std::string& why) {
  throw sdk::Failure{RECKONER_FATAL, "invalid_batch", why};
}

const reckoner_operation* end_of(const reckoner_batch& batch) {
  return batch.operations + batch.operation_count;
}

bool has_claim(const reckoner_batch& batch, std::uint32_t shard) {
  const reckoner_claim* end = batch.claims + batch.claim_count;
  return std::any_of(batch.claims, end,
                     [shard](const reckoner_claim& claim) { return claim.shard == shard; });
}

void check_append(const reckoner_batch& batch, const reckoner_operation& append) {
  if (append.count == 0) refuse("a block without entries");
  if (!has_claim(batch, append.target))
    refuse("an append to shard " + std::to_string(append.target) + ", which no claim names");
}

void check_row(const reckoner_typed_table& table, std::string_view row) {
  const reckoner_column* column = table.column + table.keys;
  const std::size_t columns = table.columns - table.keys;
  std::vector<sdk::Cell> cells;
  if (!sdk::read_row(row, column, columns, cells))
    refuse(std::string("the bytes are no row of table ") + table.name);
  for (std::size_t i = 0; i < columns; ++i)
    if (cells[i].type == RECKONER_CELL_NULL && column[i].type == RECKONER_CELL_JSON)
      refuse(std::string("null in column ") + column[i].name + " of table " + table.name);
}

void check_key(std::uint32_t table, std::string_view key) {
  if (key.empty() || key.size() > kLongestKey)
    refuse("a key of " + std::to_string(key.size()) + " bytes; 1 to 1024 are taken");
  const reckoner_typed_table* typed = sdk::typed_table(table);
  if (typed != nullptr && std::count(key.begin(), key.end(), '\0') + 1 != typed->keys)
    refuse(std::string("a key of table ") + typed->name + " has " + std::to_string(typed->keys) +
           " texts");
}

void check_write(const reckoner_operation& write) {
  check_key(write.target, sdk::to_view(write.key));
  const reckoner_typed_table* typed = sdk::typed_table(write.target);
  if (typed != nullptr && write.kind == RECKONER_PUT) check_row(*typed, sdk::to_view(write.value));
}

bool is_write(const reckoner_operation& operation) {
  return operation.kind == RECKONER_PUT || operation.kind == RECKONER_DELETE;
}

}  // namespace

bool is_table(std::uint32_t table) {
  return (table >= RECKONER_META && table <= RECKONER_API_KEYS) ||
         (table >= RECKONER_USERS && table <= RECKONER_USAGE_DAILY) || table == RECKONER_KEY_LOG;
}

void check_shape(const reckoner_batch& batch, std::uint32_t shards) {
  for (const reckoner_claim* claim = batch.claims; claim != batch.claims + batch.claim_count;
       ++claim)
    if (claim->shard >= shards)
      refuse("shard " + std::to_string(claim->shard) + "; the store has " + std::to_string(shards));
  if (batch.claim_count == 0 && batch.operation_count != 0) refuse("operations without a claim");
  for (const reckoner_operation* each = batch.operations; each != end_of(batch); ++each) {
    if (each->kind == RECKONER_APPEND) {
      check_append(batch, *each);
      continue;
    }
    if (!is_write(*each)) refuse("an operation of kind " + std::to_string(each->kind));
    if (!is_table(each->target) || each->target == RECKONER_KEY_LOG)
      refuse("a commit to table " + std::to_string(each->target));
    check_write(*each);
  }
}

void check_shape_of(const reckoner_batch& batch, std::uint32_t table) {
  for (const reckoner_operation* each = batch.operations; each != end_of(batch); ++each) {
    if (!is_write(*each) || each->target != table)
      refuse("puts and deletes of table " + std::to_string(table) + " only are taken here");
    check_write(*each);
  }
}

}  // namespace reckoner::storage::memory
