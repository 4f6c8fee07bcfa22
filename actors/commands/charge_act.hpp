// An operator's act on a charge: on a store that nobody holds, or by the API of the engine that
// holds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/commands/store_flags.hpp"
#include "engine/customer/charge.hpp"

namespace reckoner::commands {

struct ChargeAct {
  std::string customer_id;
  OperatorAct act;

  std::string charge() const { return charge_id(customer_id, act.charge_number); }
};

// "retry", "release", "write-off": as commands and paths have it.
std::string_view decision_name(OperatorDecision decision);

// Of a charge's id, "<customer_id>:<number>"; nothing where it is none.
std::optional<ChargeAct> charge_act(std::string_view id, OperatorDecision decision);

// Each says what came of it and returns the exit code: 1 where there is no such charge, or its
// status does not allow the act.
int act_on_store(const StoreFlags& flags, const ChargeAct& act);
// `target`: "http://127.0.0.1:8080".
int act_on_engine(const std::string& target, const std::string& api_key, const ChargeAct& act);

}  // namespace reckoner::commands
