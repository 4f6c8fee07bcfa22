#include "actors/config/key_kinds.hpp"

#include <algorithm>

#include "engine/basics/ids.hpp"
#include "engine/books/settings.hpp"

namespace reckoner::config {
namespace {

constexpr std::size_t kMostText = 4'096;
constexpr int kLeastDecimals = 2;

template <class T>
const T& read(FieldOf<T> field, const Configuration& configuration) {
  return field(const_cast<Configuration&>(configuration));  // it only hands the field out
}

bool is_within(auto value, const auto& kind) {
  return kind.low <= value && value <= kind.high;
}

// "1" as "1.00"; more decimals stay.
std::string with_cents(std::string amount) {
  const std::size_t point = amount.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : amount.size() - point - 1;
  if (point == std::string::npos) amount += '.';
  if (decimals < kLeastDecimals) amount.append(kLeastDecimals - decimals, '0');
  return amount;
}

// --- what it takes ----------------------------------------------------------------------------

struct Takes {
  std::string_view key;

  std::string operator()(const TextKind& kind) const { return std::string(kind.takes); }
  std::string operator()(const SecretKind& kind) const { return std::string(kind.takes); }
  std::string operator()(const FlagKind&) const { return "true or false"; }
  std::string operator()(const CountKind& kind) const {
    return "a whole number from " + std::to_string(kind.low) + " to " + std::to_string(kind.high);
  }
  std::string operator()(const SizeKind& kind) const {
    return "a size as 512KiB or 4MiB, from " + size_text(kind.low) + " to " + size_text(kind.high);
  }
  std::string operator()(const DurationKind& kind) const {
    return "a time as 500ms, 10s, 15m or 2h, from " + duration_text(kind.low) + " to " +
           duration_text(kind.high);
  }
  std::string operator()(const AddressKind&) const {
    return "address:port, as 127.0.0.1:8080 or [::1]:8080";
  }
  std::string operator()(const ChoiceKind& kind) const {
    std::string out;
    for (std::size_t i = 0; i < kind.names.size(); ++i) {
      if (i > 0) out += i + 1 == kind.names.size() ? " or " : ", ";
      out += kind.names[i];
    }
    return out;
  }
  std::string operator()(const SettingKind&) const {
    const auto& settings = setting_keys();
    return std::string(std::ranges::find(settings, key, &SettingKey::key)->takes);
  }
};

// --- from text --------------------------------------------------------------------------------

struct Setter {
  Configuration& to;
  std::string_view key, text;

  bool operator()(const TextKind& kind) const {
    if (!is_valid_id(text, kMostText) || (kind.good != nullptr && !kind.good(text))) return false;
    kind.field(to) = text;
    return true;
  }
  bool operator()(const SecretKind& kind) const {
    if (!kind.good(text)) return false;
    kind.field(to) = Secret(text);
    return true;
  }
  bool operator()(const FlagKind& kind) const {
    if (text != "true" && text != "false") return false;
    kind.field(to) = text == "true";
    return true;
  }
  bool operator()(const CountKind& kind) const { return quantity(kind, parse_whole(text)); }
  bool operator()(const SizeKind& kind) const { return quantity(kind, parse_size(text)); }
  bool operator()(const DurationKind& kind) const { return quantity(kind, parse_duration(text)); }
  bool operator()(const AddressKind& kind) const {
    const auto address = parse_address(text);
    if (address) kind.field(to) = *address;
    return address.has_value();
  }
  bool operator()(const ChoiceKind& kind) const {
    const auto found = std::ranges::find(kind.names, text);
    if (found == kind.names.end()) return false;
    const auto chosen = static_cast<std::size_t>(found - kind.names.begin());
    kind.choice(to, &chosen);
    return true;
  }
  bool operator()(const SettingKind&) const {
    return set_setting(to.book.settings, key, text).ok();
  }

 private:
  bool quantity(const auto& kind, const auto& value) const {
    if (!value || !is_within(*value, kind)) return false;
    kind.field(to) = *value;
    return true;
  }
};

// --- to text ----------------------------------------------------------------------------------

struct ValueText {
  const Configuration& of;
  std::string_view key;

  std::string operator()(const TextKind& kind) const { return read(kind.field, of); }
  std::string operator()(const SecretKind&) const {
    RECKONER_CHECK(false, "a secret is not shown");
    return {};
  }
  std::string operator()(const FlagKind& kind) const {
    return read(kind.field, of) ? "true" : "false";
  }
  std::string operator()(const CountKind& kind) const {
    return std::to_string(read(kind.field, of));
  }
  std::string operator()(const SizeKind& kind) const { return size_text(read(kind.field, of)); }
  std::string operator()(const DurationKind& kind) const {
    return duration_text(read(kind.field, of));
  }
  std::string operator()(const AddressKind& kind) const {
    return address_text(read(kind.field, of));
  }
  std::string operator()(const ChoiceKind& kind) const {
    return std::string(kind.names[kind.choice(const_cast<Configuration&>(of), nullptr)]);
  }
  std::string operator()(const SettingKind& kind) const {
    std::string value = setting_value(of.book.settings, key);
    return kind.sort == SettingKind::money ? with_cents(std::move(value)) : value;
  }
};

// --- TOML's types -----------------------------------------------------------------------------

struct TakesShape {
  Shape shape;

  bool operator()(const FlagKind&) const { return shape == Shape::flag; }
  bool operator()(const CountKind&) const { return shape == Shape::whole; }
  bool operator()(const SizeKind&) const { return shape == Shape::whole || shape == Shape::text; }
  bool operator()(const SettingKind& kind) const {
    switch (kind.sort) {
      case SettingKind::money:
        return shape == Shape::text || shape == Shape::whole || shape == Shape::fraction;
      case SettingKind::count:
        return shape == Shape::whole;
      case SettingKind::flag:
        return shape == Shape::flag;
      case SettingKind::word:
        return shape == Shape::text;
    }
    return false;
  }
  bool operator()(const auto&) const { return shape == Shape::text; }
};

}  // namespace

std::string takes_text(const Kind& kind, std::string_view key) {
  return std::visit(Takes{key}, kind);
}

bool takes_shape(const Kind& kind, Shape shape) {
  return std::visit(TakesShape{shape}, kind);
}

bool set_value(Configuration& configuration, const Kind& kind, std::string_view key,
               std::string_view text) {
  return std::visit(Setter{configuration, key, text}, kind);
}

std::string value_text(const Configuration& configuration, const Kind& kind, std::string_view key) {
  return std::visit(ValueText{configuration, key}, kind);
}

}  // namespace reckoner::config
