// A batch that is durable: its blocks, and the entries in them that customers still have to apply.
// Shared by the customers it concerns; gone when the last has applied its part.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/engine/request.hpp"
#include "engine/customer/entry.hpp"
#include "storage/lane/lane.hpp"

namespace reckoner::actors {

struct Commit {
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  struct Entry {
    CustomerEntry entry;  // views into the blocks
    std::uint64_t sequence = 0;
    std::uint32_t next = kNone;  // of the same customer
    std::uint32_t place = 0;     // among the entries of its request
    Request* request = nullptr;  // null: nobody waits for it
  };

  std::vector<storage::TakenBlock> blocks;
  std::vector<Entry> entries;
  std::vector<RequestPtr> requests;  // keeps them alive
};

}  // namespace reckoner::actors
