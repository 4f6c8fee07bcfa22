#include "actors/commands/charge_act.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "actors/commands/open_driver.hpp"
#include "actors/console/failure.hpp"
#include "engine/basics/ids.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using storage::StoreError;
using storage::StoreStatus;
using storage::Table;

Instant now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
}

// An engine of one command, and a reader of its store.
struct OpenedStore {
  std::unique_ptr<storage::Driver> driver;
  std::unique_ptr<storage::Reader> reader;  // goes before the driver
};

// With all rows written that follow from the journal, so that they say how things are.
StoreStatus open_store_for_act(const StoreFlags& flags, const std::string& command,
                               OpenedStore& opened) {
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(store_options(flags), store)) return failed;
  if (StoreStatus failed = check_finished(*store)) return failed;
  if (StoreStatus failed = store->open_reader(opened.reader)) return failed;
  std::optional<std::string> made;
  if (StoreStatus failed = opened.reader->get(Table::meta, storage::kStoreKey, made)) return failed;
  if (!made)
    return StoreError{storage::Fault::fatal, "not_found",
                      "the store holds nothing yet; correct it to one that an engine has used"};
  storage::DriverOptions options;
  options.owner = "reckoner charges " + command + ", process " + std::to_string(getpid());
  if (StoreStatus failed = storage::Driver::open(std::move(store), options, opened.driver))
    return failed;
  if (storage::CommitResult written = opened.driver->write_all(); !written.committed())
    return written.error;
  return opened.reader->refresh();
}

StoreStatus find_charge(storage::Reader& reader, const ChargeAct& act,
                        std::optional<Charge>& charge) {
  const std::string key = storage::charge_key(act.customer_id, act.act.charge_number);
  std::optional<std::string> value;
  if (StoreStatus failed = reader.get(Table::charges, key, value)) return failed;
  if (!value) return {};
  charge = storage::decode_charge(key, *value);
  return charge ? StoreStatus() : storage::damaged(Table::charges, key);
}

storage::CommitResult enter(storage::Driver& driver, const ChargeAct& act, bool& applied) {
  // A clock that was set back does not set the journal back.
  if (StoreStatus failed =
          driver.operator_act(std::max(now(), driver.last_at()), act.customer_id, act.act))
    return {storage::CommitResult::Outcome::dead, failed};
  storage::CommitResult done =
      driver.commit([&](const CustomerEntry&, const Effects& effects,
                        const storage::LiveCustomer*) { applied = !effects.unknown_charge; });
  return done.committed() ? driver.close() : done;
}

int end_with_held(StoreError error) {
  return end_with(kWrongUsage, error.detail +
                                   "; or have that engine do it: --target with its address, and "
                                   "--api-key (or RECKONER_API_KEY) with a key of scope admin");
}

}  // namespace

std::string_view decision_name(OperatorDecision decision) {
  static constexpr std::string_view kNames[kOperatorDecisions] = {"retry", "release", "write-off"};
  return kNames[static_cast<int>(decision)];
}

std::optional<ChargeAct> charge_act(std::string_view id, OperatorDecision decision) {
  const std::string_view customer = id.substr(0, id.rfind(':'));
  const auto number = charge_number(customer, id);
  if (!number || !is_valid_id(customer)) return std::nullopt;
  return ChargeAct{std::string(customer), {*number, decision}};
}

int act_on_store(const StoreFlags& flags, const ChargeAct& act) {
  const std::string command(decision_name(act.act.decision));
  OpenedStore opened;
  if (StoreStatus failed = open_store_for_act(flags, command, opened)) {
    if (failed->fault == storage::Fault::held) return end_with_held(*failed);
    return end_with_failure(*failed, flags);
  }
  std::optional<Charge> charge;
  if (StoreStatus failed = find_charge(*opened.reader, act, charge))
    return end_with_failure(*failed);
  if (!charge) return end_with(kFailed, "there is no charge " + act.charge());
  const auto after = after_decision(charge->status, act.act.decision);
  const std::string was(charge_status_name(charge->status));
  if (!after)
    return end_with(kFailed, "the charge " + act.charge() + " is " + was + "; " + command +
                                 " does not apply to it, and nothing was done");
  bool applied = false;
  opened.reader.reset();
  if (const auto done = enter(*opened.driver, act, applied); !done.committed())
    return end_with_failure(*done.error);
  if (!applied) return end_with(kFailed, "the charge " + act.charge() + " has changed meanwhile");
  return end_with(kDone, "the charge " + act.charge() + " was " + was + " and is now " +
                             std::string(charge_status_name(*after)));
}

}  // namespace reckoner::commands
