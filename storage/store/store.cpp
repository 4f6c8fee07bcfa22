#include "storage/store/store.hpp"

#include <utility>

namespace reckoner::storage {
namespace {

struct NamedTable {
  Table table;
  std::string_view name;
};
constexpr NamedTable kNames[] = {
    {Table::meta, "meta"},
    {Table::books, "books"},
    {Table::marks, "marks"},
    {Table::customers, "customers"},
    {Table::charges, "charges"},
    {Table::closed_usage, "closed_usage"},
    {Table::due, "due"},
    {Table::polar_customers, "polar_customers"},
    {Table::known_customers, "known_customers"},
    {Table::unlinked_emails, "unlinked_emails"},
    {Table::remembered_emails, "remembered_emails"},
    {Table::parked, "parked"},
    {Table::open_charges, "open_charges"},
    {Table::charges_by_time, "charges_by_time"},
    {Table::api_keys, "api_keys"},
    {Table::users, "users"},
    {Table::billing_events, "billing_events"},
    {Table::usage_daily, "usage_daily"},
    {Table::key_log, "key_log"},
};
static_assert(std::size(kNames) == std::size(kTables));

Retry retry_of(Fault fault) {
  switch (fault) {
    case Fault::full:
      return Retry::later;
    case Fault::retry:
      return Retry::now;
    case Fault::in_doubt:
      return Retry::unknown;
    case Fault::fenced:
    case Fault::wrong_sequence:
    case Fault::fatal:
    case Fault::held:
      break;
  }
  return Retry::never;
}

}  // namespace

std::string_view table_name(Table table) {
  for (const NamedTable& each : kNames)
    if (each.table == table) return each.name;
  return "unknown";
}

Error StoreError::as_error() const {
  return {code, detail, retry_of(fault)};
}

void Batch::claim(std::uint32_t shard, std::uint64_t epoch, std::uint64_t last_sequence) {
  claims_.push_back({shard, 0, epoch, last_sequence});
}

void Batch::append(std::uint32_t shard, std::uint64_t first_sequence, std::uint32_t count,
                   std::string block) {
  operations_.push_back({RECKONER_APPEND, shard, first_sequence, count, {}, std::move(block)});
}

void Batch::put(Table table, std::string key, std::string value) {
  operations_.push_back(
      {RECKONER_PUT, static_cast<std::uint32_t>(table), 0, 0, std::move(key), std::move(value)});
}

void Batch::erase(Table table, std::string key) {
  operations_.push_back(
      {RECKONER_DELETE, static_cast<std::uint32_t>(table), 0, 0, std::move(key), {}});
}

void Batch::clear() {
  operations_.clear();
  claims_.clear();
}

}  // namespace reckoner::storage
