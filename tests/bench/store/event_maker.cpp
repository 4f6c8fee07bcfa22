#include "tests/bench/store/event_maker.hpp"

#include <fmt/format.h>

#include <cstring>

#include "engine/basics/check.hpp"

namespace reckoner::bench {
namespace {

constexpr std::uint64_t kOneRepeatIn = 100, kOneConflictIn = 10;
// 62 million of them fill four weeks.
constexpr Micros kBetween = 40'000;
constexpr std::size_t kMostBytes = 192;

std::uint64_t mix(std::uint64_t number) {
  number += 0x9E37'79B9'7F4A'7C15;
  number = (number ^ number >> 30) * 0xBF58'476D'1CE4'E5B9;
  number = (number ^ number >> 27) * 0x94D0'49BB'1331'11EB;
  return number ^ number >> 31;
}
// Independent random numbers of one event.
std::uint64_t random_of(std::uint64_t index, std::uint64_t which) {
  return mix(mix(index) + which);
}

bool is_repeat(std::uint64_t index) {
  return index > 0 && random_of(index, 1) % kOneRepeatIn == 0;
}

// Which event a repeat repeats: one that is none itself.
std::uint64_t repeated_by(std::uint64_t index) {
  std::uint64_t target = random_of(index, 2) % index;
  while (is_repeat(target)) --target;
  return target;
}

char* write_text(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* write_hex(char* to, std::uint64_t number, int digits) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i) *to++ = kHex[number >> 4 * i & 15];
  return to;
}

char* write_uuid(char* to, std::uint64_t high, std::uint64_t low) {
  to = write_hex(to, high >> 32, 8);
  *to++ = '-';
  to = write_hex(to, high >> 16, 4);
  *to++ = '-';
  to = write_hex(to, 0x4000 | (high & 0x0FFF), 4);
  *to++ = '-';
  to = write_hex(to, 0x8000 | (low >> 48 & 0x3FFF), 4);
  *to++ = '-';
  return write_hex(to, low, 12);
}

constexpr std::string_view kOperations[] = {"chat", "embed", "image.create"};
constexpr std::string_view kModels[] = {"small", "large-2", "reasoning-4-preview"};

char* write_metadata(char* to, std::uint64_t random) {
  to = write_text(to, R"({"model":")");
  to = write_text(to, kModels[random % 3]);
  to = write_text(to, R"(","region":"eu-west-)");
  *to++ = static_cast<char>('1' + (random >> 8) % 3);
  to = write_text(to, R"(","trace":")");
  to = write_hex(to, random >> 16, 8);
  return write_text(to, R"("})");
}

}  // namespace

EventMaker::EventMaker() : kept_(kActiveCustomers), other_(kActiveCustomers) {
  double sum = 0;
  for (std::uint32_t rank = 1; rank <= kActiveCustomers; ++rank) sum += 1.0 / rank;
  std::vector<double> share;
  std::vector<std::uint32_t> poor, rich;
  for (std::uint32_t rank = 0; rank < kActiveCustomers; ++rank) {
    share.push_back(kActiveCustomers / (sum * (rank + 1)));
    (share.back() < 1 ? poor : rich).push_back(rank);
    kept_[rank] = UINT32_MAX;
    ids_.push_back(customer_id(rank));
  }
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t taker = poor.back(), giver = rich.back();
    poor.pop_back();
    kept_[taker] = static_cast<std::uint32_t>(share[taker] * UINT32_MAX);
    other_[taker] = giver;
    share[giver] -= 1 - share[taker];
    if (share[giver] >= 1) continue;
    rich.pop_back();
    poor.push_back(giver);
  }
}

std::string EventMaker::customer_id(std::uint32_t rank) {
  // 7 919 is prime, so no two ranks come to the same number.
  return fmt::format("customer-{:07}", (rank * std::uint64_t{7'919} + 104'729) % 1'000'000);
}

Instant EventMaker::start() {
  return *parse_instant("2026-01-01T00:00:00Z");
}

std::uint32_t EventMaker::rank_of(std::uint64_t random) const {
  const auto place = static_cast<std::uint32_t>((random >> 32) * kActiveCustomers >> 32);
  return static_cast<std::uint32_t>(random) <= kept_[place] ? place : other_[place];
}

char* EventMaker::write_event(std::uint64_t index, char* to, storage::UsageEvent& event) const {
  const std::uint64_t random = random_of(index, 4);
  Usage& usage = event.request.usage;
  event.customer_id = ids_[rank_of(random_of(index, 3))];
  usage.tokens = static_cast<std::int64_t>(50 + random % 2'000);
  usage.operation = kOperations[(random >> 16) % 3];
  usage.timestamp = start() + static_cast<Micros>(index + 1) * kBetween;
  char* const key = to;
  to = write_uuid(to, random_of(index, 5), random_of(index, 6));
  usage.idempotency_key = {key, static_cast<std::size_t>(to - key)};
  char* const metadata = to;
  to = write_metadata(to, random_of(index, 7));
  usage.metadata = {metadata, static_cast<std::size_t>(to - metadata)};
  return to;
}

void EventMaker::make(std::uint64_t first, std::size_t count, MadeEvents& out) const {
  using Kind = storage::Verdict::Kind;
  out.events.assign(count, {});
  out.expected.assign(count, Kind::accepted);
  out.bytes.resize(count * kMostBytes);
  out.at = start() + static_cast<Micros>(first + count) * kBetween;
  char* to = out.bytes.data();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t index = first + i;
    if (!is_repeat(index)) {
      to = write_event(index, to, out.events[i]);
      continue;
    }
    to = write_event(repeated_by(index), to, out.events[i]);
    const bool conflict = random_of(index, 8) % kOneConflictIn == 0;
    if (conflict) ++out.events[i].request.usage.tokens;
    out.expected[i] = conflict ? Kind::conflict : Kind::duplicate;
  }
  RECKONER_CHECK(to <= out.bytes.data() + out.bytes.size(), "an event is larger than it may be");
}

}  // namespace reckoner::bench
