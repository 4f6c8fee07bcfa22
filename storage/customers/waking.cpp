#include "storage/customers/waking.hpp"

#include <utility>

#include "engine/customer/state_encoding.hpp"

namespace reckoner::storage {

StoreStatus wake_customer(FreshReader& reader, const Books& books, std::string_view customer_id,
                          std::unique_ptr<LiveCustomer>& customer) {
  customer.reset();
  std::optional<std::string> value;
  if (StoreStatus failed = reader.get(Table::customers, customer_id, value)) return failed;
  if (!value) return std::nullopt;
  const auto record = decode_customer_record(customer_id, *value);
  CustomerState state;
  if (!record || !decode_snapshot(record->snapshot, books, state) || state.id.view() != customer_id)
    return customer = LiveCustomer::unreadable(customer_id, books), std::nullopt;
  customer = std::make_unique<LiveCustomer>(std::move(state), *record);
  return std::nullopt;
}

}  // namespace reckoner::storage
