#include "storage/memory/versioned_table.hpp"

#include <utility>

namespace reckoner::storage::memory {

void VersionedTable::write(std::string_view key, Value value, std::uint64_t commit,
                           const Snapshots& snapshots) {
  auto found = rows_.find(key);
  if (found == rows_.end()) {
    if (value == nullptr) return;
    found = rows_.emplace(std::string(key), Row{}).first;
    found->second.newest.since = commit;
  }
  Version& newest = found->second.newest;
  count(key, newest.value, false);
  if (newest.since != commit && snapshots.any_from(newest.since)) {
    auto before = std::make_unique<Version>();
    std::swap(*before, newest);
    newest.older = std::move(before);
    stale_.emplace_back(commit, found);
    ++found->second.waiting;
  }
  newest.since = commit;
  newest.value = std::move(value);
  count(key, newest.value, true);
  drop_if_gone(found);
}

void VersionedTable::collect(std::uint64_t oldest) {
  while (!stale_.empty() && stale_.front().first <= oldest) {
    const Rows::iterator row = stale_.front().second;
    stale_.pop_front();
    --row->second.waiting;
    Version* seen = &row->second.newest;
    while (seen->since > oldest && seen->older != nullptr) seen = seen->older.get();
    seen->older.reset();
    drop_if_gone(row);
  }
}

Value VersionedTable::get(std::string_view key, std::uint64_t snapshot) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : seen_by(found->second, snapshot);
}

void VersionedTable::copy(std::string_view from, bool after, std::uint64_t snapshot,
                          std::size_t most, std::vector<KeyValue>& out) const {
  const std::size_t full = out.size() + most;
  auto row = after ? rows_.upper_bound(from) : rows_.lower_bound(from);
  for (; row != rows_.end() && out.size() < full; ++row)
    if (Value value = seen_by(row->second, snapshot)) out.push_back({row->first, std::move(value)});
}

Value VersionedTable::seen_by(const Row& row, std::uint64_t snapshot) {
  const Version* version = &row.newest;
  while (version != nullptr && version->since > snapshot) version = version->older.get();
  return version == nullptr ? nullptr : version->value;
}

void VersionedTable::drop_if_gone(Rows::iterator row) {
  const Row& held = row->second;
  if (held.newest.value == nullptr && held.newest.older == nullptr && held.waiting == 0)
    rows_.erase(row);
}

void VersionedTable::count(std::string_view key, const Value& value, bool added) {
  if (value == nullptr) return;
  const std::uint64_t size = key.size() + value->size();
  bytes_ = added ? bytes_ + size : bytes_ - size;
}

}  // namespace reckoner::storage::memory
