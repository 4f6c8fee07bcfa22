#include "storage/customers/live_customer.hpp"

#include <algorithm>

#include "engine/customer/state_encoding.hpp"
#include "engine/limits.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {
namespace {

std::int32_t day_of(Instant at) {
  const std::int64_t days = at.micros / kDay;
  return static_cast<std::int32_t>(at.micros % kDay < 0 ? days - 1 : days);
}

std::uint64_t hash_of(const Row& row) {
  return XXH3_64bits(row.value.data(), row.value.size());
}

}  // namespace

bool LiveCustomer::registers(const CustomerEntry& entry) {
  return std::holds_alternative<Usage>(entry.body) || std::holds_alternative<Notice>(entry.body);
}

LiveCustomer::LiveCustomer(const CustomerEntry& entry, const Books& books) {
  const Notice* notice = std::get_if<Notice>(&entry.body);
  state_ = register_customer(entry.customer_id, entry.at,
                             notice == nullptr ? std::nullopt : billing_day_in(*notice), books);
}

LiveCustomer::LiveCustomer(CustomerState state, const CustomerRecord& record)
    : state_(std::move(state)),
      position_(record.position),
      recorded_position_(record.position),
      due_(record.due),
      users_hash_(record.users_hash) {}

// --- applying -------------------------------------------------------------------------------

void LiveCustomer::prefetch() const {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < sizeof *this; at += kLine)
    __builtin_prefetch(reinterpret_cast<const char*>(this) + at);
}

void LiveCustomer::prefetch_rows() const {
  __builtin_prefetch(state_.id.view().data());
  if (!state_.usage.empty()) __builtin_prefetch(&state_.usage.back());
  if (!state_.timeline.entries().empty()) __builtin_prefetch(&state_.timeline.entries().back());
}

void LiveCustomer::apply(std::uint64_t sequence, const CustomerEntry& entry, const Books& books,
                         Effects& effects) {
  RECKONER_CHECK(sequence > position_, "an entry is applied out of order");
  effects.clear();
  reckoner::apply(state_, entry, books, effects);
  position_ = sequence;
  if (unwritten_since_ == 0) unwritten_since_ = sequence;
  note_effects(effects);
  if (set_aside()) return;
  if (const Usage* usage = std::get_if<Usage>(&entry.body)) note_usage(entry.at, *usage, effects);
  if (const Notice* notice = std::get_if<Notice>(&entry.body))
    note_events(sequence, entry.at, *notice);
}

void LiveCustomer::note_effects(const Effects& effects) {
  for (const Charge& charge : effects.charges) pending_.charges[charge.number] = charge;
  pending_.closed_usage.insert(pending_.closed_usage.end(), effects.closed_usage.begin(),
                               effects.closed_usage.end());
}

void LiveCustomer::note_usage(Instant at, const Usage& usage, const Effects& effects) {
  if (!effects.priced) return;
  const std::int32_t day = day_of(usage.timestamp.value_or(at));
  auto row = pending_.daily.find(std::pair(day, usage.operation));
  if (row == pending_.daily.end())
    row = pending_.daily.emplace(std::pair(day, std::string(usage.operation)), DailyUsage{}).first;
  DailyUsage& sum = row->second;
  sum.tokens = add_saturating(sum.tokens, usage.tokens);
  ++sum.requests;
  sum.cost += effects.priced->cost;
}

void LiveCustomer::note_events(std::uint64_t sequence, Instant at, const Notice& notice) {
  std::size_t place = 0;
  for (const Act& act : notice.acts)
    if (const PolarEvent* event = std::get_if<PolarEvent>(&act))
      pending_.polar_events.push_back(polar_event_row(state_.id, at, sequence, place++, *event));
}

// --- writing --------------------------------------------------------------------------------

CustomerRecord LiveCustomer::record(const Books& books) const {
  return {position_, state_.own_due, hash_of(users_row(state_, books)), encode_snapshot(state_)};
}

StoreStatus LiveCustomer::write(Batch& batch, FreshReader& reader, const Books& books) {
  const std::string_view id = state_.id;
  if (set_aside()) {
    const std::string key = set_aside_key(id);
    batch.put(Table::meta, key, encode_set_aside(key, recorded_position_));
    return std::nullopt;
  }
  if (StoreStatus failed = write_usage(batch, reader)) return failed;
  for (const auto& [number, charge] : pending_.charges) {
    std::string key = charge_key(id, number);
    std::string value = encode_record(key, charge);
    batch.put(Table::charges, std::move(key), std::move(value));
    Row row = charge_row(id, charge);
    batch.put(Table::billing_events, std::move(row.key), std::move(row.value));
  }
  for (const ClosedUsage& closed : pending_.closed_usage) {
    std::string key = closed_usage_key(id, closed.period.start, closed.usage.plan);
    std::string value = encode_record(key, closed);
    batch.put(Table::closed_usage, std::move(key), std::move(value));
  }
  for (const Row& row : pending_.polar_events) batch.put(Table::billing_events, row.key, row.value);
  Row users = users_row(state_, books);
  const CustomerRecord now{position_, state_.own_due, hash_of(users), encode_snapshot(state_)};
  if (now.users_hash != users_hash_)
    batch.put(Table::users, std::move(users.key), std::move(users.value));
  write_due(batch, now);
  next_due_ = now.due;
  next_users_hash_ = now.users_hash;
  batch.put(Table::customers, std::string(id), encode_record(id, now));
  return std::nullopt;
}

StoreStatus LiveCustomer::write_usage(Batch& batch, FreshReader& reader) {
  for (const auto& [row, added] : pending_.daily) {
    std::string key = usage_daily_key(state_.id, row.first, row.second);
    DailyUsage sum = added;
    std::optional<std::string> before;
    if (recorded_position_ != 0)
      if (StoreStatus failed = reader.get(Table::usage_daily, key, before)) return failed;
    // A row for people must not stop the engine: one that cannot be read is begun anew, and
    // `storage verify` says that it is wrong.
    if (before && !add_usage_daily(*before, sum)) sum = added;
    batch.put(Table::usage_daily, std::move(key), usage_daily_value(sum));
  }
  return std::nullopt;
}

void LiveCustomer::write_due(Batch& batch, const CustomerRecord& now) const {
  if (now.due == due_) return;
  if (due_ != kDistantFuture) batch.erase(Table::due, due_key(due_, state_.id));
  if (now.due != kDistantFuture) batch.put(Table::due, due_key(now.due, state_.id), {});
}

void LiveCustomer::written() {
  unwritten_since_ = 0;
  if (set_aside()) return;
  recorded_position_ = position_;
  due_ = next_due_;
  users_hash_ = next_users_hash_;
  pending_ = {};
}

}  // namespace reckoner::storage
