#include "actors/engine/reads/customer_lists.hpp"

#include "actors/engine/reads/one_customer.hpp"
#include "engine/customer/apply.hpp"
#include "storage/customers/live_customer.hpp"

namespace reckoner::actors {
namespace {

bool matches(const CustomersQuery& query, const CustomersPage& page, const CustomerState& state) {
  if (query.unlinked && state.linked()) return false;
  if (query.blocked && !state.blocked()) return false;
  return query.tier.empty() || CustomerView{state, page.books, page.now}.tier().id == query.tier;
}

}  // namespace

storage::StoreStatus list_customers(storage::Reader& reader, const CustomersQuery& query,
                                    CustomersPage& page) {
  std::string from = query.after;
  if (!from.empty()) from.push_back('\0');
  return reader.scan(
      storage::Table::customers, from, [&](std::string_view key, std::string_view value) {
        CustomerState state;
        // One damaged record must not keep the others from being listed.
        if (!decode_customer(key, value, page.books, state))
          state = CustomerState(storage::LiveCustomer::unreadable(key, page.books)->state());
        const Instant now = std::max(page.now, state.brought_to);
        Effects effects;
        bring_forward(state, now, page.books, effects);
        if (!matches(query, page, state)) return true;
        if (page.customers.size() == query.limit) {
          page.next = page.customers.back().id.str();
          return false;
        }
        page.customers.push_back(std::move(state));
        return true;
      });
}

}  // namespace reckoner::actors
