#include "sim/generate/usage_traffic.hpp"

#include <algorithm>
#include <bit>

namespace reckoner::sim {
namespace {

constexpr Micros kHour = 3600 * kSecond;

// Of ten thousand.
constexpr std::uint64_t kRepeated = 110;
constexpr std::uint64_t kConflictOfRepeated = 900;
constexpr std::uint64_t kLate = 200;
constexpr std::uint64_t kBad = 5;

// Tokens by powers of two: 2^e and up, e around 9 and rarely far from it, which makes a long tail.
constexpr int kMaxPower = 18;
constexpr std::uint64_t kPowerDice = (1 << kMaxPower) - 1;
constexpr auto kPowerShift = std::to_array<int>({0, -1, -3, 0, 1});  // by operation

}  // namespace

UsageTraffic::UsageTraffic(std::uint64_t seed, std::uint32_t customers, Instant from)
    : random_(seed), picker_(customers, random_), from_(from) {}

UsageEvent UsageTraffic::next(Instant at, bool in_burst, std::uint32_t signed_up) {
  if (random_.chance(kRepeated))
    if (const UsageEvent* first = recent(at)) return repeat(*first, at);
  std::uint32_t who = in_burst && burst_by_ >= 0 ? static_cast<std::uint32_t>(burst_by_)
                                                 : picker_.pick(random_) % signed_up;
  if (in_burst) burst_by_ = who;
  UsageEvent usage = fresh(at, who);
  if (random_.chance(kBad)) {
    make_bad(usage);
    return usage;
  }
  if (random_.chance(kLate)) make_late(usage);
  recent_[remembered_++ % recent_.size()] = usage;
  return usage;
}

// One that can be sent again: null if there was none within a day.
const UsageEvent* UsageTraffic::recent(Instant at) {
  const std::uint64_t kept = std::min<std::uint64_t>(remembered_, recent_.size());
  if (kept == 0) return nullptr;
  const std::uint64_t back = 1 + std::min(random_.below(kept), random_.below(kept));
  const UsageEvent& found = recent_[(remembered_ - back) % recent_.size()];
  return at - found.at <= kDay && at > found.at ? &found : nullptr;
}

UsageEvent UsageTraffic::repeat(const UsageEvent& first, Instant at) {
  UsageEvent again = first;
  again.at = at;
  if (random_.chance(kConflictOfRepeated)) again.tokens += random_.between(1, 1000);
  return again;
}

UsageEvent UsageTraffic::fresh(Instant at, std::uint32_t who) {
  UsageEvent usage;
  usage.at = at;
  usage.timestamp = kDistantPast;
  usage.number = made_++;
  usage.who = who;
  usage.operation = static_cast<std::uint8_t>(random_.below(kOperations.size()));
  usage.tokens = draw_tokens(usage.operation);
  return usage;
}

std::int64_t UsageTraffic::draw_tokens(std::uint8_t operation) {
  const std::uint64_t bits = random_.bits();
  const int heads = std::popcount(bits & kPowerDice);  // of as many coins as powers
  const int power = std::clamp(heads + kPowerShift[operation], 0, kMaxPower);
  const std::uint64_t low = std::uint64_t(1) << power;
  return static_cast<std::int64_t>(low + ((bits >> 32) & (low - 1)));
}

// Hours to weeks after it happened, but not before the beginning.
void UsageTraffic::make_late(UsageEvent& usage) {
  const std::uint64_t luck = random_.below(100);
  const Micros most = luck < 70 ? kDay : luck < 95 ? 7 * kDay : 34 * kDay;
  const Micros longest = std::min(most, usage.at - from_);
  if (longest < kHour) return;
  usage.timestamp = usage.at - random_.between(kHour, longest);
}

void UsageTraffic::make_bad(UsageEvent& usage) {
  const std::uint64_t luck = random_.below(3);
  if (luck == 0) usage.tokens = -usage.tokens;
  if (luck == 1) usage.flaw = Flaw::tokens_as_text;
  if (luck == 2) usage.timestamp = usage.at - random_.between(36 * kDay, 60 * kDay);
}

}  // namespace reckoner::sim
