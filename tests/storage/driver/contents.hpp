// What a store holds, for comparing stores with one another: the journal entry by entry, whatever
// the blocks they came in, and every row that follows from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/books/books.hpp"
#include "storage/store/store.hpp"

namespace reckoner::support {

// By place: "users c1", "journal 3 of shard 0".
using Contents = std::map<std::string, std::string>;

// Without what is each store's own: its secret, and the key log.
Contents contents_of(storage::Store& store);

// The first place where they differ, and how many there are; empty: they are the same.
std::string difference(const Contents& expected, const Contents& found);

}  // namespace reckoner::support
