// The lane's part of gathering: which requests are let in, and what goes into the batch.
#include <algorithm>
#include <utility>

#include "actors/engine/lane_actor.hpp"

namespace reckoner::actors {
namespace {

using storage::StoreError;
using storage::StoreStatus;

constexpr std::size_t kSlowedDown = 8;

}  // namespace

Error LaneActor::unavailable(const StoreError& error) {
  return {"unavailable", error.detail, Retry::later};
}

void LaneActor::submit(RequestPtr request) noexcept {
  if (dead_) return request->failed({"unavailable", "the store is lost", Retry::later});
  if (ending_) return request->failed({"stopping", "the engine is stopping", Retry::later});
  if (!is_crowded() && waiting_room_.empty()) return stage(std::move(request));
  // What makes room is written with the next commits; where the store refuses them, nothing does.
  if (refused_)
    return request->failed(
        {"unavailable", "the store does not take what is to be written", Retry::later});
  waiting_room_.push_back(std::move(request));
  commit_soon();
}

// More customers are awake, or unwritten, than there should be: those go first, and who sends
// waits. The front door bounds how many wait.
bool LaneActor::is_crowded() const {
  const std::size_t most = surroundings_.options.awake;
  return write_behind_.far_behind() || awake() > most + most / 2;
}

void LaneActor::admit_waiting() {
  while (!waiting_room_.empty() && !is_crowded() && !dead_ &&
         intake_->lane().entries() < most_entries()) {
    RequestPtr next = std::move(waiting_room_.front());
    waiting_room_.pop_front();
    stage(std::move(next));
  }
  // Otherwise those who hand over, or the next tick, bring it on.
  if (!waiting_room_.empty() && !is_crowded()) commit_soon();
}

void LaneActor::stage(RequestPtr request) {
  lately_ = surroundings_.now();
  const Instant at = std::max(request->at().value_or(lately_), intake_->lane().last_at());
  const std::size_t before = intake_->added().size();
  std::optional<Error> refused;
  if (StoreStatus failed = request->stage(*intake_, at, refused)) {
    clock_.not_written();
    request->failed(unavailable(*failed));
    return stage_again(unavailable(*failed));
  }
  if (refused) return request->failed(*refused);
  const std::size_t entries = intake_->added().size() - before;
  if (request->waits_for_customers()) request->hold(static_cast<std::uint32_t>(entries));
  gathered_.push_back({std::move(request), entries});
  if (intake_->lane().entries() >= most_entries())
    commit();
  else
    commit_soon();
}

// What a request cannot look up drops the batch, in which others are that are none the worse for
// it. Where it happens again meanwhile, the store is at fault, and all of them fail.
void LaneActor::stage_again(const Error& failed) {
  if (staging_again_) return fail_gathered(failed);
  staging_again_ = true;
  for (Gathered& one : std::exchange(gathered_, {})) {
    if (one.request == nullptr) continue;
    if (one.request->waits_for_customers())
      one.request->let_go(static_cast<std::uint32_t>(one.entries));
    stage(std::move(one.request));
  }
  staging_again_ = false;
}

void LaneActor::turn_away_waiting(const Error& error) {
  for (RequestPtr& request : std::exchange(waiting_room_, {})) request->failed(error);
}

// The message goes behind all that came in meanwhile, so one commit takes all of that. There is one
// at a time, also where a commit was made without it: two would share what comes between them.
void LaneActor::commit_soon() {
  if (commit_pending_) return;
  commit_pending_ = true;
  send(this, CommitNow{});
}

void LaneActor::fail_gathered(const Error& error) {
  for (Gathered& one : std::exchange(gathered_, {}))
    if (one.request != nullptr) one.request->failed(error);
}

// Nobody waits for what does not come: neither who asked for a list, nor an engine that ends.
void LaneActor::fail_all(const StoreError& failed, const Error& said) {
  fail_gathered(said);
  turn_away_waiting(said);
  for (Waiting& waiting : std::exchange(waiting_, {})) waiting.message.done(failed);
}

// While more are awake than there should be, a commit wakes fewer at a time.
std::size_t LaneActor::most_entries() const {
  const EngineOptions& options = surroundings_.options;
  const bool many = awake() > options.awake;
  return many ? std::max<std::size_t>(1, options.entries_in_commit / kSlowedDown)
              : options.entries_in_commit;
}

}  // namespace reckoner::actors
