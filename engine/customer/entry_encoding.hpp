// The canonical encoding of a customer's entries (docs/formats.md, Entries).
#pragma once

#include "engine/basics/bytes.hpp"
#include "engine/customer/entry.hpp"

namespace reckoner {

void encode(Encoder& out, const PolarEvent& event);
PolarEvent decode_polar_event(Decoder& in);

void encode(Encoder& out, const Profile& profile);
Profile decode_profile(Decoder& in);

// Times are written relative to `before`, the entry before it in its block (or the block's base).
// Decoding yields views into the bytes; look at `in.good()` after it.
void encode(Encoder& out, const CustomerEntry& entry, Instant before);
void decode(Decoder& in, Instant before, CustomerEntry& entry);

}  // namespace reckoner
