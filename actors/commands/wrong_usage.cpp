#include "actors/commands/wrong_usage.hpp"

#include "actors/console/failure.hpp"

namespace reckoner::commands {
namespace {

std::string names_of_commands(const CLI::App& group) {
  std::string out;
  for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; }))
    out += (out.empty() ? "" : ", ") + command->get_name();
  return out;
}

std::string missing_command(const CLI::App& group, const std::string& name) {
  const std::vector<std::string> rest = group.remaining();
  const std::string what =
      rest.empty() ? "a command is missing" : "there is no command '" + rest.front() + "'";
  return what + "; " + name + " takes " + names_of_commands(group);
}

// A flag that nobody knows is mostly the misspelt one that is missing. Its value is not shown: it
// may be a secret.
std::string unknown_flag(const CLI::App& command) {
  for (const std::string& rest : command.remaining())
    if (rest.starts_with('-')) return "there is no flag " + rest.substr(0, rest.find('=')) + "; ";
  return {};
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
    what = is_group ? missing_command(*at, name) : unknown_flag(*at) + what;
  }
  return console::end_with(console::kWrongUsage, what + "; `" + name + " --help` says more");
}

}  // namespace reckoner::commands
