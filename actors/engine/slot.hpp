// A customer who is awake, as the lane and the directory know it.
#pragma once

#include <atomic>
#include <caf/actor.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "engine/basics/instant.hpp"

namespace reckoner::actors {

// What a customer and the lane tell each other without a message.
struct Signs {
  std::atomic<std::int64_t> due{std::numeric_limits<std::int64_t>::max()};  // micros; never: max
  std::atomic<bool> set_aside{false};
  std::atomic<bool> asked{false};         // since the lane looked last, by somebody who reads
  std::atomic<std::uint64_t> written{0};  // set by the lane: up to which entry it is in the tables
};

// Its id, shard, actor and signs stay as they are; the rest is the lane's alone.
struct Slot : std::enable_shared_from_this<Slot> {
  std::string customer_id;
  std::uint32_t shard = 0;
  caf::actor customer;
  std::shared_ptr<Signs> signs = std::make_shared<Signs>();

  // Written behind (write_behind.hpp): the first entry whose consequences are not handed over, and
  // the first after the one that is being handed over; 0: none.
  std::uint64_t unwritten_since = 0, next_unwritten_since = 0;
  bool handing_over = false;
  bool in_batch = false;  // what was handed over is in the batch under way

  // In order of when they were last touched (idle_order.hpp).
  bool told = false;  // nothing but the clock has woken it: in a list of its own
  Slot *older = nullptr, *newer = nullptr;
  Instant touched = kDistantPast;

  // Of the last entry that is durable and on its way to the customer: it brings it forward so far.
  Instant told_at = kDistantPast;

  // Of the commit that is being handed out: the last of this customer's entries in it.
  std::uint64_t commit = 0;
  std::uint32_t last_entry = 0;
};

}  // namespace reckoner::actors
