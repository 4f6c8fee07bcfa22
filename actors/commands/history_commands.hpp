// reckoner export, reckoner import: the journal as a history, and back.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_history_commands(CLI::App& app, int& exit_code);

}  // namespace reckoner::commands
