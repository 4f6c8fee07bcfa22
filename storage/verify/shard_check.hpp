// One shard of customers, folded again from its first entry, and each customer compared with its
// record and rows when the fold comes to the entry that the record is good for.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/customers/live_customer.hpp"
#include "storage/shards/journal_walk.hpp"
#include "storage/verify/identity_check.hpp"
#include "storage/verify/key_log_check.hpp"
#include "storage/verify/repeat_check.hpp"
#include "storage/verify/row_check.hpp"

namespace reckoner::storage {

// By customer: the position of the record from which a start folds it anew.
using SetAsideNotes = std::map<std::string, std::uint64_t, std::less<>>;

// On one thread, with a reader of its own.
class ShardCheck {
 public:
  // `beside`: a second reader, not of an earlier moment.
  ShardCheck(Reader& reader, Reader& beside, std::uint32_t shard, const Books& books,
             const KeySecret& secret, std::uint64_t last_sequence, ExpectedNotices& notices,
             const SetAsideNotes& notes, Findings& findings);

  void run();

  const ShardHead& head() const { return walk_.head(); }
  bool whole() const { return whole_; }
  const RowCounts& rows() const { return rows_; }
  // Everybody, as the whole journal leaves them. They may be moved from.
  template <class Visit>
  void each(Visit visit) {
    for (Folded& folded : customers_) visit(folded.customer);
  }

 private:
  struct Folded {
    LiveCustomer customer;
    std::uint64_t position = 0;      // of its record; 0: it has none
    std::uint64_t first_behind = 0;  // its first entry behind that; 0: none so far
    bool compared = false;
  };

  void fold_block();
  void fold(std::uint64_t sequence, const CustomerEntry& entry);
  Folded* find_or_add(const CustomerEntry& entry);
  void compare(Folded& folded);
  void check_marks();
  bool folded_anew(const Folded& folded) const;
  std::uint64_t read_mark();

  Reader& reader_;
  FreshReader no_reader_;  // a customer that was never written asks for nothing
  std::uint32_t shard_;
  const Books& books_;
  // Until it is done: they hold some 18 bytes for each entry.
  std::optional<KeyLogCheck> keys_;
  std::optional<RepeatCheck<CustomerEntry>> repeats_;
  std::uint64_t last_sequence_;
  ExpectedNotices& notices_;
  const SetAsideNotes& notes_;
  Findings& findings_;
  JournalWalk<CustomerEntry> walk_;
  std::deque<Folded> customers_;
  std::unordered_map<std::string_view, Folded*> by_id_;  // views into the states
  RowCounts rows_;
  Effects effects_;
  Batch batch_;
  bool whole_ = false;
};

}  // namespace reckoner::storage
