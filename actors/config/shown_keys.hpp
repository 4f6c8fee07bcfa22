// The configuration as people and programs may see it: every key, and no secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/config/configuration.hpp"

namespace reckoner::config {

struct ShownKey {
  std::string_view key, variable;
  std::string value;   // of a secret, and of a password in a URL, asterisks
  bool given = false;  // false: the value is no value, but says what having none means
  bool secret = false;
  std::string source;  // "default", "reckoner.toml, line 3", "environment X", "--set"
  std::string_view help;
};

// In the order of keys().
std::vector<ShownKey> shown_keys(const Configuration& configuration);

// Columns under one another; and one JSON object, by key.
std::string keys_table(const std::vector<ShownKey>& keys);
std::string keys_json(const std::vector<ShownKey>& keys);

}  // namespace reckoner::config
