// reckoner-sim replay: a history, or a journal file, through the engine on virtual time.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::sim {

void add_replay_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::sim
