#include "sim/commands/sandbox_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <string>

#include "actors/console/failure.hpp"
#include "actors/console/numbers.hpp"
#include "actors/console/standard_output.hpp"
#include "actors/console/whole_number.hpp"
#include "sim/sandbox/object_json.hpp"
#include "sim/sandbox/sandbox.hpp"

namespace reckoner::sim {
namespace {

using console::end_with;
using console::grouped;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using sandbox::Sandbox;
using sandbox::SandboxOptions;

constexpr std::int64_t kMostSpeed = 1'000'000;

struct Flags {
  SandboxOptions options;
  std::string speed = "1", seed = "1", scheme = "guide";
};

Result<SandboxOptions> read_options(const Flags& flags) {
  SandboxOptions out = flags.options;
  if (flags.scheme == "standard") out.webhooks.scheme = sandbox::WebhookScheme::standard;
  auto seed = console::read_whole_number("--seed", flags.seed, 0,
                                         std::numeric_limits<std::uint64_t>::max());
  if (!seed) return seed.error();
  out.seed = *seed;
  const auto speed = parse_money(flags.speed);
  if (!speed || *speed < Money{kPicoPerUsd / 1'000} || *speed > Money{kPicoPerUsd * kMostSpeed})
    return invalid("--speed is '" + flags.speed + "'; it takes a number from 0.001 to 1000000");
  out.speed = static_cast<double>(speed->pico) / static_cast<double>(kPicoPerUsd);
  return out;
}

// Ctrl-C and SIGTERM wait until they are asked for, in every thread started from here on.
sigset_t hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

std::string summary(const Sandbox& sandbox) {
  const sandbox::Totals totals = sandbox.totals();
  const sandbox::DeliveryCounts webhooks = sandbox.deliveries();
  const auto number = [](std::uint64_t value) { return grouped(static_cast<std::int64_t>(value)); };
  const auto row = [](const std::string& what, const std::string& value) {
    return fmt::format("{:<32}{:>20}\n", what, value);
  };
  std::string out = row("customers", number(totals.customers));
  out += row("subscriptions", number(totals.subscriptions));
  out += row("charges taken", number(totals.charges));
  out += row("  USD", grouped(sandbox::amount_number(totals.charged)));
  out += row("  asked for", number(totals.charge_requests));
  out += row("  with other content", number(totals.conflicts));
  out += row("webhooks", number(webhooks.created));
  out += row("  acknowledged", number(webhooks.delivered));
  out += row("  failed or skipped", number(webhooks.failed + webhooks.skipped));
  for (const auto& [name, fired] : sandbox.faults_fired())
    out += row("fault " + name, number(fired));
  return out;
}

int run(const Flags& flags) {
  Result<SandboxOptions> options = read_options(flags);
  if (!options) return end_with(kWrongUsage, options.error().detail);
  const sigset_t signals = hold_signals();
  auto sandbox = Sandbox::start(std::move(*options));
  if (!sandbox) return end_with(kWrongUsage, "--" + sandbox.error().detail);
  Status printed = console::write_standard_output("sandbox on " + (*sandbox)->url() + '\n');
  if (printed) {
    int signal = 0;
    sigwait(&signals, &signal);
    (*sandbox)->stop();
    printed = console::write_standard_output(summary(**sandbox));
  }
  return printed ? kDone : end_with(kFailed, printed.error().detail);
}

}  // namespace

void add_sandbox_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  SandboxOptions& options = flags->options;
  CLI::App* command = app.add_subcommand("sandbox",
                                         "A stand-in for Polar on real HTTP, with signed webhooks "
                                         "and faults, until SIGTERM or Ctrl-C");
  command->add_option("--listen", options.listen, "where; port 0 is any that is free")
      ->type_name("A")
      ->capture_default_str();
  command->add_option("--api-key", options.api_key, "the key it takes; else any")->type_name("K");
  command
      ->add_option("--webhook-url", options.webhooks.url, "where webhooks go; else there are none")
      ->type_name("U");
  command->add_option("--webhook-secret", options.webhooks.secret, "what they are signed with")
      ->type_name("S");
  command->add_option("--webhook-scheme", flags->scheme, "how they are signed: guide or standard")
      ->type_name("SCHEME")
      ->check(CLI::IsMember({"guide", "standard"}))
      ->capture_default_str();
  command
      ->add_option("--speed", flags->speed,
                   "how many seconds pass in one: for pauses between attempts, and faults")
      ->type_name("X")
      ->capture_default_str();
  command->add_flag(
      "--strict", options.strict,
      "refuses unknown customers and fields, and whatever is not as the guide has it");
  command->add_option("--seed", flags->seed, "another seed makes other ids and faults")
      ->type_name("S")
      ->capture_default_str();
  command
      ->add_option("--faults", options.faults,
                   "what goes wrong: 500:0.1,lost:every20,down:30s (docs/simulator.md has all)")
      ->type_name("LIST");
  command->add_flag("--pay-charges", options.pay_charges,
                    "a charge is paid half a second later, with an invoice.paid");
  command->callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace reckoner::sim
