#include "engine/books/settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <variant>

#include "engine/limits.hpp"

namespace reckoner {
namespace {

struct MoneyField {
  Money Settings::*field;
  Money least;
};
struct CountField {
  std::int64_t Settings::*field;
  std::int64_t least, most;
};
struct FlagField {
  bool Settings::*field;
};
struct UnknownCustomerField {};

struct Setting {
  SettingKey named;
  std::variant<MoneyField, CountField, FlagField, UnknownCustomerField> kind;
};

// A longer max_future_seconds could reach a period whose start is not settled yet, because a
// changed billing day takes effect when the current one ends and lasts 28 days or more.
const std::vector<Setting>& all_settings() {
  static const std::vector<Setting> settings = {
      {{"billing.threshold_usd", "an amount in USD, 0 or more, with up to 12 decimals"},
       MoneyField{&Settings::threshold, Money{}}},
      {{"billing.minimum_charge_usd", "an amount in USD, 0.01 or more, with up to 12 decimals"},
       MoneyField{&Settings::minimum_charge, Money::of_cents(1)}},
      {{"billing.hold_charge_usd", "an amount in USD, 0 (off) or more, with up to 12 decimals"},
       MoneyField{&Settings::hold_charge, Money{}}},
      {{"billing.billing_day", "a day of the month, 1 to 31"},
       CountField{&Settings::billing_day, 1, 31}},
      {{"billing.grace_days", "a number of days, 0 to 365"},
       CountField{&Settings::grace_days, 0, 365}},
      {{"usage.max_age_days", "a number of days, 0 to 36500"},
       CountField{&Settings::max_age_days, 0, 36'500}},
      {{"usage.max_future_seconds", "a number of seconds, 0 to 2332800 (27 days)"},
       CountField{&Settings::max_future_seconds, 0, 27 * 86'400}},
      {{"usage.unknown_customer", "register or reject"}, UnknownCustomerField{}},
      {{"usage.require_idempotency_key", "true or false"},
       FlagField{&Settings::require_idempotency_key}},
      {{"polar.link_by_email", "true or false"}, FlagField{&Settings::link_by_email}},
  };
  return settings;
}

const Setting* find_setting(std::string_view key) {
  const auto& all = all_settings();
  const auto found =
      std::find_if(all.begin(), all.end(), [key](const Setting& s) { return s.named.key == key; });
  return found == all.end() ? nullptr : &*found;
}

// Each sets the field, or returns false and leaves it.
bool set_field(Settings& settings, const MoneyField& kind, std::string_view value) {
  const auto amount = parse_money(value);
  if (!amount || *amount < kind.least || *amount > kMaxAccrued) return false;
  settings.*kind.field = *amount;
  return true;
}

bool set_field(Settings& settings, const CountField& kind, std::string_view value) {
  std::int64_t count = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (error != std::errc() || stop != value.data() + value.size()) return false;
  if (count < kind.least || count > kind.most) return false;
  settings.*kind.field = count;
  return true;
}

bool set_field(Settings& settings, const FlagField& kind, std::string_view value) {
  if (value != "true" && value != "false") return false;
  settings.*kind.field = value == "true";
  return true;
}

bool set_field(Settings& settings, const UnknownCustomerField&, std::string_view value) {
  if (value != "register" && value != "reject") return false;
  settings.unknown_customer =
      value == "reject" ? UnknownCustomer::reject : UnknownCustomer::register_it;
  return true;
}

std::string field_value(const Settings& settings, const MoneyField& kind) {
  return format_money(settings.*kind.field);
}
std::string field_value(const Settings& settings, const CountField& kind) {
  return std::to_string(settings.*kind.field);
}
std::string field_value(const Settings& settings, const FlagField& kind) {
  return settings.*kind.field ? "true" : "false";
}
std::string field_value(const Settings& settings, const UnknownCustomerField&) {
  return settings.unknown_customer == UnknownCustomer::reject ? "reject" : "register";
}

}  // namespace

const std::vector<SettingKey>& setting_keys() {
  static const std::vector<SettingKey> keys = [] {
    std::vector<SettingKey> out;
    for (const Setting& setting : all_settings()) out.push_back(setting.named);
    return out;
  }();
  return keys;
}

Status set_setting(Settings& settings, std::string_view key, std::string_view value) {
  const Setting* setting = find_setting(key);
  if (setting == nullptr) {
    std::string detail = "no setting is named " + std::string(key) + "; there are";
    for (const SettingKey& known : setting_keys()) detail += " " + std::string(known.key);
    return Error{"unknown_setting", detail};
  }
  const bool taken =
      std::visit([&](const auto& kind) { return set_field(settings, kind, value); }, setting->kind);
  if (taken) return Done{};
  return Error{"invalid_setting", std::string(key) + " is '" + std::string(value) + "'; it takes " +
                                      std::string(setting->named.takes)};
}

std::string setting_value(const Settings& settings, std::string_view key) {
  const Setting* setting = find_setting(key);
  RECKONER_CHECK(setting != nullptr, "the value of a setting that does not exist");
  return std::visit([&](const auto& kind) { return field_value(settings, kind); }, setting->kind);
}

}  // namespace reckoner
