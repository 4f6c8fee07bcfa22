// From a storage URL to an open store.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "storage/store/store.hpp"

namespace reckoner::storage {

struct StoreOptions {
  std::string url;                   // `sqlite:PATH`, `postgres://…`, `memory:`
  std::filesystem::path plugin_dir;  // holds reckoner_storage_<scheme>.so
  bool create = false;               // make the store if it is not there
  bool read_only = false;            // works beside a living owner
  bool migrating = false;            // an older schema is no fault
  std::uint32_t shards = 0;          // that a new store will have
  std::uint32_t timeout_ms = 10'000;
};

// Where plugins are by default: `plugins` beside the folder that this program lies in.
std::filesystem::path default_plugin_dir();

// Loads the plugin that the URL names (each once in a process; `memory:` is built in) and opens the
// store. Errors name the URL's scheme, the plugin's file or what the plugin said; a plugin of
// another contract's version is refused with both versions named. A store that another living owner
// holds is no error here: `lock` finds out.
StoreStatus open_store(const StoreOptions& options, std::unique_ptr<Store>& store);

// The same over a plugin's function that is linked in.
StoreStatus open_store(reckoner_storage_plugin_function plugin, const StoreOptions& options,
                       std::unique_ptr<Store>& store);

// Whether an error that open_store gives is one of the URL, which is none or leads to no store; or
// of the plugin, which is not there or not of this program.
bool is_fault_of_url(const StoreError& error);
bool is_fault_of_plugin(const StoreError& error);

}  // namespace reckoner::storage
