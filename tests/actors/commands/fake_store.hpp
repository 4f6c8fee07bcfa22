// A store for tests of commands: it says what it is told to say.
#pragma once

#include "storage/store/store.hpp"

namespace reckoner::commands {

class FakeStore : public storage::Store {
 public:
  storage::StoreInfo said;
  std::uint32_t schema_after = 0;  // what `migrate` comes to
  storage::StoreStatus lock_fails, migrate_fails;
  std::string owner;

  storage::StoreStatus lock(std::string_view who, bool) override {
    owner = who;
    return lock_fails;
  }
  storage::StoreStatus info(storage::StoreInfo& info) override {
    info = said;
    return {};
  }
  storage::StoreStatus shard_state(std::uint32_t shard, storage::ShardState& state) override {
    state = {3, 1'000 * (shard + 1)};
    return {};
  }
  storage::StoreStatus migrate(const storage::OnProgress& on_progress) override {
    for (std::uint64_t done = 0; done < 3; ++done) on_progress(done, 3, "rows");
    said.schema_version = schema_after;
    return migrate_fails;
  }

  storage::StoreStatus take_epochs(std::vector<storage::ShardState>&) override { return none(); }
  storage::StoreStatus commit(std::uint32_t, const storage::Batch&) override { return none(); }
  storage::StoreStatus commit_aside(const storage::Batch&) override { return none(); }
  storage::StoreStatus commit_beside(const storage::Batch&) override { return none(); }
  storage::StoreStatus open_reader(std::unique_ptr<storage::Reader>&) override { return none(); }
  storage::StoreStatus check(const storage::OnDamage&) override { return none(); }

 private:
  static storage::StoreStatus none() {
    return storage::StoreError{storage::Fault::fatal, "none", "not for these tests"};
  }
};

}  // namespace reckoner::commands
