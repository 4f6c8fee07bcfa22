// What drive asks a running engine, or the sandbox, about itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/instant.hpp"
#include "engine/basics/result.hpp"
#include "sim/drive/requests.hpp"

namespace reckoner::sim {

// The engine's hashes, and its totals as it writes them: "cost_usd" → "1.25".
struct EngineHashes {
  Instant at;
  std::string state_hash, money_hash;
  std::map<std::string, std::string> totals;
};

struct SandboxCharge {
  std::string idempotency_key, amount_usd;
  bool conflicts = false;  // it was asked for again with other content
};

class EngineFace {
 public:
  EngineFace(const Target& target, const Access& access) : target_(target), access_(access) {}

  // Errors: `unavailable` (no answer, or none in time), `unauthorized`, `refused`.
  Result<EngineHashes> hashes() const;
  // How many charges with this status the engine has; kManyCharges stands for more, too.
  static constexpr std::size_t kManyCharges = 1'000;
  Result<std::size_t> charges(std::string_view status) const;
  // All customers' ids, by bytes.
  Result<std::vector<std::string>> customer_ids() const;
  // Each customer's object as JSON, in no order; empty: there is no such customer.
  Status customers(
      const std::vector<std::string>& ids,
      const std::function<void(const std::string& id, std::string_view json)>& each) const;
  // Of a sandbox (the target is one): all that it has taken.
  Result<std::vector<SandboxCharge>> sandbox_charges() const;

 private:
  Result<std::string> get(const std::string& path) const;

  Target target_;
  Access access_;
};

}  // namespace reckoner::sim
