// May a customer's request go ahead? (contracts.md, authorize)
#pragma once

#include "actors/engine/request_rate.hpp"
#include "actors/engine/requests.hpp"

namespace reckoner::actors {

// Takes from the rate if it is allowed.
Authorization authorize(const CustomerView& view, std::int64_t tokens, bool enforce_allowance,
                        RequestRate& rate);

}  // namespace reckoner::actors
