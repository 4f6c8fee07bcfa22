// The sandbox's objects as the guide's JSON.
#pragma once

#include <string>
#include <string_view>

#include "sim/sandbox/holdings.hpp"

namespace reckoner::sim::sandbox {

std::string quoted(std::string_view text);
// A number as JSON, exact: 1.50, 0.0022.
std::string amount_number(Money amount);

std::string subscription_json(const Subscription& subscription);
// With its subscriptions, as GET /customers/{id} answers it; else as its events have it.
std::string customer_json(const Holdings& holdings, const Customer& customer,
                          bool with_subscriptions);
std::string charge_json(const Holdings& holdings, std::uint32_t number);
// Of a charge, for invoice.paid and invoice.payment_failed. `metadata` has the charge's own
// members and the charge's key as charge_id, so that it names the engine's charge.
std::string invoice_json(const Holdings& holdings, std::uint32_t charge, std::string_view id,
                         bool paid);

}  // namespace reckoner::sim::sandbox
