// Lists of customers, from tables that are up to date.
#pragma once

#include "actors/engine/requests.hpp"
#include "storage/store/store.hpp"

namespace reckoner::actors {

// By bytes of id. `page.books` and `page.now` are given.
storage::StoreStatus list_customers(storage::Reader& reader, const CustomersQuery& query,
                                    CustomersPage& page);

}  // namespace reckoner::actors
