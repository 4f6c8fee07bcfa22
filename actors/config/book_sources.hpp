// The book's prices: from the file that the configuration names, and from the environment.
#pragma once

#include "actors/config/configuration.hpp"

namespace reckoner::config {

// Reads `billing.prices` where it is given, then COST_PER_TOKEN_FREE and the like: each sets the
// unit price of the plan of that name, which the book must have.
Status read_prices(Configuration& configuration, const Sources& sources);

}  // namespace reckoner::config
