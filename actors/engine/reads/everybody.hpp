// Everybody at once, from tables that are up to date: heavy.
#pragma once

#include "actors/engine/requests.hpp"
#include "storage/store/store.hpp"

namespace reckoner::actors {

Result<Hashes> hash_everybody(storage::Reader& reader, const Books& books, Instant at);

}  // namespace reckoner::actors
