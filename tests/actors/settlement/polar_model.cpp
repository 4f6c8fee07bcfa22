#include "tests/actors/settlement/polar_model.hpp"

#include <algorithm>
#include <optional>

namespace reckoner::settlement {
namespace {

using polar::NotNow;
using Cause = NotNow::Cause;

std::optional<polar::Outcome> general(Deed deed) {
  const auto none = std::nullopt;
  switch (deed) {
    case Deed::no_key:
      return NotNow{Cause::key, "Polar answers 401", none, false};
    case Deed::too_many:
      return NotNow{Cause::too_many, "Polar answers 429", std::chrono::seconds(60), false};
    case Deed::broken_before:
    case Deed::broken_after:
      return NotNow{Cause::broken, "Polar answers 500", none, true};
    case Deed::lost_before:
    case Deed::lost_after:
      return NotNow{Cause::unreachable, "closed before it answered", none, true};
    case Deed::no_connection:
      return NotNow{Cause::unreachable, "Connection refused", none, false};
    default:
      return none;
  }
}

}  // namespace

void PolarModel::note(const std::string& call) {
  calls.push_back(call);
  call_times.push_back(time_.passed());
  most_under_way = std::max(most_under_way, ++under_way);
}

void PolarModel::answer(polar::OnOutcome on_outcome, polar::Outcome outcome) {
  time_.after(delay(), [this, on_outcome = std::move(on_outcome), outcome = std::move(outcome)] {
    --under_way;
    on_outcome(outcome);
  });
}

void PolarModel::take(const polar::ChargeOrder& order) {
  Held& held_now = held[order.charge_id];
  if (held_now.takes > 0) return;  // the same Idempotency-Key
  held_now = {order.amount, "ch_" + std::to_string(held.size()), 1};
}

polar::Outcome PolarModel::shown(const polar::ChargeOrder& order) const {
  const Held& held_now = held.at(order.charge_id);
  if (held_now.amount != order.amount) return polar::Drift{held_now.id, "another amount"};
  return polar::Taken{held_now.id, ChargeStatus::submitted};
}

void PolarModel::send(const polar::ChargeOrder& order, polar::OnOutcome on_outcome) {
  note("send " + order.charge_id);
  const Deed now = deed(order, true);
  if (now == Deed::refuse) return answer(std::move(on_outcome), polar::Refused{"402"});
  if (now == Deed::conflict) return answer(std::move(on_outcome), polar::Held{});
  const bool takes = now == Deed::good || now == Deed::lost_after || now == Deed::broken_after;
  // Some time after it was sent: whoever looks it up meanwhile finds nothing.
  time_.after(delay(), [=, this] {
    if (takes) take(order);
    const auto failure = general(now);
    answer(on_outcome, failure ? *failure : shown(order));
  });
}

void PolarModel::look_up(const polar::ChargeOrder& order, polar::OnOutcome on_outcome) {
  note("look " + order.charge_id);
  const Deed now = deed(order, false);
  if (now == Deed::cannot_look) return answer(std::move(on_outcome), polar::CannotLook{});
  if (const auto failure = general(now)) return answer(std::move(on_outcome), *failure);
  if (!held.contains(order.charge_id)) return answer(std::move(on_outcome), polar::Absent{});
  answer(std::move(on_outcome), shown(order));
}

std::size_t PolarModel::count(const std::string& call) const {
  return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), call));
}

}  // namespace reckoner::settlement
