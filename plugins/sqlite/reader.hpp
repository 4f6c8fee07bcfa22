// Reads one snapshot of the store, over a connection of its own.
#pragma once

#include <memory>
#include <string>

#include "plugins/sqlite/connection.hpp"
#include "plugins/sqlite/key_log.hpp"
#include "plugins/sqlite/tables.hpp"
#include "plugins/sqlite/wal_watch.hpp"

namespace reckoner::storage::sqlite {

struct ReaderPlace {
  std::string path;
  Access access;
  std::uint32_t shards, timeout_ms;
  bool beside_another;  // the owner, if there is one, is not of this process
};

class SqliteReader final : public sdk::Reader {
 public:
  SqliteReader(const ReaderPlace& place, std::shared_ptr<WalWatch> watch, KeyLogVersion version);

  void refresh() override;
  void get(std::uint32_t table, std::string_view key, sdk::OnRow on_row) override;
  void scan(std::uint32_t table, std::string_view from, sdk::OnRow on_row) override;
  void scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                    sdk::OnBlock on_block) override;

 private:
  enum Journal : std::uint32_t { kHolding, kAfter, kKinds };
  Statement& journal(Journal kind, std::uint32_t shard);
  void take_snapshot();
  void let_another_start_its_log_over();
  // The block that begins at or before `sequence`, where it reaches up to it. False: no more.
  bool pass_holding(std::uint32_t shard, std::int64_t sequence, const sdk::OnBlock& on_block);

  std::uint32_t shards_;
  bool beside_another_;
  std::uint64_t wait_from_ = 2 * kLongLogBytes;
  std::shared_ptr<WalWatch> watch_;
  Connection db_;
  Tables tables_;
  Statements journal_;
  Statement begin_, first_read_;
  KeyLogReader key_log_;
};

}  // namespace reckoner::storage::sqlite
