// What a store is and how much it holds, for people.
#pragma once

#include <string>
#include <vector>

#include "storage/store/store.hpp"

namespace reckoner::commands {

struct StoreReport {
  storage::StoreInfo info;
  std::vector<storage::ShardState> shards;  // by number; none of a store of an older schema
};

storage::StoreStatus look_at(storage::Store& store, StoreReport& report);

std::string store_table(const StoreReport& report);

}  // namespace reckoner::commands
