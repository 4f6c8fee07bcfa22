// reckoner-sim sandbox: a stand-in for Polar on real HTTP, until SIGTERM or SIGINT.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::sim {

void add_sandbox_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::sim
