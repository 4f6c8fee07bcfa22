// The canonical encoding of identity's entries (docs/formats.md, Entries).
#pragma once

#include "engine/basics/bytes.hpp"
#include "engine/identity/identity.hpp"

namespace reckoner {

// As for a customer's entries: times relative to `before`, views into the bytes.
void encode(Encoder& out, const IdentityEntry& entry, Instant before);
void decode(Decoder& in, Instant before, IdentityEntry& entry);

}  // namespace reckoner
