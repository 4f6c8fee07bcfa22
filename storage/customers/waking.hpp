// Finding a customer who sleeps, by its record.
#pragma once

#include <memory>
#include <string_view>

#include "storage/customers/live_customer.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::storage {

// Null where there is no such customer. One whose record is damaged is set aside: it must not stop
// the others.
StoreStatus wake_customer(FreshReader& reader, const Books& books, std::string_view customer_id,
                          std::unique_ptr<LiveCustomer>& customer);

}  // namespace reckoner::storage
