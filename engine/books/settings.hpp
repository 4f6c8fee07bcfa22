// The settings that change a result, and so are part of the journal (billing-rules.md, Pricing,
// last paragraph). Everything else that can be configured lives in the programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/result.hpp"

namespace reckoner {

enum class UnknownCustomer : std::uint8_t { register_it, reject };

struct Settings {
  Money threshold = Money::of_cents(100);
  Money minimum_charge = Money::of_cents(1);
  Money hold_charge = Money::of_cents(1'000'000);  // 0: no charge is held
  std::int64_t billing_day = 1;                    // of customers registered without one
  std::int64_t grace_days = 0;
  std::int64_t max_age_days = 35;
  std::int64_t max_future_seconds = 300;
  UnknownCustomer unknown_customer = UnknownCustomer::register_it;
  bool require_idempotency_key = false;
  bool link_by_email = true;

  Micros grace() const { return grace_days * kDay; }
  Micros max_age() const { return max_age_days * kDay; }
  Micros max_future() const { return max_future_seconds * kSecond; }

  friend bool operator==(const Settings&, const Settings&) = default;
};

// One setting as people write it: its key in the configuration, and what it takes.
struct SettingKey {
  std::string_view key;
  std::string_view takes;
};
const std::vector<SettingKey>& setting_keys();

// Sets the one named `key` ("billing.threshold_usd") from text. An unknown key (code
// `unknown_setting`) or a value that it does not take (`invalid_setting`) changes nothing.
Status set_setting(Settings& settings, std::string_view key, std::string_view value);

// The value as set_setting reads it. Only for a key that setting_keys lists.
std::string setting_value(const Settings& settings, std::string_view key);

}  // namespace reckoner
