#include "actors/commands/charges_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/commands/charge_act.hpp"
#include "actors/commands/open_driver.hpp"
#include "actors/commands/store_flags.hpp"
#include "actors/commands/text_table.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/standard_output.hpp"
#include "actors/engine/reads/charge_lists.hpp"
#include "engine/basics/ids.hpp"
#include "storage/store/loader.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using storage::StoreStatus;

constexpr const char* kApiKeyVariable = "RECKONER_API_KEY";

struct ChargesFlags {
  StoreFlags store;
  std::optional<std::string> status, customer, target, api_key;
  std::string id;
};

// --- list ---------------------------------------------------------------------------------------

std::optional<ChargeStatus> status_of(std::string_view name) {
  for (int i = 0; i < kChargeStatuses; ++i)
    if (charge_status_name(static_cast<ChargeStatus>(i)) == name)
      return static_cast<ChargeStatus>(i);
  return std::nullopt;
}

std::string status_names() {
  std::string out;
  for (int i = 0; i < kChargeStatuses; ++i)
    out.append(i == 0                     ? ""
               : i + 1 == kChargeStatuses ? " or "
                                          : ", ")
        .append(charge_status_name(static_cast<ChargeStatus>(i)));
  return out;
}

// The newest first.
StoreStatus read_charges(storage::Reader& reader, const std::optional<std::string>& customer,
                         std::optional<ChargeStatus> status,
                         std::vector<actors::CustomersCharge>& charges) {
  actors::ChargesQuery query{status, customer.value_or(""), {}, 1'000};
  do {
    actors::ChargesPage page;
    if (StoreStatus failed = actors::list_charges(reader, query, page)) return failed;
    charges.insert(charges.end(), page.charges.begin(), page.charges.end());
    query.after = page.next;
  } while (!query.after.empty());
  return std::nullopt;
}

std::string table_of(const std::vector<actors::CustomersCharge>& charges) {
  if (charges.empty()) return "there are no such charges\n";
  TextTable table({"id", "customer", "amount USD", "status", "since", "Polar's id"});
  for (const auto& [customer_id, polar_customer_id, charge] : charges)
    table.row({charge_id(customer_id, charge.number), customer_id,
               format_cents(Money::of_cents(charge.amount)),
               std::string(charge_status_name(charge.status)), format_instant(charge.at),
               charge.polar_charge_id.empty() ? "-" : charge.polar_charge_id.str()});
  return table.text();
}

int list(const ChargesFlags& flags) {
  const auto status = flags.status ? status_of(*flags.status) : std::nullopt;
  if (flags.status && !status)
    return end_with(kWrongUsage, "--status is '" + *flags.status + "'; it takes " + status_names());
  if (flags.customer && !is_valid_id(*flags.customer))
    return end_with(kWrongUsage,
                    "--customer is no customer's id; it takes 1 to 255 bytes of UTF-8");
  storage::StoreOptions options = store_options(flags.store);
  options.read_only = true;
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store))
    return end_with_failure(*failed, flags.store);
  if (StoreStatus failed = check_finished(*store)) return end_with_failure(*failed);
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = store->open_reader(reader)) return end_with_failure(*failed);
  std::vector<actors::CustomersCharge> charges;
  if (StoreStatus failed = read_charges(*reader, flags.customer, status, charges))
    return end_with_failure(*failed);
  const Status written = console::write_standard_output(table_of(charges));
  if (!written) return end_with(kFailed, written.error().detail);
  return end_with(kDone,
                  "as the store's tables have it, which a running engine writes later; it answers "
                  "GET /api/v1/charges as it is now");
}

// --- acts ---------------------------------------------------------------------------------------

int act(const ChargesFlags& flags, OperatorDecision decision) {
  const auto wanted = charge_act(flags.id, decision);
  if (!wanted)
    return end_with(kWrongUsage, "ID is '" + flags.id +
                                     "'; it takes a charge's id, CUSTOMER:NUMBER, as `reckoner "
                                     "charges list` shows it");
  if (!flags.target) return act_on_store(flags.store, *wanted);
  const char* of_environment = std::getenv(kApiKeyVariable);
  const std::string key =
      flags.api_key.value_or(of_environment != nullptr ? of_environment : std::string());
  // Whatever else it is goes into no header.
  if (!is_valid_id(key))
    return end_with(kWrongUsage, "--api-key (or " + std::string(kApiKeyVariable) +
                                     ") is no key; it takes one of scope admin, which `reckoner "
                                     "keys create --scope admin` makes");
  return act_on_engine(*flags.target, key, *wanted);
}

void add_act(CLI::App& group, OperatorDecision decision, const std::string& help,
             const std::shared_ptr<ChargesFlags>& flags, int& exit_code) {
  CLI::App* command = group.add_subcommand(
      std::string(decision_name(decision)),
      help + ". On a stopped store; with --target by the API of the engine that holds it");
  command->add_option("ID", flags->id, "the charge's id, CUSTOMER:NUMBER")->required();
  add_store_flags(*command, flags->store);
  command->add_option("--target", flags->target, "a running engine, as http://127.0.0.1:8080")
      ->type_name("URL");
  command
      ->add_option("--api-key", flags->api_key,
                   "a key of scope admin; else " + std::string(kApiKeyVariable))
      ->type_name("K");
  command->callback([flags, decision, &exit_code] { exit_code = act(*flags, decision); });
}

}  // namespace

void add_charges_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<ChargesFlags>();
  CLI::App* group = app.add_subcommand("charges", "What is asked of Polar for usage");
  group->require_subcommand(1);
  CLI::App* list_command = group->add_subcommand(
      "list",
      "Charges, the newest first, as the store's tables have them. A running engine writes those "
      "some time after it decides; GET /api/v1/charges is as it is now");
  list_command->add_option("--status", flags->status, "only those that are " + status_names())
      ->type_name("S");
  list_command->add_option("--customer", flags->customer, "only this customer's")->type_name("ID");
  add_store_flags(*list_command, flags->store);
  list_command->callback([flags, &exit_code] { exit_code = list(*flags); });
  add_act(*group, OperatorDecision::retry, "Sends a charge that failed again", flags, exit_code);
  add_act(*group, OperatorDecision::release, "Sends a charge that is held", flags, exit_code);
  add_act(*group, OperatorDecision::write_off,
          "Gives up a charge that failed, is held or is not yet sent", flags, exit_code);
}

}  // namespace reckoner::commands
