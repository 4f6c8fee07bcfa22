// What is written later: of each shard, the customers with entries whose consequences are not in
// the tables yet. Customers hand over (storage/customers/handed_over.hpp) when the lane asks them;
// what they handed goes into a commit together with the shards' marks, as often as it takes.
// docs/decisions/0011 says why.
//
// One thread at a time: the lane's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "actors/engine/directory.hpp"
#include "storage/customers/handed_over.hpp"

namespace reckoner::actors {

class WriteBehind {
 public:
  // `ask` tells a customer to hand over; what comes of it comes back through `handed`.
  WriteBehind(std::uint32_t shards, std::uint64_t entries_unwritten,
              std::function<void(const SlotPtr&)> ask);

  void start_shard(std::uint32_t shard, std::uint64_t applied, std::uint64_t marked);
  // An entry was given to a customer. In order, for each shard.
  void note(const SlotPtr& slot, std::uint64_t sequence);
  // An entry that concerns nobody.
  void pass(std::uint32_t shard, std::uint64_t sequence);

  // Asks those who are due, and those who have anything up to these entries, by shard (empty:
  // none); some thousand at a time.
  void ask_due(const std::vector<std::uint64_t>& until);
  // Asks this one now, unless it has nothing, or is at it already. Whether it is clean.
  bool ask(const SlotPtr& slot);
  // Asks one of those who have been waiting longest.
  void ask_one();

  void handed(SlotPtr slot, storage::HandedOver rows);
  bool has_handed() const { return !handed_.empty(); }
  // Adds to the batch what was handed over, of up to `most` customers, and the marks.
  storage::StoreStatus stage(storage::Batch& batch, storage::FreshReader& reader, std::size_t most);
  // Whether it shows that the store takes what is to be written: it has some of that, or the marks
  // where nothing else is left.
  bool is_trial() const;
  // What became of that batch.
  void written();
  void not_written();

  std::uint64_t applied(std::uint32_t shard) const { return shards_[shard].applied; }
  std::uint64_t marked(std::uint32_t shard) const { return shards_[shard].marked; }
  std::uint32_t shards() const { return static_cast<std::uint32_t>(shards_.size()); }
  // Everything that follows from what was given to customers is in the tables.
  bool all_written() const;
  // So much is unwritten that who sends has to wait.
  bool far_behind() const;
  // Lets go of everybody; of no use any more.
  void forget();
  // The marks could be moved on, although nobody has anything to hand over.
  bool marks_behind() const;

 private:
  struct Unwritten {
    SlotPtr slot;
    std::uint64_t since;
  };
  struct Shard {
    std::deque<Unwritten> unwritten;  // in order of `since`; what is written drops out
    std::size_t asked = 0;            // of them, from the front: were asked
    std::size_t written = 0;          // of them, anywhere: are written, and dropped soon
    std::uint64_t applied = 0, marked = 0, marking = 0;
  };
  struct Handed {
    SlotPtr slot;
    storage::HandedOver rows;
  };

  static bool is_unwritten(const Unwritten& entry) {
    return entry.slot->unwritten_since == entry.since ||
           entry.slot->next_unwritten_since == entry.since;
  }
  std::uint64_t mark_with_batch(Shard& shard) const;
  static void drop_written(Shard& shard);

  std::uint64_t entries_unwritten_;
  std::function<void(const SlotPtr&)> ask_;
  std::vector<Shard> shards_;
  std::deque<Handed> handed_;
  std::size_t in_batch_ = 0;  // of handed_, from the front
  std::size_t asked_ = 0;     // and not written yet
};

}  // namespace reckoner::actors
