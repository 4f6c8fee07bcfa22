#include "storage/dedupe/key_log.hpp"

#include <algorithm>
#include <utility>

#include "engine/basics/check.hpp"

namespace reckoner::storage {
namespace {

// Bytes of hashes in one commit.
constexpr std::size_t kMostInCommit = std::size_t{2} << 20;

std::size_t bytes_of(const KeyRun& run) {
  return run.hashes.size() * sizeof(std::uint64_t);
}

}  // namespace

KeyLogWriter::KeyLogWriter(Store& store, const KeySecret& secret, KeyLogOptions options)
    : store_(store), format_(secret), options_(options) {
  if (options_.own_thread) thread_ = std::thread([this] { run_thread(); });
}

KeyLogWriter::~KeyLogWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void KeyLogWriter::add(std::span<const EntryKey> entries) {
  const std::lock_guard lock(mutex_);
  for (const EntryKey& entry : entries) {
    Open& open = open_at(entry.shard, entry.sequence);
    open.run.hashes.push_back(entry.hash);
    open.unwritten = true;
    if (open.run.hashes.size() >= options_.chunk_entries) cut(open);
  }
}

void KeyLogWriter::add(std::uint32_t shard, std::uint64_t first_sequence,
                       std::span<const std::uint64_t> hashes) {
  const std::lock_guard lock(mutex_);
  while (!hashes.empty()) {
    Open& open = open_at(shard, first_sequence);
    const std::size_t room = options_.chunk_entries - open.run.hashes.size();
    const std::size_t taken = std::min(room, hashes.size());
    open.run.hashes.insert(open.run.hashes.end(), hashes.begin(),
                           hashes.begin() + static_cast<std::ptrdiff_t>(taken));
    open.unwritten = true;
    if (taken == room) cut(open);
    first_sequence += taken;
    hashes = hashes.subspan(taken);
  }
}

void KeyLogWriter::resume(KeyRun run) {
  const std::lock_guard lock(mutex_);
  if (run.hashes.size() >= options_.chunk_entries) return;
  open_at(run.shard, run.first_sequence).run = std::move(run);
}

void KeyLogWriter::erase(std::vector<std::string> keys) {
  {
    const std::lock_guard lock(mutex_);
    for (std::string& key : keys) erased_.push_back(std::move(key));
  }
  wake_.notify_all();
}

// The shard's chunk that the entry with this sequence goes to.
KeyLogWriter::Open& KeyLogWriter::open_at(std::uint32_t shard, std::uint64_t first_sequence) {
  if (shard >= open_.size()) open_.resize(shard + 1);
  Open& open = open_[shard];
  if (open.run.hashes.empty() || open.run.next_sequence() != first_sequence) {
    cut(open);
    open.run.shard = shard;
    open.run.first_sequence = first_sequence;
  }
  return open;
}

// Ends a chunk. One that is in the store as it is need not be written again.
void KeyLogWriter::cut(Open& open) {
  KeyRun run = std::exchange(open.run, {});
  if (std::exchange(open.unwritten, false)) wait_in_line(std::move(run));
}

void KeyLogWriter::wait_in_line(KeyRun run) {
  if (gave_up_) return;
  counts_.bytes_waiting += bytes_of(run);
  waiting_.push_back(std::move(run));
  drop_beyond_bound();
  wake_.notify_one();
}

void KeyLogWriter::drop_beyond_bound() {
  while (counts_.bytes_waiting > options_.most_waiting && !waiting_.empty()) {
    counts_.bytes_waiting -= bytes_of(waiting_.front());
    waiting_.pop_front();
    ++counts_.chunks_dropped;
  }
}

KeyLogWriter::Work KeyLogWriter::take_work() {
  Work work;
  work.erased = std::exchange(erased_, {});
  for (std::size_t bytes = 0; !waiting_.empty() && bytes < kMostInCommit;) {
    bytes += bytes_of(waiting_.front());
    work.runs.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return work;
}

void KeyLogWriter::give_back(Work work) {
  erased_.insert(erased_.begin(), std::make_move_iterator(work.erased.begin()),
                 std::make_move_iterator(work.erased.end()));
  waiting_.insert(waiting_.begin(), std::make_move_iterator(work.runs.begin()),
                  std::make_move_iterator(work.runs.end()));
  drop_beyond_bound();
}

// One commit. The lock is let go while the store works; only one thread is ever in here.
StoreStatus KeyLogWriter::write_some(std::unique_lock<std::mutex>& lock) {
  Work work = take_work();
  writing_ = true;
  lock.unlock();
  Batch batch;
  for (const std::string& key : work.erased) batch.erase(Table::key_log, key);
  for (const KeyRun& run : work.runs)
    batch.put(Table::key_log, chunk_key(run.shard, run.first_sequence), format_.encode(run));
  StoreStatus status = store_.commit_aside(batch);
  lock.lock();
  writing_ = false;
  last_failure_ = status;
  if (!status) {
    for (const KeyRun& run : work.runs) counts_.bytes_waiting -= bytes_of(run);
    counts_.chunks_written += work.runs.size();
  } else {
    ++counts_.failed_writes;
    give_back(std::move(work));
    // The store is no use any more, or another owner's: it is they who write the log.
    if (status->fault == Fault::fatal || status->fault == Fault::fenced) {
      gave_up_ = true;
      counts_.chunks_dropped += waiting_.size();
      counts_.bytes_waiting = 0;
      waiting_.clear();
      erased_.clear();
    }
  }
  return status;
}

void KeyLogWriter::run_thread() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !nothing_waits(); });
    if (stopping_) return;
    const bool failed = write_some(lock).has_value();
    wrote_.notify_all();
    if (failed)
      wake_.wait_for(lock, options_.retry_after, [this] { return stopping_ || flushing_ > 0; });
  }
}

