#include "storage/store/loader.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "storage/memory/memory_plugin.hpp"
#include "storage/sdk/plugin.hpp"
#include "storage/store/plugin_store.hpp"
#include "storage/store/secrets.hpp"

namespace reckoner::storage {
namespace {

constexpr const char* kSymbol = "reckoner_storage_plugin_v1";
constexpr std::string_view kTaken =
    "memory:, memory:NAME, sqlite:PATH, postgres:// and postgresql:// are taken";

StoreError fault(std::string code, std::string detail) {
  return {Fault::fatal, std::move(code), std::move(detail)};
}

struct Scheme {
  std::string_view name;
  std::string_view plugin;
};
constexpr Scheme kSchemes[] = {
    {"memory", ""}, {"sqlite", "sqlite"}, {"postgres", "postgres"}, {"postgresql", "postgres"}};

// A URL is never shown whole: a password may stand in it, or be all of it.
StoreStatus find_scheme(std::string_view url, Scheme& found) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789+.-_";
  const std::size_t colon = url.find(':');
  const std::string_view name = url.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() ||
      name.find_first_not_of(kLetters) != std::string_view::npos)
    return fault("no_scheme",
                 "the store's URL does not begin with a scheme; " + std::string(kTaken));
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name != name) continue;
    found = scheme;
    return {};
  }
  return fault("unknown_scheme", "the store's URL has the scheme '" + std::string(name) + "'; " +
                                     std::string(kTaken));
}

// --- loading ------------------------------------------------------------------------------------

struct Loaded {
  std::mutex mutex;
  std::map<std::string, reckoner_storage_plugin_function> plugins;  // by file
};
Loaded& loaded() {
  static Loaded all;
  return all;
}

StoreStatus load(const std::filesystem::path& file, reckoner_storage_plugin_function& plugin) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return fault("plugin_missing", "the plugin " + file.string() + " is not there");
  // Never closed again: handles, and texts, of the plugin may live on anywhere.
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return fault("plugin_unloadable", "the plugin " + file.string() + " can not be loaded: " +
                                          (why == nullptr ? "it is not said why" : why));
  }
  plugin = reinterpret_cast<reckoner_storage_plugin_function>(dlsym(library, kSymbol));
  if (plugin == nullptr)
    return fault("plugin_symbol",
                 "the plugin " + file.string() + " does not export " + std::string(kSymbol));
  return {};
}

StoreStatus load_once(const std::filesystem::path& file, reckoner_storage_plugin_function& plugin) {
  const std::string key = file.lexically_normal().string();
  const std::lock_guard guard(loaded().mutex);
  if (const auto found = loaded().plugins.find(key); found != loaded().plugins.end()) {
    plugin = found->second;
    return {};
  }
  StoreStatus status = load(file, plugin);
  if (!status) loaded().plugins.emplace(key, plugin);
  return status;
}

// --- filling ------------------------------------------------------------------------------------

// The first function that the plugin did not give; null where all are there.
const char* lacking(const reckoner_storage_plugin& table) {
  const std::pair<const char*, bool> functions[] = {
      {"open", table.open != nullptr},
      {"close", table.close != nullptr},
      {"lock", table.lock != nullptr},
      {"take_epochs", table.take_epochs != nullptr},
      {"commit", table.commit != nullptr},
      {"commit_aside", table.commit_aside != nullptr},
      {"commit_beside", table.commit_beside != nullptr},
      {"shard_state", table.shard_state != nullptr},
      {"open_reader", table.open_reader != nullptr},
      {"close_reader", table.close_reader != nullptr},
      {"refresh", table.refresh != nullptr},
      {"get", table.get != nullptr},
      {"scan", table.scan != nullptr},
      {"scan_journal", table.scan_journal != nullptr},
      {"info", table.info != nullptr},
      {"migrate", table.migrate != nullptr},
      {"check", table.check != nullptr},
  };
  for (const auto& [name, there] : functions)
    if (!there) return name;
  return nullptr;
}

