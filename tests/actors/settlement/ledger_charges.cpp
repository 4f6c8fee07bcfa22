#include "tests/actors/settlement/ledger_charges.hpp"

#include <algorithm>

namespace reckoner::settlement {
namespace {

bool is_unsettled(ChargeStatus status) {
  return status == ChargeStatus::pending || status == ChargeStatus::unknown;
}

Error not_available() {
  return {"unavailable", "the store is not to be had", Retry::later};
}

}  // namespace

// Acceptance goes on by a second an entry; whatever the settlement's clock says.
Instant LedgerCharges::now() {
  ++journal_length;
  return last_ = last_ + kSecond;
}

void LedgerCharges::tell() {
  const std::string id = world_.customer_id;
  for (const Charge& charge : world_.effects.charges) {
    latest_[{id, charge.number}] = charge;
    if (news) news({id, std::string(world_.state().polar_customer_id()), charge});
  }
}

void LedgerCharges::record(std::string customer_id, Settlement settlement, OnRecorded on_recorded) {
  time_.after(delay(), [=, this] {
    if (!available()) return on_recorded(not_available());
    world_.customer_id = customer_id;
    world_.apply(now(), settlement);
    if (world_.effects.unknown_charge) return on_recorded(Error{"unknown_charge", "no such"});
    tell();
    const CustomersCharge after{customer_id, std::string(world_.state().polar_customer_id()),
                                latest_.at({customer_id, settlement.charge_number})};
    if (answers_after == Delay::zero()) return on_recorded(after);
    time_.after(answers_after, [=] { on_recorded(after); });
  });
}

void LedgerCharges::find(std::string customer_id, std::uint32_t number, OnFound on_found) {
  time_.after(delay(), [=, this] {
    if (!available()) return on_found(not_available());
    const CustomerState* state = world_.ledger.find(customer_id);
    if (state == nullptr) return on_found(Error{"unknown_customer", "no such"});
    std::optional<CustomersCharge> found;
    for (const Charge& charge : state->charges)
      if (charge.number == number)
        found = CustomersCharge{customer_id, std::string(state->polar_customer_id()), charge};
    on_found(found);
  });
}

void LedgerCharges::to_settle(std::string after, std::size_t most, actors::OnCharges on_charges) {
  time_.after(delay(), [=, this] {
    if (!available()) return on_charges(not_available());
    ChargesPage page;
    for (const CustomerState* state : world_.ledger.sorted()) {
      for (const Charge& charge : state->charges) {
        const std::string place = state->id.str() + ":" + std::to_string(1'000'000 + charge.number);
        if (!is_unsettled(charge.status) || place <= after) continue;
        if (page.charges.size() == most) return on_charges(page);
        page.charges.push_back({state->id.str(), {}, charge});  // as the engine's list
        page.next = place;
      }
    }
    page.next.clear();
    on_charges(page);
  });
}

void LedgerCharges::customer(const std::string& id, const std::string& polar_customer_id) {
  world_.customer_id = id;
  world_.line(format_instant(now()), polar_customer_id);
  world_.customer_id = id;
  tell();
}

void LedgerCharges::charge(const std::string& id, int dollars) {
  world_.customer_id = id;
  world_.usage(now(), 5'000 * dollars);  // free: 0.0002 a token
  tell();
}

void LedgerCharges::unlink(const std::string& polar_customer_id) {
  const std::string when = format_instant(now());
  world_.webhook(support::of(polar_customer_id, support::deleted(when)));
}

void LedgerCharges::act(const std::string& id, std::uint32_t number, OperatorDecision decision) {
  world_.customer_id = id;
  world_.apply(now(), OperatorAct{number, decision});
  tell();
}

void LedgerCharges::settle(const std::string& id, std::uint32_t number, ChargeStatus status) {
  world_.customer_id = id;
  world_.apply(now(), Settlement{number, status, "elsewhere"});
  tell();
}

ChargeStatus LedgerCharges::status(const std::string& id, std::uint32_t number) const {
  return latest_.at({id, number}).status;
}

std::string LedgerCharges::polar_charge_id(const std::string& id, std::uint32_t number) const {
  return latest_.at({id, number}).polar_charge_id.str();
}

std::size_t LedgerCharges::unsettled() const {
  return static_cast<std::size_t>(std::count_if(latest_.begin(), latest_.end(), [](const auto& of) {
    return is_unsettled(of.second.status);
  }));
}

}  // namespace reckoner::settlement
