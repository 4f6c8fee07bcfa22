// reckoner-sim: the simulator. Each command has a file in commands/.
#include <CLI/CLI.hpp>
#include <string>

#include "actors/commands/wrong_usage.hpp"
#include "actors/console/failure.hpp"
#include "sim/commands/drive_command.hpp"
#include "sim/commands/generate_command.hpp"
#include "sim/commands/import_command.hpp"
#include "sim/commands/replay_command.hpp"
#include "sim/commands/sandbox_command.hpp"

int main(int argc, char** argv) {
  using namespace reckoner::sim;
  using namespace reckoner::console;
  CLI::App app(
      "Reckoner's simulator: replays, generates and imports histories of usage and webhooks, "
      "drives\na running engine with them, and stands in for Polar.\nMore in docs/simulator.md.",
      "reckoner-sim");
  app.set_version_flag("--version", RECKONER_VERSION);
  app.require_subcommand(1);
  int exit_code = kDone;
  add_replay_command(app, exit_code);
  add_generate_command(app, exit_code);
  add_import_command(app, exit_code);
  add_drive_command(app, exit_code);
  add_sandbox_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    return reckoner::commands::end_with_wrong_usage(app, wrong);
  }
  return exit_code;
}
