#include "storage/dedupe/dedupe_index.hpp"

#include <algorithm>
#include <utility>

#include "engine/basics/check.hpp"

namespace reckoner::storage {
namespace {

// Entries that are gathered before they enter a table: it takes many at a time faster.
constexpr std::size_t kGathered = 128 * 1024;

}  // namespace

DedupeIndex::DedupeIndex(std::uint32_t shards, const KeySecret& secret)
    : tables_(shards), format_(secret) {}

// Takes in one shard's chunks.
class DedupeIndex::Loader {
 public:
  Loader(DedupeIndex& index, std::uint32_t shard, std::uint64_t last_sequence)
      : index_(index), table_(index.tables_[shard]), last_sequence_(last_sequence) {}

  void take(const KeyRun& run) {
    if (run.first_sequence != gathered_.next_sequence() || gathered_.hashes.size() >= kGathered)
      enter();
    if (run.first_sequence > next_) missing_.push_back({next_, run.first_sequence - 1});
    if (gathered_.hashes.empty()) gathered_.first_sequence = run.first_sequence;
    gathered_.hashes.insert(gathered_.hashes.end(), run.hashes.begin(), run.hashes.end());
    next_ = run.next_sequence();
    entries_ += run.hashes.size();
    if (run.hashes.size() < kChunkEntries) last_small_ = run;
  }

  std::vector<SequenceRange> finish() {
    enter();
    if (next_ <= last_sequence_) missing_.push_back({next_, last_sequence_});
    return std::move(missing_);
  }

  std::uint64_t entries() const { return entries_; }
  // The last chunk, if it is not full.
  bool ends_small() const {
    return !last_small_.hashes.empty() && last_small_.next_sequence() == next_;
  }
  KeyRun& last_small() { return last_small_; }

 private:
  void enter() {
    if (gathered_.hashes.empty()) return;
    if (table_.size() == 0) reserve();
    table_.add_run(gathered_.first_sequence, gathered_.hashes, index_.scratch_);
    gathered_.hashes.clear();
  }

  // As many of all entries as of the first ones will have keys.
  void reserve() {
    const auto& hashes = gathered_.hashes;
    const auto without =
        static_cast<std::uint64_t>(std::count(hashes.begin(), hashes.end(), kNoKey));
    const std::uint64_t with = hashes.size() - without;
    table_.reserve(last_sequence_ * with / hashes.size());
  }

  DedupeIndex& index_;
  KeyTable& table_;
  std::uint64_t last_sequence_;
  std::uint64_t next_ = 1;
  std::uint64_t entries_ = 0;
  KeyRun gathered_, last_small_;
  std::vector<SequenceRange> missing_;
};

KeyLogCoverage DedupeIndex::load(Reader& reader, std::span<const std::uint64_t> last_sequences,
                                 const OnProgress& on_progress, const IsOfJournal& is_of_journal) {
  RECKONER_CHECK(last_sequences.size() == tables_.size(), "a last sequence for each shard");
  RECKONER_CHECK(keys() == 0 && staged() == 0, "only an empty index is loaded");
  std::uint64_t total = 0, before = 0;
  for (const std::uint64_t last : last_sequences) {
    RECKONER_CHECK(last <= kMostSequence, "a shard's journal is too long for the index");
    total += last;
  }
  KeyLogCoverage out;
  for (std::uint32_t shard = 0; shard < tables_.size(); ++shard) {
    Loader loader(*this, shard, last_sequences[shard]);
    KeyLogScan scan = load_key_log(reader, format_, shard, last_sequences[shard], is_of_journal,
                                   [&](const KeyRun& run) {
                                     loader.take(run);
                                     if (on_progress)
                                       on_progress(before + run.next_sequence() - 1, total, "keys");
                                   });
    out.missing.push_back(loader.finish());
    out.entries += loader.entries();
    out.useless_rows += scan.useless.size();
    if (scan.failure) out.failure = std::move(scan.failure);
    if (log_ != nullptr) {
      log_->erase(std::move(scan.useless));
      if (loader.ends_small()) log_->resume(std::move(loader.last_small()));
    }
    before += last_sequences[shard];
  }
  scratch_ = {};
  return out;
}

void DedupeIndex::add_committed(std::uint32_t shard, std::uint64_t first_sequence,
                                std::span<const std::uint64_t> hashes) {
  RECKONER_CHECK(shard < tables_.size(), "no such shard");
  tables_[shard].add_run(first_sequence, hashes, scratch_);
  if (log_ != nullptr) log_->add(shard, first_sequence, hashes);
}

void DedupeIndex::stage(std::uint32_t shard, std::uint64_t hash, std::uint64_t sequence) {
  RECKONER_CHECK(shard < tables_.size(), "no such shard");
  RECKONER_CHECK(0 < sequence && sequence <= kMostSequence, "a shard's journal is full");
  staged_.add({hash, shard, static_cast<std::uint32_t>(sequence)});
}

void DedupeIndex::commit_staged(std::size_t count) {
  RECKONER_CHECK(count <= staged(), "more are committed than were staged");
  const std::span<const EntryKey> durable = staged_.all().first(count);
  // Asked for this much ahead of being entered.
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) prefetch(durable[i + kAhead].shard, durable[i + kAhead].hash);
    const EntryKey& key = durable[i];
    if (key.hash != kNoKey) tables_[key.shard].add(key.hash, key.sequence);
  }
  if (log_ != nullptr) log_->add(durable);
  staged_.drop_first(count);
}

std::uint64_t DedupeIndex::keys() const {
  std::uint64_t sum = 0;
  for (const KeyTable& table : tables_) sum += table.size();
  return sum;
}

std::uint64_t DedupeIndex::bytes() const {
  std::uint64_t sum = 0;
  for (const KeyTable& table : tables_) sum += table.bytes();
  return sum;
}

}  // namespace reckoner::storage
