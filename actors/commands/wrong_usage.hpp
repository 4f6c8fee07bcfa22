// A command line that is no command.
#pragma once

#include <CLI/CLI.hpp>

namespace reckoner::commands {

// Says in one line what is wrong and which --help says more. Returns the exit code.
int end_with_wrong_usage(const CLI::App& app, const CLI::ParseError& wrong);

}  // namespace reckoner::commands
