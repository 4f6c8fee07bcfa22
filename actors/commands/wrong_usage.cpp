#include "actors/commands/wrong_usage.hpp"

#include <utility>

#include "actors/console/failure.hpp"

namespace reckoner::commands {
namespace {

std::string names_of_commands(const CLI::App& group) {
  std::string out;
  for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; }))
    out += (out.empty() ? "" : ", ") + command->get_name();
  return out;
}

// Empty: there is none. Its value is not shown: it may be a secret, and a log may keep the line.
std::string unknown_flag(const CLI::App& command) {
  for (const std::string& rest : command.remaining())
    if (rest.starts_with('-')) return "there is no flag " + rest.substr(0, rest.find('='));
  return {};
}

std::string missing_command(const CLI::App& group, const std::string& name) {
  const std::vector<std::string> rest = group.remaining();
  std::string what = unknown_flag(group);
  if (what.empty())
    what = rest.empty() ? "a command is missing" : "there is no command '" + rest.front() + "'";
  return what + "; " + name + " takes " + names_of_commands(group);
}

// A flag that nobody knows is mostly the misspelt one that is missing.
std::string missing_flag(const CLI::App& command, const std::string& what) {
  const std::string unknown = unknown_flag(command);
  return unknown.empty() ? what : unknown + "; " + what;
}

}  // namespace

int end_with_wrong_usage(const CLI::App& app, const CLI::ParseError& wrong) {
  const CLI::App* at = &app;
  std::string name = app.get_name();
  for (auto given = at->get_subcommands(); !given.empty(); given = at->get_subcommands()) {
    at = given.front();
    name += " " + at->get_name();
  }
  std::string what = wrong.what();
  if (dynamic_cast<const CLI::RequiredError*>(&wrong) != nullptr) {
    const bool is_group = !at->get_subcommands([](const CLI::App*) { return true; }).empty();
    what = is_group ? missing_command(*at, name) : missing_flag(*at, what);
  } else if (dynamic_cast<const CLI::ExtrasError*>(&wrong) != nullptr) {
    if (std::string unknown = unknown_flag(*at); !unknown.empty()) what = std::move(unknown);
  }
  return console::end_with(console::kWrongUsage, what + "; `" + name + " --help` says more");
}

}  // namespace reckoner::commands
