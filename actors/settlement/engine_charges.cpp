#include "actors/settlement/engine_charges.hpp"

#include "actors/settlement/settlement.hpp"

namespace reckoner::settlement {
namespace {

CustomersCharge copy_of(const CustomerState& state, const Charge& charge) {
  return {state.id.str(), std::string(state.polar_customer_id()), charge};
}

}  // namespace

void EngineCharges::record(std::string customer_id, Settlement settlement, OnRecorded on_recorded) {
  actors::ChargeRequest<Settlement> request;
  request.customer_id = std::move(customer_id);
  request.body = std::move(settlement);
  request.on_done = [on_recorded =
                         std::move(on_recorded)](Result<const actors::ChargeAnswer*> answer) {
    if (!answer) return on_recorded(answer.error());
    on_recorded(copy_of((*answer)->view.state, (*answer)->charge));
  };
  engine_.settlement(std::move(request));
}

void EngineCharges::find(std::string customer_id, std::uint32_t number, OnFound on_found) {
  engine_.view(std::move(customer_id),
               [number, on_found = std::move(on_found)](Result<const actors::CustomerView*> view) {
                 std::optional<CustomersCharge> found;
                 // Like one who is set aside, as it will be: no reason to wait for the store.
                 if (!view && view.error().code == actors::kRecordDamaged) return on_found(found);
                 if (!view) return on_found(view.error());
                 const CustomerState& state = (*view)->state;
                 if (state.set_aside == SetAside::no)
                   for (const Charge& charge : state.charges)
                     if (charge.number == number) found = copy_of(state, charge);
                 on_found(std::move(found));
               });
}

void EngineCharges::to_settle(std::string after, std::size_t most, actors::OnCharges on_charges) {
  engine_.charges_to_settle(std::move(after), most, std::move(on_charges));
}

SettlementService::SettlementService(actors::Engine& engine,
                                     std::shared_ptr<polar::SettlementAdapter> adapter,
                                     SettlementOptions options, SettlementHooks hooks)
    : SettlementService(std::make_shared<EngineCharges>(engine), std::move(adapter),
                        std::move(options), std::move(hooks)) {}

}  // namespace reckoner::settlement
