#include "actors/commands/store_flags.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "actors/commands/config_flags.hpp"
#include "actors/console/failure.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kFailed;
using console::kWrongUsage;

constexpr const char* kUrlVariable = "RECKONER_STORAGE_URL";
constexpr const char* kDefaultUrl = "sqlite:reckoner.db";

// Null where it is not set, or empty.
const char* url_of_environment() {
  const char* url = std::getenv(kUrlVariable);
  return url != nullptr && *url != '\0' ? url : nullptr;
}

// Where the URL that was used comes from, for messages.
std::string url_source(const StoreFlags& flags) {
  return flags.url || url_of_environment() == nullptr ? flags.url_flag : kUrlVariable;
}

// What `serve` would work on with this configuration. Only where no flag says so: a store can be
// looked at whatever is wrong with the configuration.
void fill_from_configuration(StoreFlags& flags) {
  if (flags.url || url_of_environment() != nullptr) return;
  const auto configuration = read_configuration({flags.config, {}});
  if (!configuration) throw CLI::ValidationError(configuration.error().detail);
  const auto is_given = [&](const char* key) { return configuration->origins.contains(key); };
  if (is_given("storage.url")) {
    flags.url = configuration->storage.url;
    flags.url_flag = "storage.url";
  }
  if (!flags.plugin_dir && is_given("storage.plugin_dir"))
    flags.plugin_dir = configuration->storage.plugin_dir;
}

}  // namespace

void add_store_flags(CLI::App& command, StoreFlags& flags) {
  command
      .add_option("--url", flags.url,
                  "the store: sqlite:PATH or postgres://…; else " + std::string(kUrlVariable) +
                      ", else " + kDefaultUrl)
      ->type_name("U");
  command
      .add_option("--plugin-dir", flags.plugin_dir,
                  "where storage plugins are; else plugins, beside the program's folder")
      ->type_name("D");
  command
      .add_option("--config", flags.config,
                  std::string("a configuration (TOML) that says both; else ") +
                      config::kDefaultFile + ", if it is there")
      ->type_name("F");
  command.parse_complete_callback([&flags] { fill_from_configuration(flags); });
}

storage::StoreOptions store_options(const StoreFlags& flags) {
  const char* of_environment = url_of_environment();
  storage::StoreOptions options;
  options.url = flags.url.value_or(of_environment != nullptr ? of_environment : kDefaultUrl);
  options.plugin_dir =
      flags.plugin_dir ? std::filesystem::path(*flags.plugin_dir) : storage::default_plugin_dir();
  return options;
}

int end_with_failure(const storage::StoreError& error, const StoreFlags& flags) {
  if (is_fault_of_url(error)) return end_with(kWrongUsage, url_source(flags) + ": " + error.detail);
  if (error.code == "plugin_missing")
    return end_with(kWrongUsage,
                    "--plugin-dir: " + error.detail + "; it takes the folder of storage plugins");
  return end_with_failure(error);
}

int end_with_failure(const storage::StoreError& error) {
  return end_with(error.fault == storage::Fault::held ? kWrongUsage : kFailed, error.detail);
}

}  // namespace reckoner::commands
