// The lane's part of keeping the directory, and of time: who wakes, who goes to sleep, what falls
// due, and writing all that is behind.
#include <algorithm>
#include <utility>

#include "actors/engine/customer_actor.hpp"
#include "actors/engine/lane_actor.hpp"
#include "storage/customers/waking.hpp"

namespace reckoner::actors {
namespace {

using storage::StoreError;
using storage::StoreStatus;

// Customers that a clock speaks to in one batch.
constexpr std::size_t kToldAtOnce = 1'000;
// Customers whom only the clock woke, and who are not asleep again.
constexpr std::size_t kToldAwake = 4'000;
constexpr Micros kClockBehind = 5 * kSecond;
// Customers, of those idle longest, whether they can go to sleep: more than can be handing over.
constexpr std::size_t kLookedAtOnce = 20'000;

StoreError lost() {
  return {storage::Fault::fatal, "lane_dead", "the store is lost"};
}

// Damage stays until somebody mends it; anything else may be over at the next look.
void tell_unreadable(const EngineEvents& events, const StoreError& failed) {
  if (failed.code == "damaged") return events.alarm("store_damaged", failed.detail);
  events.alarm("store_unreadable", failed.code + ": " + failed.detail);
}

}  // namespace

// --- waking, and putting to sleep -----------------------------------------------------------

// Null where there is no such customer, and nothing that makes one.
StoreStatus LaneActor::wake(std::string_view customer_id, bool registers, bool by_clock,
                            SlotPtr& slot) {
  std::unique_ptr<storage::LiveCustomer> customer;
  if (StoreStatus failed =
          wake_customer(intake_->reader(), surroundings_.books, customer_id, customer))
    return failed;
  if (customer == nullptr && !registers) return std::nullopt;
  slot = add(customer_id, intake_->shard_of(customer_id), std::move(customer), by_clock);
  surroundings_.woken.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

SlotPtr LaneActor::add(std::string_view customer_id, std::uint32_t shard,
                       std::unique_ptr<storage::LiveCustomer> customer, bool by_clock) {
  auto slot = std::make_shared<Slot>();
  slot->customer_id = customer_id;
  slot->shard = shard;
  slot->customer = spawn<CustomerActor, caf::lazy_init>(
      std::ref(surroundings_), slot->signs,
      std::make_shared<std::unique_ptr<storage::LiveCustomer>>(std::move(customer)));
  if (by_clock) {
    slot->told = true;
    told_.add_newest(*slot);
  } else {
    slot->touched = lately_;
    idle_.add_newest(*slot);
  }
  surroundings_.directory.add(slot);
  return slot;
}

void LaneActor::touch(Slot& slot) {
  slot.touched = lately_;
  if (!slot.told) return idle_.touch(slot);
  slot.told = false;
  told_.erase(slot);
  idle_.add_newest(slot);
}

// Without those who are set aside: they never sleep, so nobody has to wait until they do.
std::size_t LaneActor::awake() const {
  const std::size_t all = surroundings_.directory.size();
  return all - std::min<std::size_t>(all, surroundings_.set_aside);
}

void LaneActor::put_to_sleep() {
  let_go(told_, true);
  let_go(idle_, false);
}

// The longest idle first. Whoever has something unwritten hands it over, and goes once that is
// written. `at_once`: however short a time they are idle.
void LaneActor::let_go(IdleOrder& order, bool at_once) {
  const EngineOptions& options = surroundings_.options;
  std::size_t most = kLookedAtOnce;
  for (Slot *slot = order.oldest(), *next; slot != nullptr && most > 0; slot = next, --most) {
    next = slot->newer;
    const bool now = at_once || awake() > options.awake;
    if (!now && slot->touched > lately_ - options.idle) break;
    if (slot->signs->asked.exchange(false)) {
      touch(*slot);
      continue;
    }
    // Whoever is set aside stays awake, and out of the others' way.
    if (slot->signs->set_aside) {
      touch(*slot);
      continue;
    }
    if (!write_behind_.ask(slot->shared_from_this())) continue;
    order.erase(*slot);
    surroundings_.directory.erase(*slot);
    surroundings_.put_to_sleep.fetch_add(1, std::memory_order_relaxed);
  }
}

// What cannot be read fails only who asks: nothing was promised.
void LaneActor::wake_for(const Wake& message) noexcept {
  SlotPtr slot = surroundings_.directory.find(message.customer_id);
  StoreStatus failed;
  if (slot == nullptr && dead_) {
    failed = lost();
  } else if (slot == nullptr) {
    failed = wake(message.customer_id, false, false, slot);
    if (failed) tell_unreadable(surroundings_.events, *failed);
  }
  message.then(slot, failed ? &*failed : nullptr);
}

// --- time passes ----------------------------------------------------------------------------

void LaneActor::tick() noexcept {
  if (dead_ || ending_) return;
  if (StoreStatus lost = intake_->lane().still_owned()) return die(*lost);
  lately_ = surroundings_.now();
  const Instant at = std::max(lately_, intake_->lane().last_at());
  tell_of_clock(intake_->lane().last_at());
  // Those who were told before go to sleep first: a million are told some thousand at a time.
  bool more = true;
  if (told_.size() < kToldAwake) {
    std::vector<std::string> due;
    if (StoreStatus failed = clock_.due(at, kToldAtOnce, due, more)) {
      surroundings_.events.alarm("clock_failed", failed->detail);
      more = false;
    }
    for (const std::string& customer : due) intake_->entry({at, customer, reckoner::Clock{}});
    gathered_.push_back({nullptr, due.size()});
  }
  static_cast<void>(intake_->reader().catch_up());
  put_to_sleep();
  try_rows_ = true;
  // So that there is something to try, although nobody is due to be written.
  if (refused_ && !write_behind_.has_handed()) write_behind_.ask_one();
  commit_soon();
  // A store that refuses is not asked more often for it: who is due stays due.
  if (refused_) more = false;
  tick_again_ = more;
  if (surroundings_.options.deterministic) return;
  const Micros wait = more ? kSecond / 100 : surroundings_.options.tick;
  delayed_send(this, std::chrono::microseconds(wait), Tick{});
}

// Where time stands still between ticks, the next follows at once: when those who were told have
// had their turn, for the lane's own messages could keep it from them.
void LaneActor::go_on_ticking() {
  if (!surroundings_.options.deterministic || told_.size() >= kToldAwake) return;
  if (std::exchange(tick_again_, false)) send(this, Tick{});
}

// What was accepted is never stamped before what was accepted earlier: while the clock is behind,
// time stands still, and true timestamps may come to lie too far back.
void LaneActor::tell_of_clock(Instant last_at) {
  const bool behind = last_at > lately_ + kClockBehind;
  if (behind && !clock_is_behind_)
    surroundings_.events.alarm("clock_behind", "the clock says " + format_instant(lately_) +
                                                   ", but entries were accepted up to " +
                                                   format_instant(last_at) + "; set it right");
  clock_is_behind_ = behind;
}

void LaneActor::write_all(const WriteAll& message) noexcept {
  if (dead_) return message.done(lost());
  if (message.and_end) {
    ending_ = true;
    turn_away_waiting({"stopping", "the engine is stopping", Retry::later});
  }
  // What is in the batch has its sequences only once it is committed.
  commit();
  if (dead_) return message.done(lost());
  Waiting waiting{{}, message};
  for (std::uint32_t shard = 0; shard < write_behind_.shards(); ++shard)
    waiting.until.push_back(write_behind_.applied(shard));
  waiting_.push_back(std::move(waiting));
  try_rows_ = true;
  write_behind_.ask_due(waited_for());
  commit_soon();
}

Status LaneActor::change_book(const ChangeBook& message) {
  commit();
  std::optional<Error> invalid;
  StoreStatus failed = message.from ? intake_->change_book(*message.from, *message.book, invalid)
                                    : intake_->begin_with(*message.book, invalid);
  if (!failed && !invalid) failed = clock_.start();
  if (failed) return failed->as_error();
  if (invalid) return *invalid;
  return Done{};
}

// By shard, up to which entry somebody waits for it to be written.
std::vector<std::uint64_t> LaneActor::waited_for() const {
  std::vector<std::uint64_t> until;
  for (const Waiting& one : waiting_) {
    until.resize(one.until.size());
    for (std::size_t shard = 0; shard < until.size(); ++shard)
      until[shard] = std::max(until[shard], one.until[shard]);
  }
  return until;
}

void LaneActor::end_waiting() {
  if (waiting_.empty()) return;
  std::vector<Waiting> still;
  for (Waiting& one : std::exchange(waiting_, {})) {
    bool written = true;
    for (std::uint32_t shard = 0; shard < write_behind_.shards(); ++shard)
      written = written && write_behind_.marked(shard) >= one.until[shard];
    if (!written) {
      still.push_back(std::move(one));
      continue;
    }
    one.message.done(one.message.and_end ? intake_->flush_key_log() : std::nullopt);
  }
  waiting_ = std::move(still);
  // Marks alone may still be behind.
  if (!waiting_.empty() && write_behind_.marks_behind()) commit_soon();
}

}  // namespace reckoner::actors
