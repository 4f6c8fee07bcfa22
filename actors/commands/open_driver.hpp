// An engine on one thread for commands that fill a new store.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "storage/driver/driver.hpp"
#include "storage/store/loader.hpp"

namespace reckoner::commands {

inline constexpr std::uint32_t kMostShards = 399;  // with identity's, as many as SQLite takes

// Behind the reason why an import failed.
inline constexpr std::string_view kUnfinished =
    "; the store is not finished: remove it before another import";

struct OpenDriver {
  std::string owner;  // the command, for those who are kept out
  std::uint32_t shards = storage::kDefaultShards;
  Book book;
};

// Makes the store. One that is there already is refused (`not_empty`, `unfinished_import`) as it
// is: it is only read. Until Driver::end_import the store is marked as not finished, and nothing
// else opens it.
storage::StoreStatus open_empty(storage::StoreOptions options, const OpenDriver& open,
                                std::unique_ptr<storage::Driver>& driver);

// The same for whoever works on it in another way, and without the mark.
storage::StoreStatus open_empty_to_work(storage::StoreOptions options, const OpenDriver& open,
                                        storage::OpenedStore& opened);

// Refuses (`unfinished_import`) a store that an import into it has not finished; it may be at it.
storage::StoreStatus check_finished(storage::Store& store);

}  // namespace reckoner::commands
