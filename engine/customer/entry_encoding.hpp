// The canonical encoding of a customer's entries (docs/formats.md, Entries).
#pragma once

#include "engine/basics/bytes.hpp"
#include "engine/customer/entry.hpp"

namespace reckoner {

void encode(Encoder& out, const PolarEvent& event);
// Into an event that may have been used before: its strings keep their memory.
void decode(Decoder& in, PolarEvent& event);

void encode(Encoder& out, const Profile& profile);
Profile decode_profile(Decoder& in);

// Times are written relative to `before`, the entry before it in its block (or the block's base).
// Decoding yields views into the bytes; look at `in.good()` after it.
void encode(Encoder& out, const CustomerEntry& entry, Instant before);
void decode(Decoder& in, Instant before, CustomerEntry& entry);

}  // namespace reckoner
