// A store that fails where a test wants it to: FaultyStore stands in front of another Store and
// counts its calls, readers' too; Faults, which the test keeps, says which call fails and how, and
// afterwards whether it came to that.
//
//   auto faults = std::make_shared<Faults>();
//   faults->plan({.nth = 3, .only = StoreCall::commit, .fault = FaultKind::in_doubt_done});
//   FaultyStore store(std::move(real), faults);
//   … run something …
//   CHECK(faults->fired());
//
// To fail each call of a run in turn: run once without a plan, ask calls(), and run again with
// nth = 1, 2 … up to that. To reopen after a fault, put a new FaultyStore with the same Faults in
// front of the store opened again: what had broken is whole again, and counting goes on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "storage/store/store.hpp"

namespace reckoner::storage {

// What can be called. Closing a store or a reader is not counted and never fails.
enum class StoreCall : std::uint8_t {
  lock,
  take_epochs,
  commit,
  commit_aside,
  commit_beside,
  shard_state,
  open_reader,
  refresh,
  get,
  scan,
  scan_journal,
  info,
  migrate,
  check,
};
inline constexpr std::size_t kStoreCalls = 14;
std::string_view store_call_name(StoreCall call);

// The call is not done, and says so with the contract's status; but for in_doubt_done.
enum class FaultKind : std::uint8_t {
  full,
  retry,
  fenced,
  fatal,
  in_doubt_done,      // it is done, and says RECKONER_IN_DOUBT
  in_doubt_not_done,  // it is not done, and says RECKONER_IN_DOUBT
};

struct FaultPlan {
  std::uint64_t nth = 0;          // counted from 1 since the plan was made; 0: none fails
  std::optional<StoreCall> only;  // only these are counted, and only these fail
  FaultKind fault = FaultKind::fatal;
  // All that follow fail too, until the store is opened again: with `only`, calls of that kind (a
  // disk that is full, say), without it all (a connection that is gone). None of them is done.
  bool from_then_on = false;
};

// Any thread may call anything.
class Faults {
 public:
  struct Fired {
    StoreCall call;
    std::uint64_t number;  // of all calls, from 1
  };
  // Runs in the calling thread before each call, planned to fail or not, while nothing is locked:
  // it may do anything, also end the process. `number` is of all calls, from 1.
  using BeforeCall = std::function<void(StoreCall call, std::uint64_t number)>;

  // Replaces the plan before it, of which nothing is left, and forgets what fired.
  void plan(const FaultPlan& plan);
  // Set it before calls come.
  void before_call(BeforeCall hook) { before_call_ = std::move(hook); }

  // The call at which the plan came true; empty: it has not yet.
  std::optional<Fired> fired() const;
  std::uint64_t calls() const;
  std::uint64_t calls(StoreCall call) const;

 private:
  friend class FaultyStore;
  friend class FaultyReader;

  // Counts a call, and says how it fails, if it does.
  std::optional<FaultKind> next(StoreCall call);
  void reopened();

  mutable std::mutex mutex_;
  FaultPlan plan_;
  std::uint64_t towards_plan_ = 0;
  std::optional<Fired> fired_;
  bool broken_ = false;
  std::uint64_t calls_ = 0;
  std::array<std::uint64_t, kStoreCalls> calls_by_kind_{};
  BeforeCall before_call_;
};

class FaultyStore : public Store {
 public:
  FaultyStore(std::unique_ptr<Store> inner, std::shared_ptr<Faults> faults);

  StoreStatus lock(std::string_view owner, bool take_over) override;
  StoreStatus take_epochs(std::vector<ShardState>& states) override;
  StoreStatus commit(std::uint32_t lane, const Batch& batch) override;
  StoreStatus commit_aside(const Batch& batch) override;
  StoreStatus commit_beside(const Batch& batch) override;
  StoreStatus shard_state(std::uint32_t shard, ShardState& state) override;
  StoreStatus open_reader(std::unique_ptr<Reader>& reader) override;
  StoreStatus info(StoreInfo& info) override;
  StoreStatus migrate(const OnProgress& on_progress) override;
  StoreStatus check(const OnDamage& on_damage) override;

 private:
  std::unique_ptr<Store> inner_;
  std::shared_ptr<Faults> faults_;
};

}  // namespace reckoner::storage
