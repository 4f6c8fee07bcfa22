// reckoner keys create|list|revoke: who may call the engine, on a stopped store and beside an
// engine that holds it.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_keys_commands(CLI::App& app, int& exit_code);

}  // namespace reckoner::commands
