// The fold: how an entry changes a customer. Pure and total: no clock, no I/O, no randomness, no
// failure. The live engine, the simulator and `storage verify` all run this.
#pragma once

#include "engine/customer/effects.hpp"
#include "engine/customer/entry.hpp"

namespace reckoner {

// A customer first heard of at `at`, with a billing day of its own or the book's.
CustomerState register_customer(std::string_view customer_id, Instant at,
                                std::optional<std::uint8_t> billing_day, const Books& books);

// The billing day that a first notice registers a customer with, if it gives one.
std::optional<std::uint8_t> billing_day_in(const Notice& notice);

// Brings the customer forward to `at` (period ends, ends of grace, new books, in order of time)
// and then applies. `at` is not before the entry that came last. Effects are added to `effects`,
// which the caller clears.
void apply(CustomerState& state, Instant at, const Usage& usage, const Books& books,
           Effects& effects);
void apply(CustomerState& state, Instant at, const Notice& notice, const Books& books,
           Effects& effects);
void apply(CustomerState& state, Instant at, const Settlement& settlement, const Books& books,
           Effects& effects);
void apply(CustomerState& state, Instant at, const OperatorAct& act, const Books& books,
           Effects& effects);
void apply(CustomerState& state, Instant at, const Clock& clock, const Books& books,
           Effects& effects);

inline void apply(CustomerState& state, const CustomerEntry& entry, const Books& books,
                  Effects& effects) {
  std::visit([&](const auto& body) { apply(state, entry.at, body, books, effects); }, entry.body);
}

// Everything that falls due up to `at`, and nothing else.
void bring_forward(CustomerState& state, Instant at, const Books& books, Effects& effects);

// The first instant after `brought_to` at which something falls due.
Instant next_due(const CustomerState& state, const Books& books);

// After decoding: works out what is derived. `brought_to` is set by the caller.
void restore_derived(CustomerState& state);

}  // namespace reckoner
