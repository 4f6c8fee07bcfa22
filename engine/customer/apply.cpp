#include "engine/customer/apply.hpp"

#include <algorithm>

#include "engine/customer/state_encoding.hpp"
#include "engine/limits.hpp"

namespace reckoner {
namespace {

// --- what leaves the state ------------------------------------------------------------------

Departed& departed(CustomerState& state) {
  if (!state.departed) state.departed = std::make_unique<Departed>();
  return *state.departed;
}

enum class Leaves : std::uint8_t { charge, usage, subscription };

template <class Leaving>
void chain(Departed& gone, Leaves kind, const Leaving& leaving) {
  Encoder link;
  link.raw(as_bytes(gone.digest));
  link.byte(static_cast<std::uint8_t>(kind));
  encode(link, leaving);
  gone.digest = sha256(link.bytes());
}

void close_charge(CustomerState& state, Charge* charge) {
  Departed& gone = departed(state);
  ++gone.charges;
  gone.charged += Money::of_cents(charge->amount);
  chain(gone, Leaves::charge, *charge);
  state.charges.erase(charge);
}

void close_usage(CustomerState& state, const PeriodUsage& usage, Effects& effects) {
  Departed& gone = departed(state);
  ++gone.period_usages;
  gone.tokens = add_saturating(gone.tokens, usage.tokens);
  gone.requests += usage.requests;
  gone.cost += usage.cost;
  chain(gone, Leaves::usage, usage);
  effects.closed_usage.push_back({period_at(state, usage.period_start), usage});
}

// At the end of a period: whatever no entry from now on can touch.
void forget_old(CustomerState& state, Instant now, const Books& books, Effects& effects) {
  const Instant oldest = books.oldest_usage(now);
  const auto still_open = std::find_if(
      state.usage.begin(), state.usage.end(),
      [&](const PeriodUsage& usage) { return period_at(state, usage.period_start).end > oldest; });
  for (auto usage = state.usage.begin(); usage != still_open; ++usage)
    close_usage(state, *usage, effects);
  state.usage.erase(state.usage.begin(), still_open);
  for (const Subscription& subscription : state.subscriptions.forget_ended(now)) {
    ++departed(state).subscriptions;
    chain(departed(state), Leaves::subscription, subscription);
  }
  state.timeline.forget_before(oldest);
  state.billing_days.forget_before(oldest);
}

// --- charges --------------------------------------------------------------------------------

void charge_accrued(CustomerState& state, Instant at, ChargeReason reason, const Settings& settings,
                    Effects& effects) {
  const Cents amount = floor_cents(state.accrued);
  if (Money::of_cents(amount) < settings.minimum_charge) return;
  if (!state.linked() || state.blocked()) return;
  Charge charge;
  charge.at = at;
  charge.amount = amount;
  charge.tokens = state.unbilled_tokens;
  charge.number = ++state.charges_made;
  charge.reason = reason;
  const bool hold =
      settings.hold_charge > Money{} && Money::of_cents(amount) > settings.hold_charge;
  if (hold) {
    charge.status = ChargeStatus::held;
    ++state.blocking_charges;
  }
  state.accrued -= Money::of_cents(amount);
  state.unbilled_tokens = 0;
  effects.charges.push_back(charge);
  state.charges.push_back(std::move(charge));
}

void look_at_threshold(CustomerState& state, Instant at, const Books& books, Effects& effects) {
  const Settings& settings = books.at(at).settings();
  if (state.accrued >= settings.threshold)
    charge_accrued(state, at, ChargeReason::threshold, settings, effects);
}

Charge* open_charge(CustomerState& state, std::uint32_t number) {
  for (Charge& charge : state.charges)
    if (charge.number == number) return &charge;
  return nullptr;
}

void move_charge(CustomerState& state, Charge& charge, ChargeStatus status,
                 std::string_view polar_charge_id, Effects& effects) {
  if (is_blocking(charge.status)) --state.blocking_charges;
  if (is_blocking(status)) ++state.blocking_charges;
  charge.status = status;
  if (!polar_charge_id.empty()) charge.polar_charge_id = polar_charge_id;
  effects.charges.push_back(charge);
  if (is_closed(status)) close_charge(state, &charge);
}

// Whether a payment names this charge: by the engine's id, or by Polar's as its own or as that of
// what it pays.
bool names_charge(const PolarEvent& payment, const CustomerState& state, const Charge& charge) {
  if (payment.charge_id == charge_id(state.id, charge.number)) return true;
  const std::string_view polar = charge.polar_charge_id;
  return !polar.empty() && (polar == payment.charge_id || polar == payment.object_id);
}

// Another amount under a charge's id is a drift, and clears nothing.
void clear_paid_charge(CustomerState& state, const PolarEvent& payment, Effects& effects) {
  if (!payment.foreign_currency.empty()) return;
  for (Charge& charge : state.charges) {
    if (payment.amount != charge.amount || !names_charge(payment, state, charge)) continue;
    move_charge(state, charge, ChargeStatus::paid, {}, effects);
    return;
  }
}

// What Polar or an operator says of a charge: `after` gives the status that it then has, if it
// applies to the one it has now.
template <class After>
void move_as_said(CustomerState& state, Instant at, std::uint32_t number, After after,
                  std::string_view polar_charge_id, const Books& books, Effects& effects) {
  Charge* charge = open_charge(state, number);
  const auto status = charge == nullptr ? std::nullopt : after(charge->status);
  if (!status) {
    effects.unknown_charge = true;
    return;
  }
  const bool was_blocked = state.blocked();
  move_charge(state, *charge, *status, polar_charge_id, effects);
  if (was_blocked && !state.blocked()) look_at_threshold(state, at, books, effects);
}

// --- tier -----------------------------------------------------------------------------------

void enter_tier(CustomerState& state, Instant from, const BookInForce& book) {
  state.timeline.enter(from, entitled_plan(state.subscriptions, from, book), book.default_plan());
}

// As of the event's effective time and then of each end of grace since; by the book under which it
// was accepted, which may know a product that its own time did not.
void enter_tiers_since(CustomerState& state, Instant effective, Instant now,
                       const BookInForce& book) {
  enter_tier(state, effective, book);
  for (Instant end = state.subscriptions.next_grace_end(effective); end <= now;
       end = state.subscriptions.next_grace_end(end))
    enter_tier(state, end, book);
}

// --- time -----------------------------------------------------------------------------------

void find_own_due(CustomerState& state) {
  state.own_due = std::min(state.current.end, state.subscriptions.next_grace_end(state.brought_to));
}

void end_period(CustomerState& state, const Books& books, Effects& effects) {
  const Instant end = state.current.end;
  charge_accrued(state, end, ChargeReason::cycle, books.at(end).settings(), effects);
  state.billing_days.period_ends(end);
  state.current = state.billing_days.period_of(end);
  forget_old(state, end, books, effects);
}

bool ready(CustomerState& state, Instant at, const Books& books, Effects& effects) {
  if (state.set_aside != SetAside::no) {
    effects.set_aside = true;
    return false;
  }
  bring_forward(state, at, books, effects);
  return true;
}

void set_aside(CustomerState& state, SetAside reason, Effects& effects) {
  state.set_aside = reason;
  effects.set_aside = true;
}

// --- usage ----------------------------------------------------------------------------------

bool beyond(Money amount, Money limit) {
  return amount > limit || Money{} - amount > limit;
}

// Where the row of a period and plan stands, or would.
PeriodUsage* usage_place(CompactVector<PeriodUsage>& rows, Instant period_start, PlanNumber plan) {
  const auto before = std::find_if(rows.rbegin(), rows.rend(), [&](const PeriodUsage& row) {
    return row.period_start < period_start || (row.period_start == period_start && row.plan < plan);
  });
  return before.base();
}

// --- notices --------------------------------------------------------------------------------

PolarNumber polar_number(CustomerState& state, std::string_view polar_customer_id) {
  for (std::size_t i = 0; i < state.polar_ids.size(); ++i)
    if (state.polar_ids[i].view() == polar_customer_id) return static_cast<PolarNumber>(i);
  state.polar_ids.push_back(polar_customer_id);
  return static_cast<PolarNumber>(state.polar_ids.size() - 1);
}

class NoticeApplication {
 public:
  NoticeApplication(CustomerState& state, Instant at, const Books& books, Effects& effects)
      : state_(state), at_(at), books_(books), effects_(effects) {}

