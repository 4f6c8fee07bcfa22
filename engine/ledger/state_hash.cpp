#include "engine/ledger/state_hash.hpp"

#include "engine/customer/entry_encoding.hpp"
#include "engine/customer/state_encoding.hpp"

namespace reckoner {
namespace {

// Calls `each` with every customer as it is at `at`, in order.
template <class Each>
void each_at(const Ledger& ledger, Instant at, Each each) {
  Effects effects;
  for (const CustomerState* state : ledger.sorted()) {
    if (next_due(*state, ledger.books()) > at) {
      each(*state);
      continue;
    }
    CustomerState copy(*state);
    bring_forward(copy, at, ledger.books(), effects);
    effects.clear();
    each(copy);
  }
}

void encode_plans(Encoder& out, const Books& books) {
  const std::size_t plans = books.latest().book().prices.plans.size();
  out.count(plans);
  for (std::size_t i = 0; i < plans; ++i) out.text(books.plan_id(static_cast<PlanNumber>(i)));
}

void encode_waiting(Encoder& out, const MemoryIdentityTables& identity) {
  auto remembered = identity.polar_customers();
  std::erase_if(remembered, [](const PolarCustomer* polar) { return polar->email.empty(); });
  out.count(remembered.size());
  for (const PolarCustomer* polar : remembered) {
    out.text(polar->id);
    out.text(polar->email);
  }
  const auto parked = identity.parked();
  out.count(parked.size());
  for (const auto* waiting : parked) {
    out.text(waiting->id);
    out.count(waiting->events.size());
    for (const PolarEvent& event : waiting->events) encode(out, event);
  }
}

void encode_money(Encoder& out, const CustomerState& state) {
  out.text(state.id);
  out.text(state.email);
  out.flag(state.linked());
  out.byte(state.billing_days.asked());
  out.count(state.timeline.entries().size());
  for (const auto& entry : state.timeline.entries()) out.count(entry.plan);
  out.count(state.usage.size());
  for (const PeriodUsage& usage : state.usage) encode(out, usage);
  out.money(state.accrued);
  out.number(state.unbilled_tokens);
  out.count(state.charges_made);
}

// The sums of what has left the state and of what is in it, of charges and of payments.
void encode_sums(Encoder& out, const CustomerState& state) {
  const Departed gone = state.departed ? *state.departed : Departed{};
  out.number(gone.tokens);
  out.number(gone.requests);
  out.money(gone.cost);
  Money charged = gone.charged;
  for (const Charge& charge : state.charges) charged += Money::of_cents(charge.amount);
  out.money(charged);
  Money received;
  std::int64_t payments = 0;
  for (const Payment& payment : state.payments.all()) {
    received += payment.revenue();
    payments += payment.paid ? 1 : 0;
  }
  out.money(received);
  out.number(payments);
}

// The plans, then every customer by `encode_one`, then what `encode_rest` adds.
template <class EncodeOne, class EncodeRest>
Digest hash_all(const Ledger& ledger, Instant at, EncodeOne encode_one, EncodeRest encode_rest) {
  Sha256 hash;
  Encoder out;
  encode_plans(out, ledger.books());
  out.count(ledger.customers().size());
  each_at(ledger, at, [&](const CustomerState& state) {
    encode_one(out, state);
    hash.add(out.bytes());
    out.clear();
  });
  encode_rest(out);
  hash.add(out.bytes());
  return hash.finish();
}

}  // namespace

Digest state_hash(const Ledger& ledger, Instant at) {
  return hash_all(
      ledger, at, [](Encoder& out, const CustomerState& state) { encode(out, state); },
      [&](Encoder& out) { encode_waiting(out, ledger.identity()); });
}

Digest money_hash(const Ledger& ledger, Instant at) {
  return hash_all(
      ledger, at,
      [](Encoder& out, const CustomerState& state) {
        encode_money(out, state);
        encode_sums(out, state);
      },
      [](Encoder&) {});
}

}  // namespace reckoner
