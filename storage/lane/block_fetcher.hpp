// Reads blocks of the journal many at a time, with readers of its own on threads of its own: what
// likely repeats are to be compared with lies anywhere in the history, and a disk answers several
// questions in the time of one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "storage/store/store.hpp"

namespace reckoner::storage {

class BlockFetcher {
 public:
  // Without threads it fetches nothing.
  BlockFetcher(Store& store, std::uint32_t threads);
  ~BlockFetcher();
  BlockFetcher(const BlockFetcher&) = delete;
  BlockFetcher& operator=(const BlockFetcher&) = delete;

  // Of an entry that is durable, and the block that holds it once it is fetched. A block that could
  // not be read, or was committed only just now, stays empty: the caller reads it as any other.
  struct Wanted {
    std::uint32_t shard;
    std::uint64_t sequence;
    std::string block;
  };
  // The caller has renewed its own snapshot before.
  void fetch(std::vector<Wanted>& wanted);
  bool has_threads() const { return !places_.empty(); }

  // After each commit: the readers renew their snapshots, beside whatever the caller goes on with;
  // those that are not used for long are closed. An old snapshot keeps a store from tidying up, and
  // a store may let whoever renews one wait for the others to do so, too.
  void committed();

 private:
  // A reader, and the number of commits that it has seen.
  struct Place {
    std::unique_ptr<Reader> reader;
    std::uint64_t seen = 0;
  };
  void begin(std::vector<Wanted>& wanted);
  void await_idle();
  bool is_idle();
  void work(Place& place);
  void catch_up(Place& place);
  Wanted* next_wanted();
  void fetch_one(Place& place, Wanted& wanted);

  Store& store_;
  std::uint64_t commits_ = 0, used_ = 0;
  bool has_readers_ = false;
  std::vector<Place> places_;  // one for each thread

  std::mutex mutex_;
  std::condition_variable begun_, ended_;
  std::vector<Wanted> nothing_;
  std::vector<Wanted>* wanted_ = nullptr;
  std::uint64_t round_ = 0, at_commit_ = 0;
  std::size_t next_ = 0;     // of those wanted
  std::size_t working_ = 0;  // threads
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace reckoner::storage
