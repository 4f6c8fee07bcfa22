#include "actors/engine/lane_actor.hpp"

#include <algorithm>
#include <utility>

namespace reckoner::actors {

using storage::StoreError;
using storage::StoreStatus;

LaneActor::LaneActor(caf::actor_config& config, Surroundings& surroundings,
                     std::shared_ptr<storage::OpenedStore> store)
    : caf::event_based_actor(config),
      surroundings_(surroundings),
      store_(std::move(store)),
      intake_(store_->intake.get()),
      write_behind_(intake_->lane().customer_shards(), surroundings.options.entries_unwritten,
                    [this](const SlotPtr& slot) { send(slot->customer, HandOver{slot}); }),
      clock_(surroundings, intake_->reader()) {}

caf::behavior LaneActor::make_behavior() {
  take_over_customers();
  if (!surroundings_.options.deterministic)
    delayed_send(this, std::chrono::microseconds(surroundings_.options.tick), Tick{});
  return {
      [this](const Submit& message) { submit(message.request); },
      [this](CommitNow) {
        commit_pending_ = false;
        commit();
      },
      [this](AdmitWaiting) { admit_waiting(); },
      [this](const Handed& message) {
        write_behind_.handed(message.slot, std::move(*message.rows));
        commit_soon();
      },
      [this](const Wake& message) { wake_for(message); },
      [this](Tick) { tick(); },
      [this](const WriteAll& message) { write_all(message); },
      [this](const ChangeBook& message) { *message.done = change_book(message); },
      [](const RunThere& message) { message.run(); },
      [this](Leave) { quit(caf::exit_reason::user_shutdown); },
  };
}

// Whoever still holds a customer would keep it from ending.
void LaneActor::on_exit() {
  write_behind_.forget();
  surroundings_.directory.clear();
  const StoreError stopping{storage::Fault::retry, "stopping", "the engine is stopping"};
  fail_all(stopping, stopping.as_error());
}

void LaneActor::take_over_customers() {
  intake_->ask_who_is_registered([this](std::string_view customer_id, bool& is) -> StoreStatus {
    is = surroundings_.directory.find(customer_id) != nullptr;
    if (is) return std::nullopt;
    std::optional<std::string> record;
    StoreStatus failed = intake_->reader().get(storage::Table::customers, customer_id, record);
    is = record.has_value();
    return failed;
  });
  storage::Customers& folded = *store_->customers;
  for (std::uint32_t shard = 0; shard < write_behind_.shards(); ++shard)
    write_behind_.start_shard(shard, folded.applied(shard), folded.marked(shard));
  auto customers = folded.release();
  store_->customers.reset();
  // The unwritten of each shard are noted in order of sequence.
  std::sort(customers.begin(), customers.end(), [](const auto& a, const auto& b) {
    return a->unwritten_since() < b->unwritten_since();
  });
  for (auto& customer : customers) {
    const std::string id = customer->state().id.str();
    const std::uint64_t since = customer->unwritten_since();
    const SlotPtr slot = add(id, intake_->shard_of(id), std::move(customer), false);
    if (since != 0) write_behind_.note(slot, since);
  }
  if (StoreStatus failed = clock_.start()) die(*failed);
}

}  // namespace reckoner::actors
