// The store in memory: a plugin like any other, but linked in. For tests, simulations and trying
// things out; nothing outlives the process.
//
//   memory:      a store of its own for each open
//   memory:NAME  one store for all opens in this process, which outlives its handles
//
// Exact like the others: create, locks, epochs and snapshots are as the contract has them.
#pragma once

#include <string>

#include "storage/contract/reckoner_storage.h"

namespace reckoner::storage {

// As reckoner_storage_plugin_v1 of a loadable one.
reckoner_status reckoner_storage_memory(std::uint32_t host_version, reckoner_storage_plugin* plugin,
                                        reckoner_error* error);

// The store memory:NAME is gone for later opens; those who have it open keep it. For tests.
void forget_memory_store(const std::string& name);

}  // namespace reckoner::storage
