// What a key can hold: how its value is read from text and written as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/config/configuration.hpp"

namespace reckoner::config {

// What a value in a TOML file is.
enum class Shape : std::uint8_t { text, whole, fraction, flag, other };

template <class T>
using FieldOf = T& (*)(Configuration&);

struct TextKind {
  FieldOf<std::string> field;
  std::string_view takes;
  bool (*good)(std::string_view) = nullptr;  // beyond being text; null: any
};
struct SecretKind {
  FieldOf<Secret> field;
  std::string_view takes;
  bool (*good)(std::string_view);
};
struct FlagKind {
  FieldOf<bool> field;
};
struct CountKind {
  FieldOf<std::uint64_t> field;
  std::uint64_t low, high;
};
struct SizeKind {
  FieldOf<std::uint64_t> field;
  std::uint64_t low, high;
};
struct DurationKind {
  FieldOf<Milliseconds> field;
  Milliseconds low, high;
};
struct AddressKind {
  FieldOf<Address> field;
};
struct ChoiceKind {
  std::vector<std::string_view> names;
  // The number of the name that is chosen; chooses `to` first if it is not null.
  std::size_t (*choice)(Configuration&, const std::size_t* to);
};
// One of the book's settings, by the key's own name.
struct SettingKind {
  enum Sort : std::uint8_t { money, count, flag, word } sort;
};

using Kind = std::variant<TextKind, SecretKind, FlagKind, CountKind, SizeKind, DurationKind,
                          AddressKind, ChoiceKind, SettingKind>;

// "a whole number from 1 to 256". `key` is the name, which settings go by.
std::string takes_text(const Kind& kind, std::string_view key);

// Whether a TOML file may give it so: numbers and flags without quotes, all else in quotes.
bool takes_shape(const Kind& kind, Shape shape);

// Sets it, or returns false and changes nothing.
bool set_value(Configuration& configuration, const Kind& kind, std::string_view key,
               std::string_view text);

// As set_value reads it; empty where there is none. Never of a secret: that is the caller's bug.
std::string value_text(const Configuration& configuration, const Kind& kind, std::string_view key);

}  // namespace reckoner::config
