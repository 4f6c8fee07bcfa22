#include "actors/commands/serve_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>

#include "actors/commands/config_flags.hpp"
#include "actors/commands/ending.hpp"
#include "actors/console/failure.hpp"
#include "actors/service/service.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;

struct Flags {
  ConfigFlags config;
  bool take_over = false;
};

int serve(const Flags& flags) {
  const auto configuration = read_configuration(flags.config);
  if (!configuration) return end_with(kWrongUsage, configuration.error().detail);
  Ending* const ending = Ending::watch();
  log::Options logging;
  logging.level = configuration->log.level;
  logging.format = configuration->log.format;
  log::Log log(logging);
  for (const std::string& note : configuration->notes) log.warning("note", {{"detail", note}});
  service::ServiceOptions options;
  options.take_over = flags.take_over;
  options.on_dead = [ending](const storage::StoreError&) { ending->dead(); };
  options.before_ready = [ending] { ending->running(); };
  auto service = service::Service::start(*configuration, log, std::move(options));
  if (!service) {
    log.flush();
    const std::string& code = service.error().code;
    const bool usage = code == "configuration" || code == "held";
    return end_with(usage ? kWrongUsage : kFailed, service.error().detail);
  }
  const bool dead = ending->wait();
  log.info("stopping", {{"why", dead ? "the store is lost" : "a signal"}});
  if (dead) {
    // What was acknowledged is durable, and nothing else matters: the next start recovers it.
    log.flush();
    std::_Exit(kFailed);
  }
  if (const Status stopped = (*service)->stop(); !stopped)
    log.warning("not_all_written", {{"detail", stopped.error().detail}});
  service->reset();
  log.flush();
  return ending->is_dead() ? kFailed : kDone;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "serve", "Runs the engine until SIGTERM or SIGINT; docs/operations/ says how");
  add_config_flags(*command, flags->config);
  command->add_flag("--takeover", flags->take_over,
                    "takes the store from an engine that holds it, which is fenced off");
  command->callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace reckoner::commands
