// The lane: the one writer of the store. Requests queue in its mailbox; it stamps and judges them,
// gathers what came while the batch before was being made durable, commits, hands the entries to
// their customers, and lets go of the answers. It wakes customers and puts them to sleep, so it
// keeps the directory; it has what they hand over written behind.
//
// Runs on a thread of its own, for calls of the store block; on the deterministic scheduler inline.
#pragma once

#include <caf/event_based_actor.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "actors/engine/clock.hpp"
#include "actors/engine/idle_order.hpp"
#include "actors/engine/messages.hpp"
#include "actors/engine/surroundings.hpp"
#include "actors/engine/write_behind.hpp"
#include "storage/driver/opened.hpp"

namespace reckoner::actors {

class LaneActor final : public caf::event_based_actor {
 public:
  LaneActor(caf::actor_config& config, Surroundings& surroundings,
            std::shared_ptr<storage::OpenedStore> store);

  caf::behavior make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "lane"; }

 private:
  // A request in the batch, and how many entries it added; null: the clock's.
  struct Gathered {
    RequestPtr request;
    std::size_t entries;
  };
  struct Waiting {
    std::vector<std::uint64_t> until;  // by shard: the mark that it waits for
    WriteAll message;
  };

  void take_over_customers();

  // Gathering (lane_gathering.cpp).
  // An exception in a handler would silently end the actor: here it ends the process, which starts
  // again with what is durable.
  void submit(RequestPtr request) noexcept;
  void stage(RequestPtr request);
  void stage_again(const Error& failed);
  bool is_crowded() const;
  void admit_waiting();
  void turn_away_waiting(const Error& error);
  void commit_soon();
  void fail_gathered(const Error& error);
  void fail_all(const storage::StoreError& failed, const Error& said);
  static Error unavailable(const storage::StoreError& error);
  std::size_t most_entries() const;

  // Committing, and what comes of it (lane_commits.cpp).
  void commit() noexcept;
  void write_batch(bool with_rows);
  bool make_durable(bool with_rows, std::vector<std::uint32_t>& shards);
  bool not_durable(const storage::CommitResult& result);
  void recovered();
  void hand_out(const std::vector<std::uint32_t>& shards);
  void decode(Commit& commit, const std::vector<std::uint32_t>& shards);
  storage::StoreStatus route(Commit& commit, std::uint32_t index, std::uint32_t shard,
                             std::vector<std::pair<SlotPtr, std::uint32_t>>& touched);
  void answer();
  void die(const storage::StoreError& error);

  // Waking, putting to sleep, and time (lane_customers.cpp).
  storage::StoreStatus wake(std::string_view customer_id, bool is_new, bool by_clock,
                            SlotPtr& slot);
  SlotPtr add(std::string_view customer_id, std::uint32_t shard,
              std::unique_ptr<storage::LiveCustomer> customer, bool by_clock);
  std::size_t awake() const;
  void put_to_sleep();
  void let_go(IdleOrder& order, bool at_once);
  void touch(Slot& slot);
  void wake_for(const Wake& message) noexcept;

  void tick() noexcept;
  void go_on_ticking();
  void tell_of_clock(Instant last_at);
  void write_all(const WriteAll& message) noexcept;
  std::vector<std::uint64_t> waited_for() const;
  void end_waiting();
  Status change_book(const ChangeBook& message);

  Surroundings& surroundings_;
  std::shared_ptr<storage::OpenedStore> store_;
  storage::Intake* intake_;
  WriteBehind write_behind_;
  Clock clock_;
  IdleOrder idle_;
  IdleOrder told_;  // those whom nothing but the clock woke, the first first
  std::vector<Gathered> gathered_;
  std::deque<RequestPtr> waiting_room_;  // in order of arrival, before they are looked at
  bool commit_pending_ = false;
  bool staging_again_ = false;
  std::uint64_t commit_number_ = 0;
  std::vector<Waiting> waiting_;
  Instant lately_;  // the clock when it was last asked
  bool clock_is_behind_ = false;
  bool tick_again_ = false;  // more is due than was told
  bool ending_ = false, dead_ = false;
  // The store refuses: entries go in without rows, which are tried again with each tick.
  bool refused_ = false, try_rows_ = false;
};

}  // namespace reckoner::actors
