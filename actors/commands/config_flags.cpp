#include "actors/commands/config_flags.hpp"

#include <CLI/CLI.hpp>

namespace reckoner::commands {

void add_config_flags(CLI::App& command, ConfigFlags& flags) {
  command
      .add_option("--config", flags.file,
                  std::string("the configuration (TOML); else ") + config::kDefaultFile +
                      ", if it is there")
      ->type_name("F");
  command.add_option("--set", flags.settings, "a key and its value, as log.level=debug")
      ->type_name("k=v")
      ->allow_extra_args(false);
}

Result<config::Configuration> read_configuration(const ConfigFlags& flags) {
  config::Sources sources;
  sources.file = flags.file;
  sources.environment = config::environment_of_process();
  sources.settings = flags.settings;
  return config::load(sources);
}

}  // namespace reckoner::commands
