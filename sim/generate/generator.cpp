#include "sim/generate/generator.hpp"

#include <algorithm>
#include <vector>

#include "engine/basics/check.hpp"
#include "sim/generate/event_lines.hpp"
#include "sim/generate/lifecycle.hpp"
#include "sim/generate/rhythm.hpp"
#include "sim/generate/usage_traffic.hpp"

namespace reckoner::sim {
namespace {

constexpr std::uint64_t kUsageOfCustomerAndMonth = 50;
constexpr std::uint64_t kMaxUsageUnlessAsked = 10'000'000;

// Streams of random numbers that do not disturb each other: more events change nobody's life.
enum Stream : std::uint64_t { kPeople, kLifecycle, kTraffic, kRhythm, kIds };

std::size_t slices_of(const GenerateOptions& options) {
  return options.days * static_cast<std::uint64_t>(kDay / kSliceLength);
}

// Works slice by slice: what happens in one is drawn, put in order, and written.
class Generation {
 public:
  using Sink = std::function<void(std::string_view line)>;

  Generation(const GenerateOptions& options, const Sink& sink)
      : from_(options.from),
        sink_(sink),
        people_(mix(options.seed, kPeople), static_cast<std::uint32_t>(options.customers),
                options.from, options.from + static_cast<Micros>(options.days) * kDay),
        lifecycle_(people_, mix(options.seed, kLifecycle), options.from, kSliceLength,
                   slices_of(options)),
        traffic_(mix(options.seed, kTraffic), people_.count(), options.from),
        rhythm_(mix(options.seed, kRhythm), options.from, slices_of(options),
                usage_events(options)),
        lines_(people_, mix(options.seed, kIds)) {}

  void run_slice(std::size_t slice) {
    const Instant end = from_ + static_cast<Micros>(slice + 1) * kSliceLength;
    for (; drawn_ < people_.count() && people_.signs_up(drawn_) < end; ++drawn_)
      lifecycle_.sign_up(drawn_, people_.signs_up(drawn_));
    const std::vector<Hook>& hooks = lifecycle_.act(slice);
    auto hook = hooks.begin();
    for (const Slot& slot : rhythm_.next_slice(traffic_.random())) {
      for (; hook != hooks.end() && hook->at <= slot.at; ++hook) sink_(lines_.of(*hook));
      while (signed_up_ < drawn_ && people_.signs_up(signed_up_) <= slot.at) ++signed_up_;
      sink_(lines_.of(traffic_.next(slot.at, slot.in_burst, signed_up_)));
      ++usage_;
    }
    for (; hook != hooks.end(); ++hook) sink_(lines_.of(*hook));
    traffic_.end_burst();
  }

  std::uint64_t done() const { return usage_ + drawn_; }

 private:
  Instant from_;
  const Sink& sink_;
  People people_;
  Lifecycle lifecycle_;
  UsageTraffic traffic_;
  Rhythm rhythm_;
  EventLines lines_;
  std::uint32_t drawn_ = 0;      // customers whose sign-up lies before the end of the slice
  std::uint32_t signed_up_ = 0;  // those who have by now
  std::uint64_t usage_ = 0;
};

}  // namespace

std::uint64_t usage_events(const GenerateOptions& options) {
  if (options.events > 0) return options.events;
  const std::uint64_t usual = options.customers * kUsageOfCustomerAndMonth * options.days / 30;
  return std::clamp<std::uint64_t>(usual, 1, kMaxUsageUnlessAsked);
}

void generate(const GenerateOptions& options,
              const std::function<void(std::string_view line)>& sink,
              const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  RECKONER_CHECK(1 <= options.customers && options.customers <= kMaxCustomers &&
                     1 <= options.days && options.days <= kMaxDays && options.events <= kMaxEvents,
                 "options of generate are within their limits");
  Generation generation(options, sink);
  const std::uint64_t total = options.customers + usage_events(options);
  for (std::size_t slice = 0; slice < slices_of(options); ++slice) {
    generation.run_slice(slice);
    progress(generation.done(), total);
  }
}

}  // namespace reckoner::sim
