// A TOML file as a flat list of what it gives. The only place that knows the TOML library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/config/key_kinds.hpp"
#include "engine/basics/result.hpp"

namespace reckoner::config {

struct Given {
  std::string section;  // "server"; empty: it stands outside of any
  std::string name;     // "listen"; empty: the section itself, which holds nothing
  std::string text;     // the value; of a number with a fraction the digits as they stand there
  Shape shape = Shape::other;
  std::uint32_t line = 0;

  std::string key() const { return section + (section.empty() || name.empty() ? "" : ".") + name; }
};

// In the order of the file. The error names the place and what is wrong, but nothing that could be
// a part of a secret: "line 3, column 7: expected …".
Result<std::vector<Given>> read_toml(std::string_view text);

}  // namespace reckoner::config
