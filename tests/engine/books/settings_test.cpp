// Settings as people write them: each key takes its values and no other.
#include <string>
#include <vector>

#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {

TEST_CASE("settings: the defaults are those of the contract", "[engine][settings]") {
  const auto [key, value] = GENERATE(table<std::string, std::string>({
      {"billing.threshold_usd", "1"},
      {"billing.minimum_charge_usd", "0.01"},
      {"billing.hold_charge_usd", "10000"},
      {"billing.billing_day", "1"},
      {"billing.grace_days", "0"},
      {"usage.max_age_days", "35"},
      {"usage.max_future_seconds", "300"},
      {"usage.unknown_customer", "register"},
      {"usage.require_idempotency_key", "false"},
      {"polar.link_by_email", "true"},
  }));
  INFO(key);
  CHECK(setting_value(Settings{}, key) == value);
  CHECK(setting_keys().size() == 10);
}

TEST_CASE("settings: each key takes its values, and what was set can be read and set again",
          "[engine][settings]") {
  const auto [key, value] = GENERATE(table<std::string, std::string>({
      {"billing.threshold_usd", "0"},
      {"billing.threshold_usd", "20.5"},
      {"billing.threshold_usd", "10000000000000000"},
      {"billing.minimum_charge_usd", "0.5"},
      {"billing.hold_charge_usd", "0"},
      {"billing.hold_charge_usd", "0.000000000001"},
      {"billing.billing_day", "31"},
      {"billing.grace_days", "365"},
      {"usage.max_age_days", "0"},
      {"usage.max_age_days", "36500"},
      {"usage.max_future_seconds", "0"},
      {"usage.max_future_seconds", "2332800"},
      {"usage.unknown_customer", "reject"},
      {"usage.require_idempotency_key", "true"},
      {"polar.link_by_email", "false"},
  }));
  INFO(key << " = " << value);
  Settings settings;
  REQUIRE(set_setting(settings, key, value).ok());
  CHECK_FALSE(settings == Settings{});
  CHECK(setting_value(settings, key) == value);
  // Every other key is as it was.
  for (const SettingKey& other : setting_keys())
    if (other.key != key)
      CHECK(setting_value(settings, other.key) == setting_value(Settings{}, other.key));
  REQUIRE(set_setting(settings, key, setting_value(Settings{}, key)).ok());
  CHECK(settings == Settings{});
}

TEST_CASE(
    "settings: a value that a key does not take changes nothing, and the error says what it "
    "takes",
    "[engine][settings]") {
  const auto [key, value] = GENERATE(table<std::string, std::string>({
      {"billing.threshold_usd", "-1"},
      {"billing.threshold_usd", ""},
      {"billing.threshold_usd", "0.0000000000001"},
      {"billing.threshold_usd", "10000000000000000.01"},
      {"billing.minimum_charge_usd", "0.009"},
      {"billing.hold_charge_usd", "-0.01"},
      {"billing.billing_day", "0"},
      {"billing.billing_day", "32"},
      {"billing.billing_day", "1.0"},
      {"billing.billing_day", " 1"},
      {"billing.billing_day", "+1"},
      {"billing.grace_days", "-1"},
      {"billing.grace_days", "366"},
      {"billing.grace_days", "99999999999999999999"},
      {"usage.max_age_days", "36501"},
      {"usage.max_future_seconds", "2332801"},
      {"usage.unknown_customer", "refuse"},
      {"usage.require_idempotency_key", "1"},
      {"polar.link_by_email", "TRUE"},
  }));
  INFO(key << " = " << value);
  Settings settings;
  const Status set = set_setting(settings, key, value);
  REQUIRE_FALSE(set.ok());
  CHECK(settings == Settings{});
  CHECK(set.error().code == "invalid_setting");
  CHECK_THAT(set.error().detail, Catch::StartsWith(key + " is '" + value + "'; it takes "));
}

TEST_CASE("settings: an unknown key is an error that names those there are", "[engine][settings]") {
  Settings settings;
  const Status set = set_setting(settings, "billing.treshold_usd", "1");
  REQUIRE_FALSE(set.ok());
  CHECK(set.error().code == "unknown_setting");
  for (const SettingKey& known : setting_keys())
    CHECK_THAT(set.error().detail, Catch::Contains(std::string(known.key)));
  CHECK(support::reports_bug([&] { setting_value(settings, "billing.treshold_usd"); }));
}

TEST_CASE("settings: lengths of time are exact", "[engine][settings]") {
  const Settings settings = support::settings({{"billing.grace_days", "3"},
                                               {"usage.max_age_days", "2"},
                                               {"usage.max_future_seconds", "7"}});
  CHECK(settings.grace() == 3 * kDay);
  CHECK(settings.max_age() == 2 * kDay);
  CHECK(settings.max_future() == 7 * kSecond);
}

}  // namespace reckoner
