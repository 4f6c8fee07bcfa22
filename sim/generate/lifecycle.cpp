#include "sim/generate/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/customer/period.hpp"

namespace reckoner::sim {
namespace {

constexpr Micros kMillisecond = kSecond / 1000;
constexpr Micros kMinute = 60 * kSecond;
constexpr Micros kHour = 60 * kMinute;

constexpr std::array<Cents, kPlans> kPrices = {0, 2'900, 9'900, 29'900};

// Of ten thousand.
constexpr std::uint64_t kDeliveredTwice = 100;
constexpr std::uint64_t kDeliveredLate = 300;
constexpr std::uint64_t kSubscribedBeforeLinked = 200;
constexpr std::uint64_t kMovesUp = 800;
constexpr std::uint64_t kCancels = 400;
constexpr std::uint64_t kPaymentFails = 800;
constexpr std::uint64_t kRecovers = 8'200;
constexpr std::uint64_t kRefunded = 300;
constexpr std::uint64_t kComesBack = 3'000;
constexpr std::uint64_t kStateSent = 3'000;

}  // namespace

Lifecycle::Lifecycle(const People& people, std::uint64_t seed, Instant from, Micros slice_length,
                     std::size_t slices)
    : people_(people),
      random_(seed),
      steps_(from, slice_length, slices),
      hooks_(from, slice_length, slices) {
  lives_.reserve(people.count());
}

void Lifecycle::sign_up(std::uint32_t who, Instant at) {
  lives_.emplace_back();
  const Person person = people_.person(who);
  if (person.only_usage) return;
  Hook line = hook_of(HookType::signed_up, who);
  line.at = at;
  hooks_.put(at, line);
  const Instant linked = at + random_.between(kSecond, 2 * kMinute);
  send(HookType::customer_created, who, linked);
  if (person.plan < 0) return;
  lives_[who].plan = static_cast<std::int16_t>(person.plan);
  const bool early = random_.chance(kSubscribedBeforeLinked);
  const Instant subscribed = early ? at : linked + random_.between(kSecond, 90 * kSecond);
  steps_.put(subscribed, {subscribed, who, Turn::subscribe});
}

const std::vector<Hook>& Lifecycle::act(std::size_t slice) {
  for (; done_ < slice; ++done_) hooks_.forget(done_), steps_.forget(done_);
  // A step may put further ones into the same slice.
  for (std::size_t i = 0; i < steps_.slice(slice).size(); ++i) {
    const Step step = steps_.slice(slice)[i];
    take(step);
  }
  std::vector<Hook>& hooks = hooks_.slice(slice);
  std::ranges::sort(hooks, {}, [](const Hook& hook) { return std::tuple(hook.at, hook.number); });
  return hooks;
}

void Lifecycle::take(const Step& step) {
  switch (step.turn) {
    case Turn::subscribe:
      return subscribe(step.who, step.at);
    case Turn::renew:
      return renew(step.who, step.at);
    case Turn::move_up:
      return move_up(step.who, step.at);
    case Turn::recover:
      return recover(step.who, step.at);
    case Turn::cancel:
      return cancel(step.who, step.at);
    case Turn::lose:
    case Turn::end:
      return end(step.who, step.at);
  }
}

void Lifecycle::subscribe(std::uint32_t who, Instant at) {
  ++lives_[who].subscriptions;
  send(HookType::subscription_created, who, at);
  if (!uses_guide(who)) {
    const Instant active = at + random_.between(300 * kMillisecond, 2 * kSecond);
    send(HookType::subscription_active, who, active);
    if (random_.chance(kStateSent)) send(HookType::customer_state, who, active + kSecond);
  }
  pay(who, at + random_.between(3 * kSecond, 6 * kSecond), true);
  plan_month(who, at);
}

void Lifecycle::renew(std::uint32_t who, Instant at) {
  if (kPrices[static_cast<std::size_t>(lives_[who].plan)] == 0) return plan_month(who, at);
  if (!random_.chance(kPaymentFails)) {
    pay(who, at, false);
    return plan_month(who, at);
  }
  send(HookType::payment_failed, who, at);
  const bool recovers = random_.chance(kRecovers);
  const Instant then = recovers ? at + random_.between(2 * kHour, 5 * kDay)
                                : at + random_.between(3 * kDay, 10 * kDay);
  steps_.put(then, {then, who, recovers ? Turn::recover : Turn::lose});
}

void Lifecycle::recover(std::uint32_t who, Instant at) {
  pay(who, at, false);
  if (!uses_guide(who)) send(HookType::subscription_updated, who, at + kSecond);
  plan_month(who, at);
}

// The new subscription begins, then the old one ends.
void Lifecycle::move_up(std::uint32_t who, Instant at) {
  Hook old = hook_of(HookType::subscription_ended, who);
  ++lives_[who].plan;
  subscribe(who, at);
  deliver(old, at + random_.between(5 * kSecond, 2 * kMinute));
}

void Lifecycle::cancel(std::uint32_t who, Instant at) {
  if (uses_guide(who)) return end(who, at);
  send(HookType::subscription_scheduled_end, who, at);
  const Instant then = renewal_after(who, at);
  steps_.put(then, {then, who, Turn::end});
}

void Lifecycle::end(std::uint32_t who, Instant at) {
  send(HookType::subscription_ended, who, at);
  if (!random_.chance(kComesBack)) return;
  const Instant back = at + random_.between(3 * kDay, 20 * kDay);
  steps_.put(back, {back, who, Turn::subscribe});
}

Instant Lifecycle::renewal_after(std::uint32_t who, Instant at) const {
  // A few hours into the billing day, at an hour of the customer's own.
  const auto day = static_cast<std::uint8_t>(people_.person(who).billing_day);
  constexpr std::uint64_t kSixHours = 21'600;
  return boundary_after(at, day) + static_cast<Micros>(mix(0, who) % kSixHours) * kSecond;
}

void Lifecycle::plan_month(std::uint32_t who, Instant at) {
  const Instant renewal = renewal_after(who, at);
  const std::uint64_t luck = random_.below(10'000);
  const bool moves_up = luck < kMovesUp && lives_[who].plan + 1 < kPlans;
  const bool cancels = luck >= kMovesUp && luck < kMovesUp + kCancels;
  if (!moves_up && !cancels) return steps_.put(renewal, {renewal, who, Turn::renew});
  const Instant then = at + random_.between(10 * kMinute, std::max(renewal - at, kHour));
  steps_.put(then, {then, who, moves_up ? Turn::move_up : Turn::cancel});
}

void Lifecycle::pay(std::uint32_t who, Instant at, bool first) {
  const Cents price = kPrices[static_cast<std::size_t>(lives_[who].plan)];
  if (price == 0) return;
  ++lives_[who].payments;
  Hook hook = hook_of(HookType::paid, who);
  hook.amount = price;
  hook.first_payment = first;
  deliver(hook, at);
  if (!random_.chance(kRefunded)) return;
  hook.type = random_.chance(5'000) ? HookType::refunded : HookType::order_refunded;
  if (random_.chance(5'000)) hook.amount = random_.between(1, price);
  deliver(hook, at + random_.between(kDay, 10 * kDay));
}

Hook Lifecycle::hook_of(HookType type, std::uint32_t who) const {
  Hook hook;
  hook.type = type;
  hook.who = who;
  hook.subscription = lives_[who].subscriptions;
  hook.payment = lives_[who].payments;
  hook.plan = lives_[who].plan;
  return hook;
}

void Lifecycle::send(HookType type, std::uint32_t who, Instant occurred) {
  deliver(hook_of(type, who), occurred);
}

// Only Polar's own webhooks say when they were sent, so only they can be late without harm.
void Lifecycle::deliver(Hook hook, Instant occurred) {
  const bool late = random_.chance(kDeliveredLate) && !uses_guide(hook.who);
  const Micros delay = late ? random_.between(10 * kSecond, 20 * kMinute)
                            : random_.between(50 * kMillisecond, 900 * kMillisecond);
  hook.sent = occurred;
  hook.at = occurred + delay;
  hook.number = next_number_++;
  hooks_.put(hook.at, hook);
  if (!random_.chance(kDeliveredTwice)) return;
  hook.at = hook.at + random_.between(kSecond, 2 * kHour);
  hooks_.put(hook.at, hook);
}

}  // namespace reckoner::sim
