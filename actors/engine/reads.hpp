// What the engine is asked that is in no single customer's memory: customers who sleep, what has
// left a state, lists, hashes. Read from the store; whoever is awake is asked itself, for the
// tables are behind it.
//
// Any thread.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include "actors/engine/surroundings.hpp"

namespace reckoner::actors {

class Reads {
 public:
  explicit Reads(Surroundings& surroundings) : surroundings_(surroundings) {}

  // Before the first question. It keeps neither of them alive, and lives longer than both: what is
  // under way when they end still comes back to it.
  // `scanner` is for what takes long, so that what is short need not wait for it.
  void ask(const caf::actor& lane, const caf::actor& reader, const caf::actor& scanner) {
    lane_ = lane.address();
    reader_ = reader.address();
    scanner_ = scanner.address();
  }

  void view(std::string customer_id, OnView on_view);
  void show(std::string customer_id, OnShow on_show);
  void authorize(std::string customer_id, std::int64_t tokens, OnAuthorized on_authorized);
  void customers(CustomersQuery query, OnCustomers on_page);
  void charges(ChargesQuery query, OnCharges on_page);
  void charges_to_settle(std::string after, std::size_t most, OnCharges on_charges);
  void hashes(std::optional<Instant> at, OnHashes on_hashes);

 private:
  using OnStored = std::function<void(storage::StoreStatus, storage::Reader*)>;
  void read(OnStored read) const;
  void scan(OnStored read) const;
  void read_all_written(OnStored read) const;
  using OnState = std::function<void(const CustomerState&, const ClosedRows::Rows& unwritten)>;
  using OnError = std::function<void(Error)>;
  void with_state(const std::string& customer_id, OnState on_state, OnError on_error) const;
  // Whether it is awake; then `look` will be called.
  using OnLook =
      std::function<void(storage::LiveCustomer* customer, const ClosedRows::Rows& unwritten)>;
  bool look(const std::string& customer_id, OnLook look) const;

  // False: it has ended.
  template <class Message>
  static bool tell(const caf::actor_addr& actor, Message message);

  Surroundings& surroundings_;
  caf::actor_addr lane_, reader_, scanner_;
};

}  // namespace reckoner::actors
