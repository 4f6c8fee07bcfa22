// The charges of a live engine.
#pragma once

#include "actors/engine/engine.hpp"
#include "actors/settlement/charge_source.hpp"

namespace reckoner::settlement {

class EngineCharges : public ChargeSource {
 public:
  explicit EngineCharges(actors::Engine& engine) : engine_(engine) {}

  void record(std::string customer_id, Settlement settlement, OnRecorded on_recorded) override;
  void find(std::string customer_id, std::uint32_t number, OnFound on_found) override;
  void to_settle(std::string after, std::size_t most, actors::OnCharges on_charges) override;

 private:
  actors::Engine& engine_;
};

}  // namespace reckoner::settlement
