// What the settlement asks of the engine: a narrow part of its face, with copies as answers.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "actors/engine/requests.hpp"
#include "engine/basics/result.hpp"
#include "engine/customer/charge.hpp"

namespace reckoner::settlement {

using actors::ChargesPage;
using actors::CustomersCharge;

class ChargeSource {
 public:
  virtual ~ChargeSource() = default;

  // Each answers once, on any thread, which must not be blocked. Errors as the engine's.
  using OnRecorded = std::function<void(Result<CustomersCharge>)>;
  using OnFound = std::function<void(Result<std::optional<CustomersCharge>>)>;

  // Makes it durable; the charge after it, and whom its customer is linked to now.
  virtual void record(std::string customer_id, Settlement settlement, OnRecorded on_recorded) = 0;
  // An open charge as it is now. Empty: closed, or nothing may be done with it.
  virtual void find(std::string customer_id, std::uint32_t number, OnFound on_found) = 0;
  // As Engine::charges_to_settle: without the Polar customers.
  virtual void to_settle(std::string after, std::size_t most, actors::OnCharges on_charges) = 0;
};

}  // namespace reckoner::settlement
