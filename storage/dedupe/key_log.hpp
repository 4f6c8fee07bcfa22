// The key log: the hashes of all entries of a store in order of sequence, in chunks (key_chunk.hpp)
// in Table::key_log. A restart rebuilds the index from it, 8 bytes an entry, instead of reading the
// journal. Derived data: it may lag behind the journal, have gaps, or be lost; what is not in it is
// read from the journal.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "storage/dedupe/key_chunk.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// Entries in a full chunk: what a crash costs in entries to read from the journal, for each shard,
// is less than this and what waits to be written.
inline constexpr std::size_t kChunkEntries = 32'768;

struct KeyLogOptions {
  std::size_t chunk_entries = kChunkEntries;
  // Bytes of hashes that may wait for the store; beyond it the oldest chunks are dropped.
  std::size_t most_waiting = std::size_t{64} << 20;
  std::chrono::milliseconds retry_after{1000};  // after a failed write
  // Without a thread of its own it writes only in flush and write_waiting, for a simulator.
  bool own_thread = true;
};

// Any threads, several at a time too (lanes share one); no call but flush and write_waiting waits
// for the store. The store and its commit_aside are the writer's until it is gone.
class KeyLogWriter {
 public:
  KeyLogWriter(Store& store, const KeySecret& secret, KeyLogOptions options = {});
  // What waits is given up, and so are the partial chunks: flush before, to close in order.
  ~KeyLogWriter();
  KeyLogWriter(const KeyLogWriter&) = delete;
  KeyLogWriter& operator=(const KeyLogWriter&) = delete;

  // Committed entries, in order of sequence within each shard. A gap, or a run that was skipped
  // before, ends the shard's chunk and begins another.
  void add(std::span<const EntryKey> entries);
  void add(std::uint32_t shard, std::uint64_t first_sequence,
           std::span<const std::uint64_t> hashes);
  // Before anything was added: the shard's last chunk as it was read, which is not full. It is
  // continued, so that restarts do not leave ever more small chunks behind.
  void resume(KeyRun run);
  // Rows that are of no use. Only before anything was added.
  void erase(std::vector<std::string> keys);

  // Writes all there is, partial chunks too, and waits for it. On a failure what is not written
  // keeps waiting.
  StoreStatus flush();
  // One attempt to write some of what waits, on this thread. Only without a thread of its own.
  StoreStatus write_waiting();

  struct Counts {
    std::uint64_t chunks_written = 0, chunks_dropped = 0, failed_writes = 0;
    std::uint64_t bytes_waiting = 0;
  };
  Counts counts() const;

 private:
  struct Open {
    KeyRun run;
    bool unwritten = false;
  };
  // What one commit writes, taken out of what waits.
  struct Work {
    std::vector<std::string> erased;
    std::vector<KeyRun> runs;
  };

  Open& open_at(std::uint32_t shard, std::uint64_t first_sequence);
  void cut(Open& open);
  void wait_in_line(KeyRun run);
  void drop_beyond_bound();
  Work take_work();
  void give_back(Work work);
  StoreStatus write_some(std::unique_lock<std::mutex>& lock);
  bool nothing_waits() const { return waiting_.empty() && erased_.empty(); }
  void run_thread();

  Store& store_;
  const ChunkFormat format_;
  const KeyLogOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable wake_, wrote_;
  std::vector<Open> open_;  // by shard
  std::deque<KeyRun> waiting_;
  std::vector<std::string> erased_;
  bool writing_ = false, stopping_ = false, gave_up_ = false;
  int flushing_ = 0;
  std::optional<StoreError> last_failure_;
  Counts counts_;
  std::thread thread_;
};

// What a shard's part of the log came to.
struct KeyLogScan {
  std::vector<std::string>
      useless;  // keys of rows that are damaged, foreign, overlap, or are ahead
  std::optional<StoreError> failure;  // the store could not read on; what came before it is good
};

// Whether a chunk is of this journal, and not of another that went on from a copy of the store.
using IsOfJournal = std::function<bool(const KeyRun&)>;

// Reads a shard's chunks in order, as they come from the store, one in memory at a time: those
// that are whole, begin behind the ones before, end at `last_sequence` or before it, and are of the
// journal (empty: all are).
KeyLogScan load_key_log(Reader& reader, const ChunkFormat& format, std::uint32_t shard,
                        std::uint64_t last_sequence, const IsOfJournal& is_of_journal,
                        const std::function<void(const KeyRun&)>& on_chunk);

}  // namespace reckoner::storage
