// Customers and charges as JSON.
#pragma once

#include <string>
#include <string_view>

#include "actors/engine/requests.hpp"

namespace reckoner::http::api {

// Who it is and how things stand; without periods and charges.
std::string summary_text(const CustomerState& state, const Books& books, Instant now);
// The customer of a report, with what an application said of it and its subscriptions.
std::string details_text(const actors::CustomerDetails& details);
std::string entitlement_text(const actors::CustomerView& view);
// The charge of a report, with whose it is.
std::string charge_text(std::string_view customer_id, const Charge& charge);

// "set_aside", "blocked" (a charge failed or is held), "past_due" (a payment failed), "active".
std::string_view customer_status(const CustomerState& state);

}  // namespace reckoner::http::api
