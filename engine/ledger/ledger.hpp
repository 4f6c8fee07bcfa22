// Everybody's state in memory: identity and all customers, folded entry by entry. What replay,
// `storage verify` and the tests use; the live engine keeps customers apart, in actors, but runs
// the same folds. One caller at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/basics/id_index.hpp"
#include "engine/basics/stable_vector.hpp"
#include "engine/customer/apply.hpp"
#include "engine/identity/identity.hpp"
#include "engine/identity/memory_tables.hpp"

namespace reckoner {

class Ledger {
 public:
  explicit Ledger(Books books) : books_(std::move(books)) {}

  const Books& books() const { return books_; }
  Status add_book(Instant from, Book book) { return books_.add(from, std::move(book)); }

  // Folds an entry of the identity stream. The notice that comes out is not applied yet: it is an
  // entry of the customer's own, for `apply`.
  IdentityEffects hear(const IdentityEntry& entry);

  // Folds a customer's entry. A customer that is new is registered, but by usage only where the
  // settings say so (else effects.rejected), and by a settlement, an act or the clock never.
  // Returns the customer, or null where there is none.
  template <class Body>
  CustomerState* apply(Instant at, std::string_view customer_id, const Body& body,
                       Effects& effects) {
    CustomerState* state = find_or_register(at, customer_id, body, effects);
    if (state != nullptr) reckoner::apply(*state, at, body, books_, effects);
    return state;
  }
  CustomerState* apply(const CustomerEntry& entry, Effects& effects) {
    return std::visit(
        [&](const auto& body) { return apply(entry.at, entry.customer_id, body, effects); },
        entry.body);
  }

  // Null: not registered.
  CustomerState* find(std::string_view customer_id);
  const CustomerState* find(std::string_view customer_id) const {
    return const_cast<Ledger*>(this)->find(customer_id);
  }

  // Asks for the memory that applying these entries will touch, all at once; so that going over
  // many customers waits for memory once for a batch and not once for each.
  void prefetch(std::span<const CustomerEntry> entries);

  // All customers, by bytes of id. Valid until one is added; sorted once for many calls.
  const std::vector<const CustomerState*>& sorted() const;
  StableVector<CustomerState>& customers() { return customers_; }
  const StableVector<CustomerState>& customers() const { return customers_; }
  const MemoryIdentityTables& identity() const { return identity_; }

  // Takes over what a snapshot held. The customer is not there yet.
  void restore(CustomerState state);
  void restore(MemoryIdentityTables identity) { identity_ = std::move(identity); }

 private:
  CustomerState* find_or_register(Instant at, std::string_view id, const Usage&, Effects& effects);
  CustomerState* find_or_register(Instant at, std::string_view id, const Notice& notice, Effects&);
  CustomerState* find_or_register(Instant, std::string_view id, const Settlement&, Effects&);
  CustomerState* find_or_register(Instant, std::string_view id, const OperatorAct&, Effects&);
  CustomerState* find_or_register(Instant, std::string_view id, const Clock&, Effects&);
  CustomerState* find_for_charge(std::string_view id, Effects& effects);
  CustomerState* add(CustomerState state);

  Books books_;
  MemoryIdentityTables identity_;
  StableVector<CustomerState> customers_;  // in order of registration
  IdIndex index_;
  std::vector<std::uint64_t> hashes_;  // of a batch being prefetched
  mutable std::vector<const CustomerState*> sorted_;
};

}  // namespace reckoner
