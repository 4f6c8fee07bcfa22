// Which shard of a store a customer's journal is in. Part of the format: it never changes for a
// store that exists. The identity stream's shard comes after the customers' and holds none of them.
#pragma once

#include <cstdint>
#include <string_view>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {

// Below `shards`, which is not 0: how many the customers of the store are spread over.
inline std::uint32_t shard_of_customer(std::string_view customer_id, std::uint32_t shards) {
  return static_cast<std::uint32_t>(XXH3_64bits(customer_id.data(), customer_id.size()) % shards);
}

}  // namespace reckoner::storage
