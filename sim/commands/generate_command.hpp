// reckoner-sim generate: makes up a history of any size.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::sim {

void add_generate_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::sim
