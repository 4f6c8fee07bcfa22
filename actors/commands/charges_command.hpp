// reckoner charges list|retry|release|write-off: what is asked of Polar, and an operator's acts.
#pragma once

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_charges_commands(CLI::App& app, int& exit_code);

}  // namespace reckoner::commands
