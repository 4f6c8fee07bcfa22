// An ordered table of bytes that keeps of each row what living snapshots still see. A commit costs
// what it changes, not what the table holds, and a snapshot costs nothing until rows under it
// change. Not locked: its owner does that.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reckoner::storage::memory {

// Shared, so that a reader hands it out while no lock is held. Null: no such row.
using Value = std::shared_ptr<const std::string>;

// The commits that readers stand on, by number. A reader sees what was written up to its commit.
class Snapshots {
 public:
  void add(std::uint64_t commit) { living_.insert(commit); }
  void remove(std::uint64_t commit) { living_.erase(living_.find(commit)); }
  bool any_from(std::uint64_t commit) const { return living_.lower_bound(commit) != living_.end(); }
  // Of all readers that there are or will be, while `latest` is the latest commit.
  std::uint64_t oldest(std::uint64_t latest) const {
    return living_.empty() ? latest : *living_.begin();
  }

 private:
  std::multiset<std::uint64_t> living_;
};

struct KeyValue {
  std::string key;
  Value value;
};

class VersionedTable {
 public:
  // As part of commit number `commit`, which no snapshot sees yet.
  void write(std::string_view key, Value value, std::uint64_t commit, const Snapshots& snapshots);
  // Drops what only snapshots before `oldest` saw.
  void collect(std::uint64_t oldest);

  Value get(std::string_view key, std::uint64_t snapshot) const;
  // Appends up to `most` rows to `out`: the first ones at `from`, or (`after`) behind it.
  void copy(std::string_view from, bool after, std::uint64_t snapshot, std::size_t most,
            std::vector<KeyValue>& out) const;

  std::uint64_t bytes() const { return bytes_; }
  // Rows held, those included that only old snapshots see.
  std::size_t rows() const { return rows_.size(); }

 private:
  struct Version {
    std::uint64_t since = 0;
    Value value;
    std::unique_ptr<Version> older;  // at most one for each living snapshot
  };
  struct Row {
    Version newest;
    std::size_t waiting = 0;  // in stale_
  };
  using Rows = std::map<std::string, Row, std::less<>>;

  static Value seen_by(const Row& row, std::uint64_t snapshot);
  void drop_if_gone(Rows::iterator row);
  void count(std::string_view key, const Value& value, bool added);

  Rows rows_;
  // Rows with versions that nobody sees once all snapshots are at or behind the commit.
  std::deque<std::pair<std::uint64_t, Rows::iterator>> stale_;
  std::uint64_t bytes_ = 0;
};

}  // namespace reckoner::storage::memory
