// The table of keys, which drives reading, checking, showing and the docs alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/config/key_kinds.hpp"

namespace reckoner::config {

struct Key {
  std::string_view name;      // "server.listen"
  std::string_view variable;  // of the environment; empty: none
  std::string_view none;      // what it means that there is no value, or where the default is from
  std::string_view help;
  Kind kind;

  bool secret() const { return std::holds_alternative<SecretKind>(kind); }
};

// In the order in which people want to see them.
const std::vector<Key>& keys();
const Key* find_key(std::string_view name);
// The one whose name is the least different.
const Key& nearest_key(std::string_view name);

// The default, as people write it; where there is no value, what that means.
std::string default_text(const Key& key);

// Plans whose unit price a variable of the environment overrides.
struct UnitPriceVariable {
  std::string_view variable, plan_id;
};
const std::vector<UnitPriceVariable>& unit_price_variables();

}  // namespace reckoner::config
