#include "actors/engine/customer_actor.hpp"

#include <utility>

#include "actors/engine/authorize.hpp"
#include "actors/engine/engine.hpp"
#include "actors/engine/reads/one_customer.hpp"
#include "actors/engine/view.hpp"

namespace reckoner::actors {

CustomerActor::CustomerActor(caf::actor_config& config, Surroundings& surroundings,
                             std::shared_ptr<Signs> signs,
                             std::shared_ptr<std::unique_ptr<storage::LiveCustomer>> customer)
    : caf::event_based_actor(config),
      surroundings_(surroundings),
      signs_(std::move(signs)),
      customer_(std::move(*customer)) {
  if (customer_ == nullptr) return;
  if (customer_->set_aside()) tell_set_aside();
  note_due();
}

caf::behavior CustomerActor::make_behavior() {
  return {
      [this](const ApplyEntries& message) { apply_entries(message); },
      [this](const HandOver& message) { hand_over(message); },
      [this](const Look& message) { look(message); },
      [this](const AskLeave& message) { ask_leave(message); },
  };
}

// --- applying -------------------------------------------------------------------------------

void CustomerActor::apply_entries(const ApplyEntries& message) noexcept {
  const Commit& commit = *message.commit;
  for (std::uint32_t i = message.first; i != Commit::kNone; i = commit.entries[i].next)
    apply(commit.entries[i]);
  note_due();
}

void CustomerActor::apply(const Commit::Entry& entry) {
  const bool registers = customer_ == nullptr;
  if (registers)
    customer_ = std::make_unique<storage::LiveCustomer>(entry.entry, surroundings_.books);
  const bool was_set_aside = customer_->set_aside();
  Effects effects;
  customer_->apply(entry.sequence, entry.entry, surroundings_.books, effects);
  if (entry.request != nullptr) {
    entry.request->applied(entry.place,
                           {entry.entry, effects, customer_.get(), surroundings_.books, registers});
    entry.request->let_go();
  }
  if (surroundings_.events.applied) surroundings_.events.applied(entry.entry, effects);
  note(effects, was_set_aside);
}

void CustomerActor::note(const Effects& effects, bool was_set_aside) {
  const CustomerState& state = customer_->state();
  if (customer_->set_aside() && !was_set_aside) tell_set_aside();
  if (customer_->set_aside()) return;
  for (const Charge& charge : effects.charges)
    surroundings_.events.charge({state.id.str(), std::string(state.polar_customer_id()), charge});
}

void CustomerActor::tell_set_aside() noexcept {
  signs_->set_aside = true;
  surroundings_.set_aside.fetch_add(1);
  const std::string why = customer_->is_unreadable()
                              ? "its record in the store is damaged, which `reckoner "
                                "export` and `import` into a new store mend"
                              : "a sum is beyond its limits";
  surroundings_.events.alarm("customer_set_aside", "customer '" + customer_->state().id.str() +
                                                       "' is set aside: " + why +
                                                       "; its entries are kept and not applied");
}

void CustomerActor::note_due() {
  const std::int64_t due = customer_->set_aside()
                               ? kDistantFuture.micros
                               : next_due(customer_->state(), surroundings_.books).micros;
  if (due == signs_->due) return;
  signs_->due = due;
  std::int64_t soonest = surroundings_.soonest_due;
  while (due < soonest && !surroundings_.soonest_due.compare_exchange_weak(soonest, due)) {
  }
}

// --- asked ----------------------------------------------------------------------------------

// To the lane, which asked. A customer does not keep the lane's handle: the lane keeps the
// customer's, and two that keep each other would never end.
void CustomerActor::hand_over(const HandOver& message) noexcept {
  ClosedRows::Rows closed = unwritten_rows(*customer_);
  handed_.reset();
  // Whoever is set aside hands over no rows, and keeps them.
  if (!customer_->set_aside() && (!closed.usage.empty() || !closed.charges.empty()))
    handed_ = std::make_unique<ClosedRows::Rows>(std::move(closed));
  handed_position_ = customer_->position();
  send(caf::actor_cast<caf::actor>(current_sender()),
       Handed{message.slot,
              std::make_shared<storage::HandedOver>(customer_->hand_over(surroundings_.books))});
}

void CustomerActor::look(const Look& message) noexcept {
  signs_->asked = true;
  if (customer_ == nullptr) return message.look(nullptr, {});
  ClosedRows::Rows unwritten;
  if (handed_ != nullptr && signs_->written >= handed_position_) handed_.reset();
  if (handed_ != nullptr) unwritten = *handed_;
  const ClosedRows::Rows since = unwritten_rows(*customer_);
  unwritten.usage.insert(unwritten.usage.end(), since.usage.begin(), since.usage.end());
  unwritten.charges.insert(unwritten.charges.end(), since.charges.begin(), since.charges.end());
  message.look(customer_.get(), unwritten);
}

void CustomerActor::ask_leave(const AskLeave& message) noexcept {
  signs_->asked = true;
  if (customer_ == nullptr)
    return message.on_authorized(Error{"unknown_customer", "the customer is being registered"});
  if (customer_->is_unreadable()) return message.on_authorized(cannot_show(customer_->state().id));
  with_view(*customer_, surroundings_.books, surroundings_.now(), [&](const CustomerView& view) {
    message.on_authorized(
        authorize(view, message.tokens, surroundings_.options.enforce_allowance, rate_));
  });
}

}  // namespace reckoner::actors
