// The customers of a made-up history: who they are. All of it follows from the seed and a
// customer's number, so nothing is kept for any of them.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/basics/instant.hpp"
#include "engine/json/json_line.hpp"
#include "sim/generate/random.hpp"

namespace reckoner::sim {

// How Polar's webhooks about a customer are worded: as the guide has them (an id in the body), or
// as Polar's own API does (the time that it was sent in the body).
enum class Dialect : std::uint8_t { guide, polar };

inline constexpr int kPlans = 4;  // of the guide: free, starter, professional, enterprise

struct Person {
  Dialect dialect = Dialect::guide;
  bool only_usage = false;       // never signs up: known by usage alone, never linked
  bool linked_by_email = false;  // else by the application's own id
  bool email_in_capitals = false;
  bool has_name = false;
  bool has_company = false;
  int billing_day = 1;
  int plan = -1;  // that it subscribes to at first; -1: none
};

class People {
 public:
  // They sign up between `from` and `until`: most within the first hour, the others evenly.
  People(std::uint64_t seed, std::uint32_t count, Instant from, Instant until);

  std::uint32_t count() const { return count_; }
  Person person(std::uint32_t who) const;

  // When a customer signs up. Those of higher numbers come later; number 0 at the very beginning.
  Instant signs_up(std::uint32_t who) const;

  // Parts of JSON lines, without quotes.
  void write_id(std::uint32_t who, json::JsonLine& to) const;
  void write_email(std::uint32_t who, bool in_capitals, json::JsonLine& to) const;
  void write_name(std::uint32_t who, json::JsonLine& to) const;
  void write_company(std::uint32_t who, json::JsonLine& to) const;

 private:
  std::uint64_t seed_;
  std::uint32_t count_, early_;
  Instant from_;
  Micros early_gap_, late_gap_;
  std::size_t id_digits_;
};

}  // namespace reckoner::sim
