// reckoner-sim import: a CSV export becomes a history.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::sim {

void add_import_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::sim
