// Lists of charges, from tables that are up to date.
#pragma once

#include "actors/engine/requests.hpp"
#include "storage/store/store.hpp"

namespace reckoner::actors {

// Newest first.
storage::StoreStatus list_charges(storage::Reader& reader, const ChargesQuery& query,
                                  ChargesPage& page);
// Those that are pending or unknown, in order of id. `after`: as `next` of the page before.
storage::StoreStatus list_charges_to_settle(storage::Reader& reader, const std::string& after,
                                            std::size_t most, ChargesPage& page);

}  // namespace reckoner::actors
