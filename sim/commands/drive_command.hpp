// reckoner-sim drive: a history against a running engine, over HTTP.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::sim {

void add_drive_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::sim
