// Writes the events of a made-up history as the lines of one, in the wording of the guide or of
// Polar's own API.
#pragma once

#include <string_view>

#include "engine/json/json_line.hpp"
#include "sim/generate/events.hpp"
#include "sim/generate/people.hpp"

namespace reckoner::sim {

class EventLines {
 public:
  EventLines(const People& people, std::uint64_t seed) : people_(people), seed_(seed) {}

  // Each is valid until the next call.
  std::string_view of(const Hook& hook);
  std::string_view of(const UsageEvent& usage);

 private:
  enum class Ids : std::uint64_t { usage, customer, subscription, payment, refund, webhook };

  void begin(Instant at, std::string_view kind);
  void sign_up(const Hook& hook, const Person& person);
  void guide_webhook(const Hook& hook, const Person& person);
  void polar_webhook(const Hook& hook, const Person& person);

  void customer(const Hook& hook, const Person& person);
  void listed_subscriptions(const Hook& hook);
  void subscription(const Hook& hook, std::string_view status);
  void refund(const Hook& hook, Dialect dialect);
  void uuid(Ids kind, std::uint64_t number);
  json::JsonLine& customer_id(std::uint32_t who, Dialect dialect);
  json::JsonLine& subscription_id(const Hook& hook, Dialect dialect);
  json::JsonLine& payment_id(const Hook& hook, Dialect dialect);

  const People& people_;
  std::uint64_t seed_;
  json::JsonLine line_;
};

}  // namespace reckoner::sim
