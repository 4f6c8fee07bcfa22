// A store in a file of SQLite: what the contract asks for, put together from its parts.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plugins/sqlite/checkpointer.hpp"
#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/health.hpp"
#include "plugins/sqlite/key_log.hpp"
#include "plugins/sqlite/owner_lock.hpp"
#include "plugins/sqlite/wal_watch.hpp"
#include "plugins/sqlite/writer.hpp"

namespace reckoner::storage::sqlite {

std::unique_ptr<sdk::Driver> open_sqlite(const sdk::OpenOptions& options);

class SqliteDriver final : public sdk::Driver {
 public:
  explicit SqliteDriver(const sdk::OpenOptions& options);
  ~SqliteDriver() override;

  void lock(std::string_view owner, bool take_over) override;
  void take_epochs(reckoner_shard_state* states) override;
  void commit(std::uint32_t lane, const reckoner_batch& batch) override;
  void commit_aside(const reckoner_batch& batch) override;
  void commit_beside(const reckoner_batch& batch) override;
  reckoner_shard_state shard_state(std::uint32_t shard) override;
  std::unique_ptr<sdk::Reader> open_reader() override;
  void info(reckoner_store_info& info) override;
  void migrate(sdk::OnProgress on_progress) override;
  void check(sdk::OnDamage on_damage) override;

 private:
  void open_for_writing(bool create);
  void open_for_reading();
  void read_what_is_there();
  void check_writable() const;
  void check_owner() const;
  // `work` beside the writer's commits; where it loses what the file holds, so does the store.
  template <class Work>
  void between_commits(Work work);
  std::unique_ptr<Connection> another_connection() const;

  sdk::OpenOptions options_;
  std::string path_;
  Access access_ = Access::read_write;
  std::uint32_t shards_ = 0;
  Health health_;
  std::shared_ptr<WalWatch> watch_ = std::make_shared<WalWatch>();
  KeyLogVersion key_log_version_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::unique_ptr<OwnerLock> owner_;
  std::unique_ptr<Connection> db_;
  std::optional<Writer> writer_;
  std::optional<KeyLogWriter> key_log_;
  std::optional<Checkpointer> checkpointer_;
};

}  // namespace reckoner::storage::sqlite
