// Whether a batch is one at all, whatever the store holds.
#pragma once

#include <cstdint>

#include "storage/contract/reckoner_storage.h"

namespace reckoner::storage::memory {

bool is_table(std::uint32_t table);
// Throw sdk::Failure, RECKONER_FATAL, where the batch is none: the host has a bug.
void check_shape(const reckoner_batch& batch, std::uint32_t shards);
// Of a batch that is all of one table, without claims.
void check_shape_of(const reckoner_batch& batch, std::uint32_t table);

}  // namespace reckoner::storage::memory
