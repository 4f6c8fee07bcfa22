#include "plugins/sqlite/reader.hpp"

#include <chrono>
#include <limits>
#include <thread>

#include "plugins/sqlite/place.hpp"
#include "plugins/sqlite/schema.hpp"

namespace reckoner::storage::sqlite {
namespace {

struct Block {
  std::uint64_t first_sequence;
  std::uint32_t count;
};

// The columns first_sequence and entries.
Block read_block(const Run& run, std::uint32_t shard) {
  const std::int64_t first = run.integer_at(0), count = run.integer_at(1);
  if (run.type(0) != SQLITE_INTEGER || run.type(1) != SQLITE_INTEGER || first < 1 || count < 1 ||
      count > std::numeric_limits<std::uint32_t>::max())
    throw damaged(journal_table(shard), std::to_string(first), "the block's numbers are none");
  return {static_cast<std::uint64_t>(first), static_cast<std::uint32_t>(count)};
}

bool pass_on(const Run& run, const Block& block, std::uint32_t shard,
             const sdk::OnBlock& on_block) {
  if (run.type(2) != SQLITE_BLOB)
    throw damaged(journal_table(shard), std::to_string(block.first_sequence),
                  "the block holds no bytes");
  return on_block(block.first_sequence, block.count, run.bytes_at(2));
}

}  // namespace

SqliteReader::SqliteReader(const ReaderPlace& place, std::shared_ptr<WalWatch> watch,
                           KeyLogVersion version)
    : shards_(place.shards),
      beside_another_(place.beside_another),
      watch_(std::move(watch)),
      db_(place.path, place.access),
      tables_(db_),
      journal_(db_),
      key_log_(key_log_path(place.path), place.access, std::move(version)) {
  db_.wait_for_locks(place.timeout_ms);
  db_.run("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384");
  begin_ = Statement(db_, "BEGIN");
  first_read_ = Statement(db_, "SELECT shard FROM shards LIMIT 1");
  take_snapshot();
}

void SqliteReader::refresh() {
  if (!db_.roll_back()) throw sdk::Failure{RECKONER_FATAL, "io_failed", "a reader cannot go on"};
  if (beside_another_) {
    let_another_start_its_log_over();
  } else {
    watch_->pass_between_snapshots();
  }
  take_snapshot();
  key_log_.refresh();
}

// The owner lives in another process: all that is known of its log is how long the file is.
void SqliteReader::let_another_start_its_log_over() {
  constexpr std::uint64_t kLong = 2 * kLongLogBytes;
  const std::string log = db_.path() + "-wal";
  const std::uint64_t before = file_size(log);
  if (before < wait_from_) return;
  constexpr std::chrono::milliseconds kStep{10};
  for (auto waited = kStep; waited <= kLongestForeignWait; waited += kStep) {
    std::this_thread::sleep_for(kStep);
    if (file_size(log) < before) return;
  }
  wait_from_ = before + kLong;
}

// BEGIN alone takes none; the first read does.
void SqliteReader::take_snapshot() {
  Run(begin_).finish();
  Run(first_read_).next();
}

void SqliteReader::get(std::uint32_t table, std::string_view key, sdk::OnRow on_row) {
  if (table == RECKONER_KEY_LOG) return key_log_.get(key, on_row);
  tables_.get(table, key, on_row);
}

void SqliteReader::scan(std::uint32_t table, std::string_view from, sdk::OnRow on_row) {
  if (table == RECKONER_KEY_LOG) return key_log_.scan(from, on_row);
  tables_.scan(table, from, on_row);
}

Statement& SqliteReader::journal(Journal kind, std::uint32_t shard) {
  return journal_.at(shard * kKinds + kind, [&] {
    const std::string select =
        "SELECT first_sequence, entries, block FROM " + journal_table(shard) + " WHERE ";
    return kind == kHolding ? select + "first_sequence <= ?1 ORDER BY first_sequence DESC LIMIT 1"
                            : select + "first_sequence > ?1 ORDER BY first_sequence";
  });
}

bool SqliteReader::pass_holding(std::uint32_t shard, std::int64_t sequence,
                                const sdk::OnBlock& on_block) {
  Run run(journal(kHolding, shard));
  run.integer(1, sequence);
  if (!run.next()) return true;
  const Block block = read_block(run, shard);
  if (block.first_sequence + block.count <= static_cast<std::uint64_t>(sequence)) return true;
  return pass_on(run, block, shard, on_block);
}

void SqliteReader::scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                                sdk::OnBlock on_block) {
  if (shard >= shards_)
    throw sdk::Failure{RECKONER_FATAL, "bad_shard", "there is no shard " + std::to_string(shard)};
  constexpr std::uint64_t kLast = std::numeric_limits<std::int64_t>::max();
  const auto sequence = static_cast<std::int64_t>(std::min(from_sequence, kLast));
  if (!pass_holding(shard, sequence, on_block)) return;
  Run run(journal(kAfter, shard));
  run.integer(1, sequence);
  while (run.next() && pass_on(run, read_block(run, shard), shard, on_block)) {
  }
}

}  // namespace reckoner::storage::sqlite
