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

// With a period and a billing day like anybody's, for whoever asks.
std::unique_ptr<LiveCustomer> LiveCustomer::unreadable(std::string_view customer_id,
                                                       const Books& books) {
  CustomerState state = register_customer(customer_id, Instant{}, std::nullopt, books);
  state.set_aside = SetAside::record_unreadable;
  return std::unique_ptr<LiveCustomer>(new LiveCustomer(std::move(state)));
}

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
  // Whoever is woken has all of its earlier entries in its record, whatever that says.
  if (is_unreadable() && position_ == 0) recorded_position_ = sequence - 1;
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
  if (effects.charges.empty() && effects.closed_usage.empty()) return;
  Pending& pending = noted();
  for (const Charge& charge : effects.charges) pending.charges[charge.number] = charge;
  pending.closed_usage.insert(pending.closed_usage.end(), effects.closed_usage.begin(),
                              effects.closed_usage.end());
}

void LiveCustomer::note_usage(Instant at, const Usage& usage, const Effects& effects) {
  if (!effects.priced) return;
  const std::int32_t day = day_of(usage.timestamp.value_or(at));
  auto& daily = noted().daily;
  auto row = daily.find(std::pair(day, usage.operation));
  if (row == daily.end())
    row = daily.emplace(std::pair(day, std::string(usage.operation)), DailyUsage{}).first;
  DailyUsage& sum = row->second;
  sum.tokens = add_saturating(sum.tokens, usage.tokens);
  ++sum.requests;
  sum.cost += effects.priced->cost;
}

void LiveCustomer::note_events(std::uint64_t sequence, Instant at, const Notice& notice) {
  std::size_t place = 0;
  for (const Act& act : notice.acts)
    if (const PolarEvent* event = std::get_if<PolarEvent>(&act))
      noted().polar_events.push_back(polar_event_row(state_.id, at, sequence, place++, *event));
}

// --- writing --------------------------------------------------------------------------------

CustomerRecord LiveCustomer::record(const Books& books) const {
  return {position_, state_.own_due, hash_of(users_row(state_, books)), encode_snapshot(state_)};
}

StoreStatus LiveCustomer::write(Batch& batch, FreshReader& reader, const Books& books) {
  return pending_rows(books).add_to(batch, reader);
}

HandedOver LiveCustomer::hand_over(const Books& books) {
  HandedOver handed = pending_rows(books);
  written();
  return handed;
}

HandedOver LiveCustomer::pending_rows(const Books& books) {
  HandedOver out;
  out.position = position_;
  out.first = recorded_position_ == 0;
  if (set_aside()) {
    const std::string key = set_aside_key(state_.id);
    out.put(Table::meta, key, encode_set_aside(key, recorded_position_));
    return out;
  }
  for (const auto& [row, added] : pending().daily)
    out.usage.emplace_back(usage_daily_key(state_.id, row.first, row.second), added);
  add_charges(out);
  for (const ClosedUsage& closed : pending().closed_usage) {
    std::string key = closed_usage_key(state_.id, closed.period.start, closed.usage.plan);
    std::string value = encode_record(key, closed);
    out.put(Table::closed_usage, std::move(key), std::move(value));
  }
  for (const Row& row : pending().polar_events) out.put(Table::billing_events, row.key, row.value);
  add_record(out, books);
  return out;
}

void LiveCustomer::add_charges(HandedOver& out) const {
  const std::string_view id = state_.id;
  for (const auto& [number, charge] : pending().charges) {
    std::string key = charge_key(id, number);
    std::string by_time = charge_time_key(charge.at, id, number);
    std::string status = encode_charge_status(by_time, charge.status);
    out.put(Table::charges_by_time, std::move(by_time), std::move(status));
    if (is_closed(charge.status))
      out.erase(Table::open_charges, key);
    else
      out.put(Table::open_charges, key, encode_open_charge(key, charge));
    std::string value = encode_record(key, charge);
    out.put(Table::charges, std::move(key), std::move(value));
    Row row = charge_row(id, charge);
    out.put(Table::billing_events, std::move(row.key), std::move(row.value));
  }
}

void LiveCustomer::add_record(HandedOver& out, const Books& books) {
  const std::string_view id = state_.id;
  Row users = users_row(state_, books);
  const CustomerRecord now{position_, state_.own_due, hash_of(users), encode_snapshot(state_)};
  if (now.users_hash != users_hash_)
    out.put(Table::users, std::move(users.key), std::move(users.value));
  if (now.due != due_) {
    if (due_ != kDistantFuture) out.erase(Table::due, due_key(due_, id));
    if (now.due != kDistantFuture) out.put(Table::due, due_key(now.due, id), {});
  }
  next_due_ = now.due;
  next_users_hash_ = now.users_hash;
  out.put(Table::customers, std::string(id), encode_record(id, now));
}

void LiveCustomer::written() {
  unwritten_since_ = 0;
  if (set_aside()) return;
  recorded_position_ = position_;
  due_ = next_due_;
  users_hash_ = next_users_hash_;
  pending_.reset();
}

}  // namespace reckoner::storage
