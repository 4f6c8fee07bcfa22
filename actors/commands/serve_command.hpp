// `reckoner serve`.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace reckoner::commands
