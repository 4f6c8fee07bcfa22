#include "actors/engine/reads.hpp"

#include <caf/send.hpp>

#include "actors/engine/messages.hpp"
#include "actors/engine/reads/charge_lists.hpp"
#include "actors/engine/reads/customer_lists.hpp"
#include "actors/engine/reads/everybody.hpp"
#include "actors/engine/reads/one_customer.hpp"
#include "actors/engine/view.hpp"
#include "engine/basics/sha256.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::actors {

using storage::StoreStatus;
using storage::Table;

namespace {

Error cannot_read(const storage::StoreError& error) {
  return {"unavailable", error.detail, Retry::later};
}

storage::StoreError stopping() {
  return {storage::Fault::retry, "stopping", "the engine is stopping"};
}

Error no_such_customer(std::string_view customer_id) {
  return {"unknown_customer", "no customer has the id '" + std::string(customer_id) + "'"};
}

Error invalid_cursor(const std::string& cursor) {
  return invalid("after is '" + cursor + "'; it takes what `next` of the page before was");
}

}  // namespace

namespace {

// A reader that ends drops what it was asked: then, too, whoever asked is told.
class ToldOnce {
 public:
  using OnStored = std::function<void(StoreStatus, storage::Reader*)>;

  explicit ToldOnce(OnStored tell) : tell_(std::move(tell)) {}
  ToldOnce(const ToldOnce&) = delete;
  ToldOnce& operator=(const ToldOnce&) = delete;
  ~ToldOnce() { tell(stopping(), nullptr); }

  void tell(StoreStatus failed, storage::Reader* reader) {
    if (const OnStored once = std::exchange(tell_, nullptr)) once(std::move(failed), reader);
  }

 private:
  OnStored tell_;
};

Read read_message(ToldOnce::OnStored read) {
  return {
      [once = std::make_shared<ToldOnce>(std::move(read))](
          StoreStatus failed, storage::Reader* reader) { once->tell(std::move(failed), reader); }};
}

}  // namespace

template <class Message>
bool Reads::tell(const caf::actor_addr& actor, Message message) {
  const auto alive = caf::actor_cast<caf::actor>(actor);
  if (alive) caf::anon_send(alive, std::move(message));
  return static_cast<bool>(alive);
}

void Reads::read(OnStored read) const {
  tell(reader_, read_message(std::move(read)));
}

void Reads::scan(OnStored read) const {
  tell(scanner_, read_message(std::move(read)));
}

bool Reads::look(const std::string& customer_id, OnLook look) const {
  const SlotPtr slot = surroundings_.directory.find(customer_id);
  if (slot == nullptr) return false;
  caf::anon_send(slot->customer, Look{std::move(look)});
  return true;
}

// --- one customer ---------------------------------------------------------------------------

// As it is, and what has left it and is in no table yet.
void Reads::with_state(const std::string& customer_id, OnState on_state, OnError on_error) const {
  const auto awake = [customer_id, on_state, on_error](const storage::LiveCustomer* customer,
                                                       const ClosedRows::Rows& unwritten) {
    if (customer == nullptr) return on_error(no_such_customer(customer_id));
    if (customer->is_unreadable()) return on_error(cannot_show(customer_id));
    on_state(customer->state(), unwritten);
  };
  if (look(customer_id, awake)) return;
  read([this, customer_id, awake, on_state, on_error](StoreStatus failed, storage::Reader* reader) {
    std::optional<std::string> value;
    if (!failed) failed = reader->get(Table::customers, customer_id, value);
    if (failed) return on_error(cannot_read(*failed));
    if (!value) {
      // Who was just registered is awake, and in no table yet.
      if (!look(customer_id, awake)) on_error(no_such_customer(customer_id));
      return;
    }
    CustomerState state;
    if (!decode_customer(customer_id, *value, surroundings_.books, state))
      return on_error(cannot_show(customer_id));
    on_state(state, {});
  });
}

void Reads::view(std::string customer_id, OnView on_view) {
  with_state(
      customer_id,
      [this, on_view](const CustomerState& state, const ClosedRows::Rows&) {
        with_view(state, surroundings_.books, surroundings_.now(),
                  [&](const CustomerView& view) { on_view(&view); });
      },
      on_view);
}