  void operator()(const Profile& profile) {
    if (profile.email) state_.email = *profile.email;
    if (profile.name) state_.name = *profile.name;
    if (profile.company) state_.company = *profile.company;
    if (profile.billing_day) state_.billing_days.ask(*profile.billing_day);
  }
  void operator()(const Link& link) {
    state_.link = polar_number(state_, link.polar_customer_id);
    linked_ = true;
  }
  void operator()(const Unlink&) { state_.link = kNotLinked; }
  void operator()(const PolarEvent& event) {
    const PolarNumber polar = polar_number(state_, event.polar_customer_id);
    const Micros grace = books_.at(event.arrived).settings().grace();
    if (!state_.subscriptions.hear(event, polar, grace)) ++effects_.stale;
    if (state_.payments.hear(event)) {
      const bool refund = event.kind == PolarEventKind::refund;
      effects_.payments_changed.emplace_back(refund ? event.order_id : event.object_id);
    }
    if (event.kind == PolarEventKind::payment) clear_paid_charge(state_, event, effects_);
    enter_tiers_since(state_, event.effective(), at_, books_.at(at_));
  }

  bool linked() const { return linked_; }

 private:
  CustomerState& state_;
  Instant at_;
  const Books& books_;
  Effects& effects_;
  bool linked_ = false;
};

}  // namespace

CustomerState register_customer(std::string_view customer_id, Instant at,
                                std::optional<std::uint8_t> billing_day, const Books& books) {
  CustomerState state;
  state.id = customer_id;
  const auto book_day = static_cast<std::uint8_t>(books.at(at).settings().billing_day);
  state.billing_days = BillingDays(billing_day.value_or(book_day));
  state.brought_to = at;
  restore_derived(state);
  return state;
}

std::optional<std::uint8_t> billing_day_in(const Notice& notice) {
  for (const Act& act : notice.acts)
    if (const auto* profile = std::get_if<Profile>(&act); profile && profile->billing_day)
      return profile->billing_day;
  return std::nullopt;
}

void restore_derived(CustomerState& state) {
  state.blocking_charges = static_cast<std::uint32_t>(
      std::count_if(state.charges.begin(), state.charges.end(),
                    [](const Charge& charge) { return is_blocking(charge.status); }));
  state.current = state.billing_days.period_of(state.brought_to);
  find_own_due(state);
}

void bring_forward(CustomerState& state, Instant at, const Books& books, Effects& effects) {
  if (state.set_aside != SetAside::no) return;
  for (Instant due; (due = next_due(state, books)) <= at;) {
    state.brought_to = due;
    if (state.current.end == due) end_period(state, books, effects);
    enter_tier(state, due, books.at(due));
    find_own_due(state);
  }
  state.brought_to = std::max(state.brought_to, at);
}

Instant next_due(const CustomerState& state, const Books& books) {
  return std::min(state.own_due, books.next_change(state.brought_to));
}

void apply(CustomerState& state, Instant at, const Usage& usage, const Books& books,
           Effects& effects) {
  if (!ready(state, at, books, effects)) return;
  const Instant timestamp = usage.timestamp.value_or(at);
  const BookInForce& book = books.at(at);
  const PlanNumber plan = state.timeline.at(timestamp, book.default_plan());
  const Period period = period_at(state, timestamp);
  auto row = usage_place(state.usage, period.start, plan);
  const bool begun =
      row != state.usage.end() && row->period_start == period.start && row->plan == plan;
  const std::int64_t before = begun ? row->tokens : 0;
  if (std::max(before, state.unbilled_tokens) > kMaxTokensSummed - usage.tokens)
    return set_aside(state, SetAside::tokens_out_of_range, effects);
  const Money cost = book.plan(plan).pricing.cost_of_next(before, usage.tokens);
  const Money accrued = state.accrued + cost;
  const Money period_cost = (begun ? row->cost : Money{}) + cost;
  if (beyond(accrued, kMaxAccrued) || beyond(period_cost, kMaxPeriodCost))
    return set_aside(state, SetAside::money_out_of_range, effects);
  if (!begun) {
    row = state.usage.insert(row, PeriodUsage{});
    row->period_start = period.start;
    row->plan = plan;
  }
  row->tokens += usage.tokens;
  row->requests += 1;
  row->cost = period_cost;
  state.accrued = accrued;
  state.unbilled_tokens += usage.tokens;
  effects.priced = PricedUsage{period, plan, cost};
  look_at_threshold(state, at, books, effects);
}

void apply(CustomerState& state, Instant at, const Notice& notice, const Books& books,
           Effects& effects) {
  if (!ready(state, at, books, effects)) return;
  const bool was_blocked = state.blocked();
  NoticeApplication application(state, at, books, effects);
  for (const Act& act : notice.acts) std::visit(application, act);
  find_own_due(state);
  if (application.linked() || (was_blocked && !state.blocked()))
    look_at_threshold(state, at, books, effects);
}

void apply(CustomerState& state, Instant at, const Settlement& settlement, const Books& books,
           Effects& effects) {
  if (!ready(state, at, books, effects)) return;
  const auto after = [&](ChargeStatus now) { return after_settlement(now, settlement.status); };
  move_as_said(state, at, settlement.charge_number, after, settlement.polar_charge_id, books,
               effects);
}

void apply(CustomerState& state, Instant at, const OperatorAct& act, const Books& books,
           Effects& effects) {
  if (!ready(state, at, books, effects)) return;
  const auto after = [&](ChargeStatus now) { return after_decision(now, act.decision); };
  move_as_said(state, at, act.charge_number, after, {}, books, effects);
}

void apply(CustomerState& state, Instant at, const Clock&, const Books& books, Effects& effects) {
  ready(state, at, books, effects);
}

}  // namespace reckoner
