// Rows of the typed tables, for people with a SQL prompt (contract/reckoner_storage.h lists the
// columns). Written from state and effects; but for usage_daily, whose sums go on from what is
// stored, never read back by the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/books/books.hpp"
#include "engine/customer/customer_state.hpp"
#include "engine/customer/polar_event.hpp"

namespace reckoner::storage {

struct Row {
  std::string key, value;
};

Row users_row(const CustomerState& state, const Books& books);

// A charge as it stands; the same row whatever its status. Rows are the same whenever they are
// made, so that making one twice makes it once: ids are UUIDv5 of what they stand for.
Row charge_row(std::string_view customer_id, const Charge& charge);
// An event that reached a customer with the entry at `at`; `place` counts the events of that entry.
Row polar_event_row(std::string_view customer_id, Instant at, std::uint64_t sequence,
                    std::size_t place, const PolarEvent& event);

// Usage of one customer on one day (UTC, by its timestamp) by one operation.
struct DailyUsage {
  std::int64_t tokens = 0;
  std::int64_t requests = 0;
  Money cost;
};
// `day`: since 1970.
std::string usage_daily_key(std::string_view customer_id, std::int32_t day,
                            std::string_view operation);
std::string usage_daily_value(const DailyUsage& usage);
// Adds what a stored row holds; false where it is no such row.
bool add_usage_daily(std::string_view value, DailyUsage& usage);

}  // namespace reckoner::storage
