// Keys of the tables (docs/formats.md, Store). Numbers are big endian, so that they sort; ids hold
// no zero byte (basics/ids.hpp), so that one ends them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/basics/instant.hpp"

namespace reckoner::storage {

// In meta.
inline constexpr std::string_view kStoreKey = "store";
inline constexpr std::string_view kUnfinishedKey = "unfinished";  // while a history is imported
// How many books everybody was looked through for.
inline constexpr std::string_view kBooksSweptKey = "books swept";

// Of a shard in marks, of a book in books.
std::string number_key(std::uint32_t number);

// All of a customer's rows begin with it, and nobody else's.
std::string customer_prefix(std::string_view customer_id);

std::string charge_key(std::string_view customer_id, std::uint32_t charge_number);
// Such that the newest charges sort first; it ends with the charge's key.
std::string charge_time_key(Instant at, std::string_view customer_id, std::uint32_t charge_number);
std::string closed_usage_key(std::string_view customer_id, Instant period_start,
                             std::uint16_t plan);
std::string due_key(Instant due, std::string_view customer_id);
std::string usage_daily_key(std::string_view customer_id, std::string_view day,
                            std::string_view operation);
std::string billing_event_key(std::string_view customer_id, std::string_view created_at,
                              std::string_view uuid);
// An index entry; all of an e-mail's begin with email_prefix of it, case ignored.
std::string email_prefix(std::string_view email);
std::string email_key(std::string_view email, std::string_view id);
std::string parked_prefix(std::string_view polar_customer_id);
std::string parked_key(std::string_view polar_customer_id, std::uint64_t identity_sequence);
// Of a customer who is set aside, in meta.
std::string set_aside_key(std::string_view customer_id);
inline constexpr std::string_view kSetAsidePrefix = "set aside:";

// What lies in such keys. Those of charges come from a store, so they may be none: `is_charge_key`
// and `is_charge_time_key` say, and the others are for keys that are.
bool is_charge_key(std::string_view key);
std::string_view customer_of_charge_key(std::string_view key);
std::uint32_t number_of_charge_key(std::string_view key);
bool is_charge_time_key(std::string_view key);
Instant instant_of_charge_time_key(std::string_view key);
std::string_view charge_key_of_time_key(std::string_view key);
Instant due_of_key(std::string_view key);
std::string_view customer_of_due_key(std::string_view key);

}  // namespace reckoner::storage