// `which` names the plugin in messages.
StoreStatus fill(reckoner_storage_plugin_function plugin, const std::string& which,
                 const std::vector<std::string>& secrets, reckoner_storage_plugin& table) {
  table.struct_size = sizeof table;
  // So that one which does not say is not taken for one of version 0.
  table.contract_version = UINT32_MAX;
  reckoner_error error{};
  const reckoner_status status = plugin(RECKONER_STORAGE_CONTRACT_VERSION, &table, &error);
  if (status != RECKONER_OK) {
    StoreError refused = plugin_error(status, error, secrets);
    refused.detail = "the plugin " + which + " refuses: " + refused.detail;
    return refused;
  }
  if (table.contract_version != RECKONER_STORAGE_CONTRACT_VERSION)
    return fault("contract_version", "the plugin " + which + " speaks version " +
                                         std::to_string(table.contract_version) +
                                         " of the storage contract, the program version " +
                                         std::to_string(RECKONER_STORAGE_CONTRACT_VERSION));
  if (const char* name = lacking(table))
    return fault("plugin_incomplete",
                 "the plugin " + which + " lacks the function '" + std::string(name) + "'");
  return {};
}

reckoner_open_options contract_options(const StoreOptions& options) {
  const auto flag = [](bool set, std::uint32_t bit) { return set ? bit : 0U; };
  return {sizeof(reckoner_open_options),
          flag(options.create, RECKONER_OPEN_CREATE) |
              flag(options.read_only, RECKONER_OPEN_READ_ONLY) |
              flag(options.migrating, RECKONER_OPEN_MIGRATING),
          options.shards, options.timeout_ms, sdk::to_bytes(options.url)};
}

StoreStatus open_with(reckoner_storage_plugin_function function, const std::string& which,
                      const StoreOptions& options, std::unique_ptr<Store>& store) {
  PluginStore::Plugin plugin;
  plugin.timeout_ms = options.timeout_ms;
  plugin.secrets = secrets_in(options.url);
  if (StoreStatus failed = fill(function, which, plugin.secrets, plugin.table)) return failed;
  const reckoner_open_options opening = contract_options(options);
  reckoner_store* opened = nullptr;
  reckoner_error error{};
  const reckoner_status status = plugin.table.open(&opening, &opened, &error);
  if (status != RECKONER_OK) return plugin_error(status, error, plugin.secrets);
  store = std::make_unique<PluginStore>(std::move(plugin), opened);
  return {};
}

}  // namespace

// Looked up once: after the program's file was replaced, or its mounts changed, the system gives
// another name for it.
std::filesystem::path default_plugin_dir() {
  static const std::filesystem::path folder = []() -> std::filesystem::path {
    std::error_code failed;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (failed) return "plugins";
    return program.parent_path().parent_path() / "plugins";
  }();
  return folder;
}

StoreStatus open_store(const StoreOptions& options, std::unique_ptr<Store>& store) {
  Scheme scheme;
  if (StoreStatus failed = find_scheme(options.url, scheme)) return failed;
  if (scheme.plugin.empty()) return open_store(reckoner_storage_memory, options, store);
  const std::filesystem::path file =
      options.plugin_dir / ("reckoner_storage_" + std::string(scheme.plugin) + ".so");
  reckoner_storage_plugin_function plugin = nullptr;
  if (StoreStatus failed = load_once(file, plugin)) return failed;
  return open_with(plugin, file.string(), options, store);
}

StoreStatus open_store(reckoner_storage_plugin_function plugin, const StoreOptions& options,
                       std::unique_ptr<Store>& store) {
  return open_with(plugin, "of the program itself", options, store);
}

bool is_fault_of_url(const StoreError& error) {
  static constexpr std::string_view kCodes[] = {"no_scheme", "unknown_scheme", "bad_url",
                                                "no_folder", "is_a_folder",    "not_found",
                                                "no_store"};
  return std::ranges::find(kCodes, error.code) != std::end(kCodes);
}

bool is_fault_of_plugin(const StoreError& error) {
  static constexpr std::string_view kCodes[] = {"plugin_missing", "plugin_unloadable",
                                                "plugin_symbol", "contract_version",
                                                "plugin_incomplete"};
  return std::ranges::find(kCodes, error.code) != std::end(kCodes);
}

}  // namespace reckoner::storage
