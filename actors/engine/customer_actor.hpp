// The actor of one customer who is awake: owns tier state, usage totals and the billing cycle,
// alone. It sees only entries that are durable, in order of their shard, applies them, answers who
// waits, and hands over what is to be written when the lane asks.
#pragma once

#include <caf/event_based_actor.hpp>
#include <memory>

#include "actors/engine/messages.hpp"
#include "actors/engine/request_rate.hpp"
#include "actors/engine/surroundings.hpp"

namespace reckoner::actors {

class CustomerActor final : public caf::event_based_actor {
 public:
  // `customer` is null for one that its first entry will register.
  CustomerActor(caf::actor_config& config, Surroundings& surroundings, std::shared_ptr<Signs> signs,
                std::shared_ptr<std::unique_ptr<storage::LiveCustomer>> customer);

  caf::behavior make_behavior() override;
  const char* name() const override { return "customer"; }

 private:
  // An exception in a handler would silently end the actor: here it ends the process, which starts
  // again with what is durable.
  void apply_entries(const ApplyEntries& message) noexcept;
  void apply(const Commit::Entry& entry);
  void note(const Effects& effects, bool was_set_aside);
  void note_due();
  void tell_set_aside() noexcept;
  void hand_over(const HandOver& message) noexcept;
  void look(const Look& message) noexcept;
  void ask_leave(const AskLeave& message) noexcept;

  Surroundings& surroundings_;
  std::shared_ptr<Signs> signs_;
  std::unique_ptr<storage::LiveCustomer> customer_;
  RequestRate rate_;
  // What left the state with the last hand-over, until that is in the tables.
  std::unique_ptr<ClosedRows::Rows> handed_;
  std::uint64_t handed_position_ = 0;
};

}  // namespace reckoner::actors
