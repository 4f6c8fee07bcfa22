// Where requests go: http://HOST[:PORT][/PATH].
#pragma once

#include <string>
#include <string_view>

#include "engine/basics/result.hpp"

namespace reckoner::sim {

struct Target {
  std::string host, port;
  std::string path;  // in front of every path; without a slash at its end

  // As the Host header names it.
  std::string authority() const;
};

// The error says what is taken; `flag` is what the URL was given with ("--target").
Result<Target> read_target(std::string_view flag, std::string_view url);

// A part of a path, with all that means something in one escaped.
std::string path_part(std::string_view text);

}  // namespace reckoner::sim
