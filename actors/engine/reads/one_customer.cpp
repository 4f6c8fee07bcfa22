#include "actors/engine/reads/one_customer.hpp"

#include <algorithm>

#include "engine/customer/apply.hpp"
#include "engine/customer/state_encoding.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::actors {

using storage::Table;

bool decode_customer(std::string_view customer_id, std::string_view value, const Books& books,
                     CustomerState& state) {
  const auto record = storage::decode_customer_record(customer_id, value);
  return record && decode_snapshot(record->snapshot, books, state) &&
         state.id.view() == customer_id;
}

Error cannot_show(std::string_view customer_id) {
  return {std::string(kRecordDamaged), storage::damaged(Table::customers, customer_id).detail,
          Retry::later};
}

ClosedRows::Rows unwritten_rows(const storage::LiveCustomer& customer) {
  ClosedRows::Rows rows;
  rows.usage = customer.pending().closed_usage;
  for (const auto& [number, charge] : customer.pending().charges)
    if (is_closed(charge.status)) rows.charges.push_back(charge);
  return rows;
}

namespace {

bool has_charge(const auto& charges, std::uint32_t number) {
  return std::any_of(charges.begin(), charges.end(),
                     [&](const Charge& charge) { return charge.number == number; });
}

bool has_usage(const std::vector<ClosedUsage>& all, const ClosedUsage& one) {
  return std::any_of(all.begin(), all.end(), [&](const ClosedUsage& usage) {
    return usage.period.start == one.period.start && usage.usage.plan == one.usage.plan;
  });
}

// It closed after the state was looked at.
bool is_in_state(const CustomerState& state, const ClosedUsage& one) {
  return std::any_of(state.usage.begin(), state.usage.end(), [&](const PeriodUsage& usage) {
    return usage.period_start == one.period.start && usage.plan == one.usage.plan;
  });
}

// Rows of the customer, in order of key.
template <class Decode, class Take>
storage::StoreStatus read_rows(storage::Reader& reader, Table table, std::string_view customer_id,
                               Decode decode, Take take) {
  const std::string prefix = storage::customer_prefix(customer_id);
  storage::StoreStatus wrong;
  storage::StoreStatus failed =
      reader.scan(table, prefix, [&](std::string_view key, std::string_view value) {
        if (!key.starts_with(prefix)) return false;
        const auto record = decode(key, value);
        if (!record) return wrong = storage::damaged(table, key), false;
        take(*record);
        return true;
      });
  return failed ? failed : wrong;
}

}  // namespace

storage::StoreStatus read_closed(storage::Reader& reader, const CustomerState& state,
                                 ClosedRows::Rows& closed) {
  const auto unwritten = closed;
  if (auto failed = read_rows(
          reader, Table::charges, state.id, storage::decode_charge, [&](const Charge& charge) {
            if (is_closed(charge.status) && !has_charge(state.charges, charge.number) &&
                !has_charge(unwritten.charges, charge.number))
              closed.charges.push_back(charge);
          }))
    return failed;
  return read_rows(reader, Table::closed_usage, state.id, storage::decode_closed_usage,
                   [&](const ClosedUsage& usage) {
                     if (!has_usage(unwritten.usage, usage) && !is_in_state(state, usage))
                       closed.usage.push_back(usage);
                   });
}

void bring_forward_and_keep(CustomerState& state, Instant at, const Books& books,
                            ClosedRows::Rows& closed) {
  if (state.set_aside != SetAside::no) return;
  Effects effects;
  bring_forward(state, at, books, effects);
  closed.usage.insert(closed.usage.end(), effects.closed_usage.begin(), effects.closed_usage.end());
}

}  // namespace reckoner::actors
