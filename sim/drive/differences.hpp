// Where a running engine and a replay have come to something else, for people to look at.
#pragma once

#include <string>
#include <vector>

#include "engine/ledger/report.hpp"
#include "sim/drive/engine_face.hpp"

namespace reckoner::sim {

struct Difference {
  std::string where;  // a customer's id, or "all"
  std::string field, engine, replay;
};

// The totals that the engine names.
std::vector<Difference> different_totals(const EngineHashes& engine, const Report& replay);

// Customers field by field, the first ones by bytes of id: so many rows at most.
Result<std::vector<Difference>> different_customers(const EngineFace& engine, const Report& replay,
                                                    std::size_t at_most);

// What the sandbox took, against the charges that were decided: each exactly once, with its
// amount; held ones not at all.
std::vector<Difference> different_charges(const std::vector<SandboxCharge>& taken,
                                          const Report& replay, std::size_t at_most);

std::string differences_table(const std::vector<Difference>& differences);

}  // namespace reckoner::sim
