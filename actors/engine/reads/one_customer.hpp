// One customer in the tables, and what has left its state.
#pragma once

#include <string_view>

#include "actors/engine/requests.hpp"
#include "engine/ledger/report.hpp"
#include "storage/customers/live_customer.hpp"

namespace reckoner::actors {

// False: the record is damaged.
bool decode_customer(std::string_view customer_id, std::string_view value, const Books& books,
                     CustomerState& state);
// What whoever asks for such a customer is told.
Error cannot_show(std::string_view customer_id);

// What has left the state since the customer was last written.
ClosedRows::Rows unwritten_rows(const storage::LiveCustomer& customer);

// Adds what is in the tables; of what is in both, `closed` already has the newer.
storage::StoreStatus read_closed(storage::Reader& reader, const CustomerState& state,
                                 ClosedRows::Rows& closed);

// Brings the state forward; what leaves it then is closed, too.
void bring_forward_and_keep(CustomerState& state, Instant at, const Books& books,
                            ClosedRows::Rows& closed);

}  // namespace reckoner::actors
