// Shows a customer as of now. Brings a copy forward where something has fallen due that no entry
// has told the customer of yet.
#pragma once

#include <algorithm>

#include "actors/engine/requests.hpp"
#include "engine/customer/apply.hpp"
#include "storage/customers/live_customer.hpp"

namespace reckoner::actors {

template <class Visit>
void with_view(const CustomerState& state, const Books& books, Instant now, Visit&& visit) {
  // What was stamped may lie ahead of a clock that was set back.
  const Instant at = std::max(now, state.brought_to);
  if (state.set_aside != SetAside::no || next_due(state, books) > at)
    return visit(CustomerView{state, books, at});
  CustomerState copy(state);
  Effects effects;
  bring_forward(copy, at, books, effects);
  visit(CustomerView{copy, books, at});
}

template <class Visit>
void with_view(const storage::LiveCustomer& customer, const Books& books, Instant now,
               Visit&& visit) {
  with_view(customer.state(), books, now, std::forward<Visit>(visit));
}

}  // namespace reckoner::actors
