#include "engine/customer/state_encoding.hpp"

#include <algorithm>

#include "engine/customer/apply.hpp"
#include "engine/limits.hpp"

namespace reckoner {
namespace {

// What decoding takes; far beyond what a customer's years can sum up to.
constexpr Money kMaxDeparted{kMaxPeriodCost.pico * 10'000};

void encode(Encoder& out, EventOrder order) {
  out.instant(order.sent);
  out.instant(order.modified);
}

EventOrder decode_order(Decoder& in) {
  const Instant sent = in.instant();
  return {sent, in.instant()};
}

Subscription decode_subscription(Decoder& in) {
  Subscription subscription;
  subscription.id = in.text();
  subscription.polar = in.small<PolarNumber>();
  subscription.product_id = in.text();
  subscription.status = static_cast<SubscriptionStatus>(in.choice(kSubscriptionStatuses));
  subscription.last = decode_order(in);
  subscription.unlisted = decode_order(in);
  subscription.past_due_since = in.instant();
  subscription.grace_end = in.instant();
  return subscription;
}

void encode(Encoder& out, const BillingDays& days) {
  out.byte(days.asked());
  out.count(days.segments().size());
  for (const auto& segment : days.segments()) {
    out.instant(segment.from);
    out.byte(segment.day);
  }
}

// A list, each item by `decode_item`, which takes `least` bytes or more of the input.
template <class Item, class DecodeItem>
CompactVector<Item> decode_list(Decoder& in, std::size_t least, DecodeItem decode_item) {
  CompactVector<Item> items;
  std::size_t left = in.list(least);
  items.reserve(left);
  for (; left > 0 && in.good(); --left) items.push_back(decode_item(in));
  return items;
}

std::uint8_t decode_day(Decoder& in) {
  const std::uint8_t day = in.byte();
  in.require(day >= 1 && day <= 31);
  return day;
}

BillingDays decode_days(Decoder& in) {
  const std::uint8_t asked = decode_day(in);
  auto segments = decode_list<BillingDays::Segment>(in, 2, [](Decoder& from) {
    const Instant start = from.instant();
    from.require(start == kDistantPast || in_calendar(start));
    return BillingDays::Segment{start, decode_day(from)};
  });
  in.require(!segments.empty());
  return {asked, std::move(segments)};
}

void encode(Encoder& out, const Subscriptions& subscriptions) {
  encode(out, subscriptions.forgotten());
  out.count(subscriptions.all().size());
  for (const Subscription& subscription : subscriptions.all()) encode(out, subscription);
}

void decode(Decoder& in, Subscriptions& subscriptions) {
  const EventOrder forgotten = decode_order(in);
  subscriptions.restore(decode_list<Subscription>(in, 10, decode_subscription), forgotten);
}

void encode(Encoder& out, const TierTimeline& timeline) {
  out.count(timeline.entries().size());
  for (const auto& entry : timeline.entries()) {
    out.instant(entry.from);
    out.count(entry.plan);
  }
}

void decode(Decoder& in, TierTimeline& timeline) {
  timeline.restore(decode_list<TierTimeline::Entry>(in, 2, [](Decoder& from) {
    const Instant start = from.instant();
    return TierTimeline::Entry{start, from.small<PlanNumber>()};
  }));
}

void encode(Encoder& out, const Payment& payment) {
  out.text(payment.id);
  out.flag(payment.paid);
  out.text(payment.product_id);
  out.number(payment.amount);
  out.number(payment.refunded);
  out.count(payment.refunds.size());
  for (const Refund& refund : payment.refunds) {
    out.text(refund.id);
    out.number(refund.amount);
  }
}

Payment decode_payment(Decoder& in) {
  Payment payment;
  payment.id = in.text();
  payment.paid = in.flag();
  payment.product_id = in.text();
  payment.amount = in.number();
  payment.refunded = in.number();
  payment.refunds = decode_list<Refund>(in, 2, [](Decoder& from) {
    const std::string_view id = from.text();
    return Refund{id, from.number()};
  });
  return payment;
}

void encode(Encoder& out, const Payments& payments) {
  out.count(payments.all().size());
  for (const Payment& payment : payments.all()) encode(out, payment);
  out.count(payments.foreign().size());
  for (const ForeignPayment& payment : payments.foreign()) {
    out.text(payment.id);
    out.text(payment.currency);
    out.number(payment.amount);
  }
}

ForeignPayment decode_foreign(Decoder& in) {
  ForeignPayment payment;
  payment.id = in.text();
  payment.currency = in.text();
  payment.amount = in.number();
  return payment;
}

void decode(Decoder& in, Payments& payments) {
  auto held = decode_list<Payment>(in, 6, decode_payment);
  payments.restore(std::move(held), decode_list<ForeignPayment>(in, 3, decode_foreign));
}

void encode(Encoder& out, const Departed& departed) {
  out.number(departed.charges);
  out.money(departed.charged);
  out.number(departed.period_usages);
  out.number(departed.tokens);
  out.number(departed.requests);
  out.money(departed.cost);
  out.number(departed.subscriptions);
  out.raw(as_bytes(departed.digest));
}

Departed decode_departed(Decoder& in) {
  Departed departed;
  departed.charges = in.number();
  departed.charged = in.money_within(kMaxDeparted);
  departed.period_usages = in.number();
  departed.tokens = in.number();
  departed.requests = in.number();
  departed.cost = in.money_within(kMaxDeparted);
  departed.subscriptions = in.number();
  const std::string_view digest = in.raw(departed.digest.size());
  std::copy(digest.begin(), digest.end(), departed.digest.begin());
  return departed;
}

// A number that stands for something in the state must have it: a plan, a Polar customer.
bool numbers_are_known(const CustomerState& state, const Books& books) {
  const auto plan_known = [&](const auto& row) {
    return row.plan < books.latest().book().prices.plans.size();
  };
  const auto polar_known = [&](const Subscription& s) { return s.polar < state.polar_ids.size(); };
  const auto& subscriptions = state.subscriptions.all();
  const auto& timeline = state.timeline.entries();
  return std::all_of(state.usage.begin(), state.usage.end(), plan_known) &&
         std::all_of(timeline.begin(), timeline.end(), plan_known) &&
         std::all_of(subscriptions.begin(), subscriptions.end(), polar_known) &&
         (!state.linked() || state.link < state.polar_ids.size());
}

void decode(Decoder& in, CustomerState& state) {
  state.id = in.text();
  state.email = in.text();
  state.name = in.text();
  state.company = in.text();
  state.polar_ids = decode_list<Text>(in, 1, [](Decoder& from) { return Text(from.text()); });
  state.link = in.small<PolarNumber>();
  state.set_aside = static_cast<SetAside>(in.choice(kSetAside));
  state.billing_days = decode_days(in);
  decode(in, state.subscriptions);
  decode(in, state.timeline);
  state.usage = decode_list<PeriodUsage>(in, 5, decode_period_usage);
  state.accrued = in.money_within(kMaxAccrued);
  state.unbilled_tokens = in.number_in(0, kMaxTokensSummed);
  state.charges_made = in.small<std::uint32_t>();
  state.charges = decode_list<Charge>(in, 7, decode_charge);
  decode(in, state.payments);
  if (in.flag()) state.departed = std::make_unique<Departed>(decode_departed(in));
}

}  // namespace

void encode(Encoder& out, const Charge& charge) {
  out.count(charge.number);
  out.instant(charge.at);
  out.number(charge.amount);
  out.number(charge.tokens);
  out.byte(static_cast<std::uint8_t>(charge.reason));
  out.byte(static_cast<std::uint8_t>(charge.status));
  out.text(charge.polar_charge_id);
}

Charge decode_charge(Decoder& in) {
  Charge charge;
  charge.number = in.small<std::uint32_t>();
  charge.at = in.instant();
  charge.amount = in.number_in(0, INT64_MAX);
  charge.tokens = in.number_in(0, kMaxTokensSummed);
  charge.reason = static_cast<ChargeReason>(in.choice(kChargeReasons));
  charge.status = static_cast<ChargeStatus>(in.choice(kChargeStatuses));
  charge.polar_charge_id = in.text();
  return charge;
}

PeriodUsage decode_period_usage(Decoder& in) {
  PeriodUsage usage;
  usage.period_start = in.date_instant();
  usage.plan = in.small<PlanNumber>();
  usage.tokens = in.number_in(0, kMaxTokensSummed);
  usage.requests = in.number_in(0, INT64_MAX);
  usage.cost = in.money_within(kMaxPeriodCost);
  return usage;
}

void encode(Encoder& out, const PeriodUsage& usage) {
  out.instant(usage.period_start);
  out.count(usage.plan);
  out.number(usage.tokens);
  out.number(usage.requests);
  out.money(usage.cost);
}

void encode(Encoder& out, const Subscription& subscription) {
  out.text(subscription.id);
  out.count(subscription.polar);
  out.text(subscription.product_id);
  out.byte(static_cast<std::uint8_t>(subscription.status));
  encode(out, subscription.last);
  encode(out, subscription.unlisted);
  out.instant(subscription.past_due_since);
  out.instant(subscription.grace_end);
}

void encode(Encoder& out, const CustomerState& state) {
  out.text(state.id);
  out.text(state.email);
  out.text(state.name);
  out.text(state.company);
  out.count(state.polar_ids.size());
  for (const Text& id : state.polar_ids) out.text(id);
  out.count(state.link);
  out.byte(static_cast<std::uint8_t>(state.set_aside));
  encode(out, state.billing_days);
  encode(out, state.subscriptions);
  encode(out, state.timeline);
  out.count(state.usage.size());
  for (const PeriodUsage& usage : state.usage) encode(out, usage);
  out.money(state.accrued);
  out.number(state.unbilled_tokens);
  out.count(state.charges_made);
  out.count(state.charges.size());
  for (const Charge& charge : state.charges) encode(out, charge);
  encode(out, state.payments);
  out.flag(state.departed != nullptr);
  if (state.departed) encode(out, *state.departed);
}

std::string encode_snapshot(const CustomerState& state) {
  Encoder out;
  out.byte(kSnapshotVersion);
  out.instant(state.brought_to);
  encode(out, state);
  return out.take();
}

bool decode_snapshot(std::string_view bytes, const Books& books, CustomerState& state) {
  Decoder in(bytes);
  in.require(in.byte() == kSnapshotVersion);
  state = CustomerState();
  state.brought_to = in.date_instant();
  decode(in, state);
  if (!in.finished() || !numbers_are_known(state, books)) return false;
  if (conservation_gap(state) != Money{}) return false;
  restore_derived(state);
  return true;
}

}  // namespace reckoner
