// Which store a command works on, and how it ends where the store fails.
#pragma once

#include <optional>
#include <string>

#include "storage/store/loader.hpp"

namespace CLI {
class App;
}

namespace reckoner::commands {

struct StoreFlags {
  std::optional<std::string> url, plugin_dir;
  const char* url_flag = "--url";  // how the URL is given, for messages
  std::optional<std::string> config = std::nullopt;
};

// --url and --plugin-dir; and --config, which stands in for what they do not say, as reckoner.toml
// does if it is there. The flags live as long as the command.
void add_store_flags(CLI::App& command, StoreFlags& flags);

// The URL is that of the flag, else of the environment (RECKONER_STORAGE_URL), else the default.
storage::StoreOptions store_options(const StoreFlags& flags);

// Says what failed and returns the exit code: 2 where the flags are at fault (the URL leads to no
// store, say), or another engine holds the store; else 1. Without flags: of a store that is open.
int end_with_failure(const storage::StoreError& error, const StoreFlags& flags);
int end_with_failure(const storage::StoreError& error);

}  // namespace reckoner::commands
