#include "actors/commands/config_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "actors/commands/config_flags.hpp"
#include "actors/config/shown_keys.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/standard_output.hpp"
#include "actors/http/tls.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;

struct Flags {
  ConfigFlags config;
  bool json = false;
};

int write(const std::string& text) {
  const Status written = console::write_standard_output(text);
  return written ? kDone : end_with(kFailed, written.error().detail);
}

int check(const Flags& flags) {
  const auto configuration = read_configuration(flags.config);
  if (!configuration) return end_with(kWrongUsage, configuration.error().detail);
  const config::ServerConfiguration& server = configuration->server;
  if (const auto tls = http::make_tls(server.tls_certificate, server.tls_key); !tls)
    return end_with(kWrongUsage, "server." + tls.error().detail);
  std::string text = "the configuration is good\n";
  for (const std::string& note : configuration->notes) text += "note: " + note + '\n';
  return write(text);
}

int show(const Flags& flags) {
  const auto configuration = read_configuration(flags.config);
  if (!configuration) return end_with(kWrongUsage, configuration.error().detail);
  const auto keys = config::shown_keys(*configuration);
  return write(flags.json ? config::keys_json(keys) : config::keys_table(keys));
}

}  // namespace

void add_config_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* group = app.add_subcommand("config", "What is configured, and whether it is good");
  group->require_subcommand(1);
  CLI::App* check_command =
      group->add_subcommand("check",
                            "Reads the configuration, and TLS's files, as serve would. Exit 2 with "
                            "what is wrong and where");
  add_config_flags(*check_command, flags->config);
  check_command->callback([flags, &exit_code] { exit_code = check(*flags); });
  CLI::App* show_command = group->add_subcommand(
      "show", "Every key with its value, where that comes from, and help; secrets are masked");
  add_config_flags(*show_command, flags->config);
  show_command->add_flag("--json", flags->json, "as JSON, by key");
  show_command->callback([flags, &exit_code] { exit_code = show(*flags); });
}

}  // namespace reckoner::commands
