// What is configured, as commands take it: --config and --set over file and environment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/config/configuration.hpp"

namespace CLI {
class App;
}

namespace reckoner::commands {

struct ConfigFlags {
  std::optional<std::string> file;
  std::vector<std::string> settings;
};

// --config and --set. The flags live as long as the command.
void add_config_flags(CLI::App& command, ConfigFlags& flags);

// From the flags, the environment and the file. The error is one of usage (console::kWrongUsage).
Result<config::Configuration> read_configuration(const ConfigFlags& flags);

}  // namespace reckoner::commands
