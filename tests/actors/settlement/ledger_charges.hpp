// Charges of a ledger in memory: what the engine folds, without the engine around it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "actors/settlement/charge_source.hpp"
#include "tests/actors/settlement/virtual_time.hpp"
#include "tests/support/core.hpp"

namespace reckoner::settlement {

class LedgerCharges : public ChargeSource {
 public:
  explicit LedgerCharges(VirtualTime& time) : time_(time) {}

  void record(std::string customer_id, Settlement settlement, OnRecorded on_recorded) override;
  void find(std::string customer_id, std::uint32_t number, OnFound on_found) override;
  void to_settle(std::string after, std::size_t most, actors::OnCharges on_charges) override;

  // Registers, links (an empty Polar id: not), and uses so many dollars' worth: a charge for each
  // call, the first with number 1.
  void customer(const std::string& id, const std::string& polar_customer_id);
  void charge(const std::string& id, int dollars = 1);
  void unlink(const std::string& polar_customer_id);
  void act(const std::string& id, std::uint32_t number, OperatorDecision decision);
  void settle(const std::string& id, std::uint32_t number, ChargeStatus status);

  ChargeStatus status(const std::string& id, std::uint32_t number) const;
  std::string polar_charge_id(const std::string& id, std::uint32_t number) const;
  std::size_t unsettled() const;  // pending or unknown

  // Entries of customers: what an outage must not add to.
  std::uint64_t journal_length = 0;
  // Whether the store is to be had.
  std::function<bool()> available = [] { return true; };
  std::function<Delay()> delay = [] { return Delay::zero(); };
  // What was recorded is answered so much later than it is told.
  Delay answers_after = Delay::zero();
  // What EngineEvents::charge is told.
  std::function<void(const CustomersCharge&)> news;

 private:
  Instant now();
  void tell();

  VirtualTime& time_;
  support::World world_;
  Instant last_ = support::at("2026-01-05");
  std::map<std::pair<std::string, std::uint32_t>, Charge> latest_;  // the closed ones, too
};

}  // namespace reckoner::settlement
