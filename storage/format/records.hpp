// What the plain tables hold (docs/formats.md, Store), encoded and sealed. Reading yields nothing
// where a record is damaged.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/books/books.hpp"
#include "engine/customer/customer_state.hpp"
#include "engine/customer/effects.hpp"
#include "engine/identity/tables.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

inline constexpr std::uint32_t kFormatVersion = 2;

// What a store is; written once, when it is made.
struct StoreRecord {
  std::uint32_t format_version = kFormatVersion;
  std::uint32_t shards = 0;                   // of customers; identity's is one more
  std::array<std::uint8_t, 16> key_secret{};  // of the keyed hash of idempotency keys
  friend bool operator==(const StoreRecord&, const StoreRecord&) = default;
};

// A book, chained to the one before it as blocks are.
struct BookRecord {
  Instant from;
  std::string book;  // encoded (books/book_encoding.hpp)
  Digest hash{};     // over the hash of the book before, `from` and the book
};
Digest book_chain_hash(const Digest& before, Instant from, std::string_view book);

// What follows from a shard's entries up to `applied` is in the tables. (Of some customers also
// what follows from later ones: a customer's record says up to which.)
struct Mark {
  std::uint64_t applied = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

struct CustomerRecord {
  std::uint64_t position = 0;    // sequence of the last entry in it
  Instant due;                   // its place in the due index; kDistantFuture: not in it
  std::uint64_t users_hash = 0;  // of its row in users
  std::string snapshot;          // customer/state_encoding.hpp
};

std::string encode_record(std::string_view key, const StoreRecord& record);
std::optional<StoreRecord> decode_store_record(std::string_view key, std::string_view value);

std::string encode_record(std::string_view key, const BookRecord& record);
std::optional<BookRecord> decode_book_record(std::string_view key, std::string_view value);

std::string encode_record(std::string_view key, const Mark& mark);
std::optional<Mark> decode_mark(std::string_view key, std::string_view value);

std::string encode_record(std::string_view key, const CustomerRecord& record);
std::optional<CustomerRecord> decode_customer_record(std::string_view key, std::string_view value);

std::string encode_record(std::string_view key, const Charge& charge);
std::optional<Charge> decode_charge(std::string_view key, std::string_view value);

// The same in open_charges, and what charges_by_time says of it.
std::string encode_open_charge(std::string_view key, const Charge& charge);
std::optional<Charge> decode_open_charge(std::string_view key, std::string_view value);
std::string encode_charge_status(std::string_view key, ChargeStatus status);
std::optional<ChargeStatus> decode_charge_status(std::string_view key, std::string_view value);

std::string encode_record(std::string_view key, const ClosedUsage& closed);
std::optional<ClosedUsage> decode_closed_usage(std::string_view key, std::string_view value);

// In meta: the last entry before the one at which a customer was set aside, or earlier.
std::string encode_set_aside(std::string_view key, std::uint64_t position);
std::optional<std::uint64_t> decode_set_aside(std::string_view key, std::string_view value);

// Of who may call the engine. The secret itself is nowhere.
struct ApiKeyRecord {
  std::string name;         // for people; may be empty
  std::uint8_t scopes = 0;  // bits: 1 usage, 2 read, 4 admin
  Digest secret_hash{};
  Instant created;
  std::optional<Instant> revoked;
  friend bool operator==(const ApiKeyRecord&, const ApiKeyRecord&) = default;
};
inline constexpr std::uint8_t kAllScopes = 7;
std::string encode_record(std::string_view key, const ApiKeyRecord& record);
std::optional<ApiKeyRecord> decode_api_key(std::string_view key, std::string_view value);

std::string encode_record(const PolarCustomer& polar);
std::optional<PolarCustomer> decode_polar_customer(std::string_view key, std::string_view value);

std::string encode_record(const KnownCustomer& customer);
std::optional<KnownCustomer> decode_known_customer(std::string_view key, std::string_view value);

std::string encode_parked(std::string_view key, const PolarEvent& event);
std::optional<PolarEvent> decode_parked(std::string_view key, std::string_view value);

}  // namespace reckoner::storage
