// reckoner storage info|migrate: the store itself, whatever it holds.
#pragma once

#include "storage/store/store.hpp"

namespace CLI {
class App;
}

namespace reckoner::commands {

void add_storage_commands(CLI::App& app, int& exit_code);

// What `storage migrate` does once the store is open: takes the lock, brings the schema up to date
// with a progress bar, says what it came to. Returns the exit code.
int migrate_store(storage::Store& store);

}  // namespace reckoner::commands
