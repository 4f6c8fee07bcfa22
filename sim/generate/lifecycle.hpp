// How the customers of a made-up history live: they sign up, subscribe, pay each month on their
// billing day or fail to, move up a plan, cancel, come back. Hands out the webhooks that Polar
// sends about it, now and then twice, late or in the wrong order.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/generate/calendar.hpp"
#include "sim/generate/events.hpp"
#include "sim/generate/people.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim {

class Lifecycle {
 public:
  Lifecycle(const People& people, std::uint64_t seed, Instant from, Micros slice_length,
            std::size_t slices);

  // Each customer once, in order, before its slice is acted on.
  void sign_up(std::uint32_t who, Instant at);

  // Lets happen what happens within a slice, and returns what arrives in it, in order of arrival:
  // valid until the next call. Slice by slice.
  const std::vector<Hook>& act(std::size_t slice);

 private:
  enum class Turn : std::uint8_t {
    subscribe,
    renew,
    move_up,
    recover,
    lose,  // a failed payment was never made good
    cancel,
    end,  // of the month for which it was cancelled
  };
  struct Step {
    Instant at;
    std::uint32_t who;
    Turn turn;
  };
  struct Life {
    std::uint16_t subscriptions = 0;
    std::uint16_t payments = 0;
    std::int16_t plan = -1;
  };

  void take(const Step& step);
  void subscribe(std::uint32_t who, Instant at);
  void renew(std::uint32_t who, Instant at);
  void recover(std::uint32_t who, Instant at);
  void move_up(std::uint32_t who, Instant at);
  void cancel(std::uint32_t who, Instant at);
  void end(std::uint32_t who, Instant at);

  // What the month that begins now will bring.
  void plan_month(std::uint32_t who, Instant at);
  Instant renewal_after(std::uint32_t who, Instant at) const;
  void pay(std::uint32_t who, Instant at, bool first);
  void send(HookType type, std::uint32_t who, Instant occurred);
  void deliver(Hook hook, Instant occurred);
  Hook hook_of(HookType type, std::uint32_t who) const;
  bool uses_guide(std::uint32_t who) const { return people_.person(who).dialect == Dialect::guide; }

  const People& people_;
  Random random_;
  std::uint64_t next_number_ = 1;
  std::vector<Life> lives_;  // of those who have signed up
  Calendar<Step> steps_;
  Calendar<Hook> hooks_;
  std::size_t done_ = 0;  // slices
};

}  // namespace reckoner::sim
