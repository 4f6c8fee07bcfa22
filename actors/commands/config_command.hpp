// reckoner config check|show: what is configured, and whether it is good.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_config_commands(CLI::App& app, int& exit_code);

}  // namespace reckoner::commands
