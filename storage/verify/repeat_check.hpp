// Whether a key was counted twice: two entries of a shard with one key, which deduplication must
// never let through. Of the one before, only a fingerprint is in memory; it is looked up.
#pragma once

#include <cstdint>
#include <string>

#include "engine/journal/block.hpp"
#include "storage/dedupe/key_table.hpp"
#include "storage/lane/entry_key.hpp"
#include "storage/verify/findings.hpp"

namespace reckoner::storage {

inline bool same_key(const CustomerEntry& a, const CustomerEntry& b) {
  return a.customer_id == b.customer_id &&
         std::get<Usage>(a.body).idempotency_key == std::get<Usage>(b.body).idempotency_key;
}
inline bool same_key(const IdentityEntry& a, const IdentityEntry& b) {
  return std::get<Webhook>(a.body).id == std::get<Webhook>(b.body).id;
}

// `Entry` as for JournalWalk. The reader is not the one that the entries come from.
template <class Entry>
class RepeatCheck {
 public:
  RepeatCheck(Reader& reader, std::uint32_t shard, KeyHasher& hasher, Findings& findings)
      : reader_(reader), shard_(shard), hasher_(hasher), findings_(findings) {}

  // Entries come in order; `hash` is that of the entry's key.
  void check(std::uint64_t sequence, std::uint64_t hash, const Entry& entry) {
    if (hash == kNoKey || sequence > kMostSequence) return;
    seen_.find(hash, [&](std::uint32_t before) {
      if (!is_repeat(before, hash, entry)) return false;
      findings_.damage(
          "journal, shard " + std::to_string(shard_) + ", entry " + std::to_string(sequence),
          "its key was counted before, as entry " + std::to_string(before));
      return true;
    });
    seen_.add(hash, sequence);
  }

 private:
  bool is_repeat(std::uint64_t sequence, std::uint64_t hash, const Entry& entry) {
    bool same = false;
    const StoreStatus failed = reader_.scan_journal(
        shard_, sequence, [&](std::uint64_t, std::uint32_t, std::string_view bytes) {
          BlockReader block(bytes);
          Entry before;
          for (std::uint64_t at = block.header().first_sequence; block.next(before); ++at)
            if (at == sequence) same = key_of(hasher_, before) == hash && same_key(before, entry);
          return false;
        });
    return !failed && same;
  }

  Reader& reader_;
  std::uint32_t shard_;
  KeyHasher& hasher_;
  Findings& findings_;
  KeyTable seen_;
};

}  // namespace reckoner::storage
