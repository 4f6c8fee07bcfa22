// One shard's part of the key log against the journal that it was written from. A fault in it is
// found at a start too, and mended there; here it is reported.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/basics/sha256.hpp"
#include "storage/dedupe/key_log.hpp"
#include "storage/verify/findings.hpp"

namespace reckoner::storage {

class KeyLogCheck {
 public:
  KeyLogCheck(Reader& reader, const KeySecret& secret, std::uint32_t shard,
              std::uint64_t last_sequence, Findings& findings)
      : hasher_(secret), shard_(shard), findings_(findings) {
    const ChunkFormat format(secret);
    const KeyLogScan scan = load_key_log(reader, format, shard, last_sequence, {},
                                         [this](const KeyRun& run) { logged_.push_back(run); });
    const std::string place = "key log, shard " + std::to_string(shard);
    for (const std::string& key : scan.useless)
      findings.damage(place + ", row 0x" + to_hex(key),
                      "the row is damaged; the next start makes it anew from the journal");
    if (scan.failure) findings.failed(place, *scan.failure);
  }

  KeyHasher& hasher() { return hasher_; }
  // Entries come in order of sequence.
  void check(std::uint64_t sequence, std::uint64_t hash) {
    while (at_ < logged_.size() && logged_[at_].next_sequence() <= sequence) ++at_;
    if (at_ == logged_.size() || sequence < logged_[at_].first_sequence) return;
    if (logged_[at_].hashes[sequence - logged_[at_].first_sequence] == hash) return;
    findings_.damage(
        "key log, shard " + std::to_string(shard_) + ", entry " + std::to_string(sequence),
        "the hash is not that of the entry's key");
  }

 private:
  KeyHasher hasher_;
  std::uint32_t shard_;
  Findings& findings_;
  std::vector<KeyRun> logged_;  // in order
  std::size_t at_ = 0;          // the run that the entries have come to
};

}  // namespace reckoner::storage
