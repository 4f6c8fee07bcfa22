// reckoner: the service and its operation. Each group of commands has a file in commands/.
#include <CLI/CLI.hpp>
#include <string>

#include "actors/commands/charges_command.hpp"
#include "actors/commands/config_command.hpp"
#include "actors/commands/history_commands.hpp"
#include "actors/commands/keys_command.hpp"
#include "actors/commands/serve_command.hpp"
#include "actors/commands/storage_command.hpp"
#include "actors/commands/wrong_usage.hpp"
#include "actors/console/failure.hpp"

int main(int argc, char** argv) {
  using namespace reckoner;
  using namespace reckoner::console;
  CLI::App app("Reckoner: counts usage once, prices it exactly, charges it once.", "reckoner");
  app.set_version_flag("--version", RECKONER_VERSION);
  app.require_subcommand(1);
  int exit_code = kDone;
  commands::add_charges_commands(app, exit_code);
  commands::add_config_commands(app, exit_code);
  commands::add_history_commands(app, exit_code);
  commands::add_keys_commands(app, exit_code);
  commands::add_serve_command(app, exit_code);
  commands::add_storage_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    return commands::end_with_wrong_usage(app, wrong);
  }
  return exit_code;
}
