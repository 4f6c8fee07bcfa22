// A Store over a plugin's table of functions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/contract/reckoner_storage.h"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// An error as a plugin gave it, with texts that may be shown.
StoreError plugin_error(reckoner_status status, const reckoner_error& error,
                        const std::vector<std::string>& secrets);

class PluginStore : public Store {
 public:
  struct Plugin {
    reckoner_storage_plugin table{};
    std::uint32_t timeout_ms = 0;      // of each call that takes one
    std::vector<std::string> secrets;  // of the URL: shown in no message
  };
  // Takes over a handle that the plugin opened. A plugin stays loaded, so the table stays good.
  PluginStore(Plugin plugin, reckoner_store* store);
  ~PluginStore() override;
  PluginStore(const PluginStore&) = delete;
  PluginStore& operator=(const PluginStore&) = delete;

  StoreStatus lock(std::string_view owner, bool take_over) override;
  StoreStatus take_epochs(std::vector<ShardState>& states) override;
  StoreStatus commit(std::uint32_t lane, const Batch& batch) override;
  StoreStatus commit_aside(const Batch& batch) override;
  StoreStatus commit_beside(const Batch& batch) override;
  StoreStatus shard_state(std::uint32_t shard, ShardState& state) override;
  StoreStatus open_reader(std::unique_ptr<Reader>& reader) override;
  StoreStatus info(StoreInfo& info) override;
  StoreStatus migrate(const OnProgress& on_progress) override;
  StoreStatus check(const OnDamage& on_damage) override;

 private:
  std::shared_ptr<const Plugin> plugin_;  // readers hold it too
  reckoner_store* store_;
};

}  // namespace reckoner::storage
