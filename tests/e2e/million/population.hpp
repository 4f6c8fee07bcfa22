// A large number of customers, of whom everything follows from their number: nothing is kept for
// any of them, and what midnight has to do to each can be told beforehand. And how they get into a
// store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/books/books.hpp"
#include "storage/driver/driver.hpp"

namespace reckoner::million {

// The 1st, at which most periods end.
Instant midnight();
// When the last line of a store that was filled was accepted, or later.
Instant filled_until();
// The guide's prices, and a week of grace.
Book book();

struct PopulationOptions {
  std::uint32_t customers = 20'000;
  std::uint32_t active = 500;  // the first ones: whom the load uses
  // Ends of grace fall evenly between the two.
  Instant first_grace_end, last_grace_end;
};

class Population {
 public:
  explicit Population(PopulationOptions options) : options_(options) {}

  std::uint32_t size() const { return options_.customers; }
  std::uint32_t active() const { return options_.active; }
  bool is_active(std::uint32_t who) const { return who < options_.active; }

  static std::string id(std::uint32_t who);
  static std::string polar_id(std::uint32_t who);
  static std::string subscription_id(std::uint32_t who);
  // Of an id as above.
  static std::uint32_t number(std::string_view id);

  bool linked(std::uint32_t who) const { return who % 50 != 3; }
  // Nine of ten have the 1st; the others' periods end after the run.
  std::uint8_t billing_day(std::uint32_t who) const {
    return static_cast<std::uint8_t>(who % 10 == 9 ? 2 + who / 10 % 27 : 1);
  }
  bool ends_at_midnight(std::uint32_t who) const { return billing_day(who) == 1; }
  bool subscribed(std::uint32_t who) const { return linked(who) && who % 4 == 1; }
  // Of a subscription that is past due; empty: it is not.
  std::optional<Instant> grace_end(std::uint32_t who) const;
  // Used before the run; 0: nothing.
  std::int64_t tokens(std::uint32_t who) const;

  // Of whom the load leaves alone: the charge that midnight brings, 0: none; and the tier in the
  // end.
  Cents charge_at_midnight(std::uint32_t who) const;
  std::string_view last_tier(std::uint32_t who) const {
    return subscribed(who) && !grace_end(who) ? "professional" : "free";
  }

 private:
  PopulationOptions options_;
};

// What a store was filled with.
struct Filled {
  std::uint64_t keyed = 0;   // entries with a key: the index of keys has them in memory
  std::uint64_t events = 0;  // of usage
};

// Into a new store: customers as they sign up, subscribe and use something, one after the other.
// Leaves it closed, as a service that was stopped does.
storage::StoreStatus fill(storage::Driver& driver, const Population& population, Filled& filled);

// What a webhook says of a customer's subscription. `past_due_at`: since when, where it is.
std::string subscription_body(std::uint32_t who, std::string_view status, Instant sent,
                              std::optional<Instant> past_due_at);

}  // namespace reckoner::million
