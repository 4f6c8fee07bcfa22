// The canonical encoding of a customer and its parts (docs/formats.md, Customer).
#pragma once

#include "engine/basics/bytes.hpp"
#include "engine/customer/customer_state.hpp"

namespace reckoner {

void encode(Encoder& out, const Charge& charge);
void encode(Encoder& out, const PeriodUsage& usage);
void encode(Encoder& out, const Subscription& subscription);
Charge decode_charge(Decoder& in);
PeriodUsage decode_period_usage(Decoder& in);

// The state as such: what its hash is taken over. Two customers are equal if these bytes are.
void encode(Encoder& out, const CustomerState& state);

// A snapshot: the format's version, how far time had come, and the state. decode_snapshot returns
// false, leaving `state` undefined, where the bytes are no snapshot of this version, name a plan or
// Polar customer that there is not, go beyond a limit, or do not conserve money.
std::string encode_snapshot(const CustomerState& state);
bool decode_snapshot(std::string_view bytes, const Books& books, CustomerState& state);

inline constexpr std::uint8_t kSnapshotVersion = 1;

}  // namespace reckoner
