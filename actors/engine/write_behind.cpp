#include "actors/engine/write_behind.hpp"

#include <algorithm>
#include <utility>

#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"

namespace reckoner::actors {
namespace {

// Customers that may be asked at a time: what they hand over waits in memory.
constexpr std::size_t kMostAsked = 8'000;
// Written ones of a shard, at least, when they are dropped from the midst of the others.
constexpr std::size_t kDroppedAtOnce = 64;
// So many times what may be unwritten is too far behind.
constexpr std::uint64_t kTooFar = 4;

}  // namespace

WriteBehind::WriteBehind(std::uint32_t shards, std::uint64_t entries_unwritten,
                         std::function<void(const SlotPtr&)> ask)
    : entries_unwritten_(entries_unwritten), ask_(std::move(ask)), shards_(shards) {}

void WriteBehind::start_shard(std::uint32_t shard, std::uint64_t applied, std::uint64_t marked) {
  shards_[shard].applied = applied;
  shards_[shard].marked = marked;
}

// --- what is to be written ------------------------------------------------------------------

void WriteBehind::note(const SlotPtr& slot, std::uint64_t sequence) {
  Shard& shard = shards_[slot->shard];
  shard.applied = std::max(shard.applied, sequence);
  std::uint64_t& since = slot->handing_over ? slot->next_unwritten_since : slot->unwritten_since;
  if (since != 0) return;
  since = sequence;
  shard.unwritten.push_back({slot, sequence});
}

void WriteBehind::pass(std::uint32_t shard, std::uint64_t sequence) {
  shards_[shard].applied = std::max(shards_[shard].applied, sequence);
}

bool WriteBehind::ask(const SlotPtr& slot) {
  if (slot->handing_over) return false;
  if (slot->unwritten_since == 0) return true;
  if (asked_ >= kMostAsked) return false;
  slot->handing_over = true;
  ++asked_;
  ask_(slot);
  return false;
}

void WriteBehind::ask_one() {
  for (const Shard& shard : shards_)
    if (!shard.unwritten.empty()) {
      ask(shard.unwritten.front().slot);
      return;
    }
}

void WriteBehind::ask_due(const std::vector<std::uint64_t>& until) {
  for (std::size_t number = 0; number < shards_.size(); ++number) {
    Shard& shard = shards_[number];
    const std::uint64_t wanted = until.empty() ? 0 : until[number];
    for (; shard.asked < shard.unwritten.size() && asked_ < kMostAsked; ++shard.asked) {
      const Unwritten& next = shard.unwritten[shard.asked];
      if (next.since > wanted && next.since + entries_unwritten_ > shard.applied) break;
      if (!is_unwritten(next)) continue;
      // One that is handing over already is asked again for what came since.
      if (next.slot->handing_over && next.slot->next_unwritten_since == next.since) break;
      ask(next.slot);
    }
  }
}

// --- writing it -----------------------------------------------------------------------------

void WriteBehind::handed(SlotPtr slot, storage::HandedOver rows) {
  handed_.push_back({std::move(slot), std::move(rows)});
}

// Where the mark is once the batch is written.
std::uint64_t WriteBehind::mark_with_batch(Shard& shard) const {
  for (const Unwritten& next : shard.unwritten) {
    const bool in_batch = next.slot->in_batch && next.slot->unwritten_since == next.since;
    if (is_unwritten(next) && !in_batch) return next.since - 1;
  }
  return shard.applied;
}

storage::StoreStatus WriteBehind::stage(storage::Batch& batch, storage::FreshReader& reader,
                                        std::size_t most) {
  in_batch_ = 0;
  while (in_batch_ < handed_.size() && in_batch_ < most) {
    Handed& next = handed_[in_batch_];
    if (storage::StoreStatus failed = next.rows.add_to(batch, reader)) return failed;
    next.slot->in_batch = true;
    ++in_batch_;
  }
  for (std::uint32_t number = 0; number < shards_.size(); ++number) {
    Shard& shard = shards_[number];
    shard.marking = 0;
    if (in_batch_ == 0 && !shard.unwritten.empty()) continue;
    const std::uint64_t mark = mark_with_batch(shard);
    if (mark == shard.marked) continue;
    shard.marking = mark;
    const std::string key = storage::number_key(number);
    batch.put(storage::Table::marks, key,
              storage::encode_record(key, storage::Mark{shard.marking}));
  }
  return std::nullopt;
}

bool WriteBehind::is_trial() const {
  if (in_batch_ > 0) return true;
  bool marks = false;
  for (const Shard& shard : shards_) {
    if (!shard.unwritten.empty()) return false;
    marks = marks || shard.marking != 0;
  }
  return marks;
}

void WriteBehind::written() {
  for (; in_batch_ > 0; --in_batch_) {
    Slot& slot = *handed_.front().slot;
    ++shards_[slot.shard].written;
    slot.in_batch = slot.handing_over = false;
    slot.signs->written = handed_.front().rows.position;
    slot.unwritten_since = std::exchange(slot.next_unwritten_since, 0);
    handed_.pop_front();
    --asked_;
  }
  for (Shard& shard : shards_) {
    drop_written(shard);
    shard.marked = std::max(shard.marked, shard.marking);
    shard.marking = 0;
  }
}

void WriteBehind::not_written() {
  for (std::size_t i = 0; i < in_batch_; ++i) handed_[i].slot->in_batch = false;
  in_batch_ = 0;
  for (Shard& shard : shards_) shard.marking = 0;
}

// From the front at once. Behind somebody who is written much later they would keep customers in
// memory who sleep: so now and then from anywhere, when it is half of them.
void WriteBehind::drop_written(Shard& shard) {
  while (!shard.unwritten.empty() && !is_unwritten(shard.unwritten.front())) {
    shard.unwritten.pop_front();
    --shard.written;
    if (shard.asked > 0) --shard.asked;
  }
  if (shard.written * 2 <= shard.unwritten.size() || shard.written < kDroppedAtOnce) return;
  std::size_t asked = 0, kept = 0;
  for (std::size_t i = 0; i < shard.unwritten.size(); ++i) {
    if (!is_unwritten(shard.unwritten[i])) continue;
    if (i < shard.asked) ++asked;
    if (kept != i) shard.unwritten[kept] = std::move(shard.unwritten[i]);
    ++kept;
  }
  shard.unwritten.resize(kept);
  shard.asked = asked;
  shard.written = 0;
}

bool WriteBehind::all_written() const {
  return std::all_of(shards_.begin(), shards_.end(), [](const Shard& shard) {
    return shard.unwritten.empty() && shard.marked == shard.applied;
  });
}

bool WriteBehind::far_behind() const {
  return std::any_of(shards_.begin(), shards_.end(), [this](const Shard& shard) {
    return shard.applied - shard.marked > kTooFar * entries_unwritten_;
  });
}

void WriteBehind::forget() {
  shards_.clear();
  handed_.clear();
}

bool WriteBehind::marks_behind() const {
  return std::any_of(shards_.begin(), shards_.end(), [](const Shard& shard) {
    return shard.unwritten.empty() && shard.marked != shard.applied;
  });
}

}  // namespace reckoner::actors