StoreStatus KeyLogWriter::flush() {
  std::unique_lock lock(mutex_);
  for (Open& open : open_)
    if (std::exchange(open.unwritten, false)) wait_in_line(open.run);
  if (!options_.own_thread) {
    while (!nothing_waits())
      if (StoreStatus status = write_some(lock)) return status;
    return gave_up_ ? last_failure_ : std::nullopt;
  }
  ++flushing_;
  const std::uint64_t failures = counts_.failed_writes;
  wake_.notify_all();
  wrote_.wait(lock,
              [&] { return (nothing_waits() && !writing_) || counts_.failed_writes != failures; });
  --flushing_;
  return counts_.failed_writes != failures || gave_up_ ? last_failure_ : std::nullopt;
}

StoreStatus KeyLogWriter::write_waiting() {
  std::unique_lock lock(mutex_);
  RECKONER_CHECK(!options_.own_thread, "the key log is written by its own thread");
  return nothing_waits() ? std::nullopt : write_some(lock);
}

KeyLogWriter::Counts KeyLogWriter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

KeyLogScan load_key_log(Reader& reader, const ChunkFormat& format, std::uint32_t shard,
                        std::uint64_t last_sequence, const IsOfJournal& is_of_journal,
                        const std::function<void(const KeyRun&)>& on_chunk) {
  KeyLogScan scan;
  KeyRun run;
  std::uint64_t next = 1;
  const auto on_row = [&](std::string_view key, std::string_view value) {
    if (shard_of_chunk(key) != shard) return false;
    if (format.decode(key, value, run) && run.first_sequence >= next &&
        run.next_sequence() - 1 <= last_sequence && (!is_of_journal || is_of_journal(run))) {
      next = run.next_sequence();
      on_chunk(run);
    } else {
      scan.useless.emplace_back(key);
    }
    return true;
  };
  scan.failure = reader.scan(Table::key_log, chunk_key(shard, 0).substr(0, 4), on_row);
  return scan;
}

}  // namespace reckoner::storage