void Reads::show(std::string customer_id, OnShow on_show) {
  const auto with_closed = [this, on_show](const CustomerState& state,
                                           const ClosedRows::Rows& unwritten) {
    auto copy = std::make_shared<CustomerState>(state);
    read([this, on_show, copy, unwritten](StoreStatus failed, storage::Reader* reader) {
      ClosedRows::Rows closed = unwritten;
      if (!failed) failed = read_closed(*reader, *copy, closed);
      if (failed) return on_show(cannot_read(*failed));
      const Instant now = std::max(surroundings_.now(), copy->brought_to);
      bring_forward_and_keep(*copy, now, surroundings_.books, closed);
      const CustomerView view{*copy, surroundings_.books, now};
      const CustomerDetails details{view, closed};
      on_show(&details);
    });
  };
  with_state(customer_id, with_closed, on_show);
}

// Its rate lives in its actor: who is asked for wakes.
void Reads::authorize(std::string customer_id, std::int64_t tokens, OnAuthorized on_authorized) {
  if (const SlotPtr slot = surroundings_.directory.find(customer_id)) {
    caf::anon_send(slot->customer, AskLeave{tokens, std::move(on_authorized)});
    return;
  }
  const auto woken = [customer_id, tokens, on_authorized](const SlotPtr& slot,
                                                          const storage::StoreError* failed) {
    if (failed != nullptr) return on_authorized(cannot_read(*failed));
    if (slot == nullptr) return on_authorized(no_such_customer(customer_id));
    caf::anon_send(slot->customer, AskLeave{tokens, on_authorized});
  };
  if (!tell(lane_, Wake{customer_id, woken})) on_authorized(cannot_read(stopping()));
}

// --- lists ----------------------------------------------------------------------------------

// Of tables that are up to date.
void Reads::read_all_written(OnStored read_it) const {
  const auto written = [this, read_it = std::move(read_it)](StoreStatus failed) {
    if (failed) return read_it(std::move(failed), nullptr);
    scan(read_it);
  };
  if (!tell(lane_, WriteAll{written})) read_it(stopping(), nullptr);
}

void Reads::customers(CustomersQuery query, OnCustomers on_page) {
  read_all_written([this, query = std::move(query), on_page = std::move(on_page)](
                       StoreStatus failed, storage::Reader* reader) {
    CustomersPage page{{}, surroundings_.books, surroundings_.now(), {}};
    if (!failed) failed = list_customers(*reader, query, page);
    if (failed) return on_page(cannot_read(*failed));
    on_page(&page);
  });
}

void Reads::charges(ChargesQuery query, OnCharges on_page) {
  if (!from_hex(query.after)) return on_page(invalid_cursor(query.after));
  read_all_written([query = std::move(query), on_page = std::move(on_page)](
                       StoreStatus failed, storage::Reader* reader) {
    ChargesPage page;
    if (!failed) failed = list_charges(*reader, query, page);
    if (failed) return on_page(cannot_read(*failed));
    on_page(std::move(page));
  });
}

void Reads::charges_to_settle(std::string after, std::size_t most, OnCharges on_charges) {
  const auto list = [after, most, on_charges = std::move(on_charges)](StoreStatus failed,
                                                                      storage::Reader* reader) {
    ChargesPage page;
    if (!failed) failed = list_charges_to_settle(*reader, after, most, page);
    if (failed) return on_charges(cannot_read(*failed));
    on_charges(std::move(page));
  };
  // What is decided meanwhile is told by EngineEvents::charge.
  if (after.empty())
    read_all_written(list);
  else
    scan(list);
}

// --- everybody ------------------------------------------------------------------------------

void Reads::hashes(std::optional<Instant> at, OnHashes on_hashes) {
  read_all_written(
      [this, at, on_hashes = std::move(on_hashes)](StoreStatus failed, storage::Reader* reader) {
        if (failed) return on_hashes(cannot_read(*failed));
        if (surroundings_.set_aside > 0)
          return on_hashes(Error{"customers_set_aside",
                                 "customers are set aside, whose tables stand before the fault",
                                 Retry::never});
        on_hashes(hash_everybody(*reader, surroundings_.books, at.value_or(surroundings_.now())));
      });
}

}  // namespace reckoner::actors
