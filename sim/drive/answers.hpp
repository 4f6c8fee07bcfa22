// What the engine's answers say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/basics/result.hpp"
#include "sim/drive/exchange.hpp"

namespace reckoner::sim {

// A word that a JSON object holds under this name, as "accepted" under "status"; empty: none. No
// parser: an answer of the engine's has each such name once, and its words need no escapes.
std::string_view word_in(std::string_view body, std::string_view name);

struct BatchAnswer {
  std::uint64_t accepted = 0, duplicates = 0, conflicts = 0;
  std::vector<std::pair<std::size_t, std::string>> rejected;  // index in the batch, code
};
Result<BatchAnswer> read_batch_answer(std::string_view body);

// For people: "503 unavailable: the store is full", or why there is none.
std::string describe(const Answer& answer);

}  // namespace reckoner::sim
