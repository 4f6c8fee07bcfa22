// How a store, new or not, becomes one that is worked on.
#pragma once

#include "storage/driver/opened.hpp"

namespace reckoner::storage {

// One use. The steps are in the order in which they must happen: nothing is read that an earlier
// owner could still change.
class Opening {
 public:
  Opening(std::unique_ptr<Store> store, DriverOptions options)
      : intake_(new Intake(std::move(store))), options_(std::move(options)) {}

  StoreStatus run();
  OpenedStore result() && { return {std::move(intake_), std::move(customers_), counts_}; }

 private:
  StoreStatus take_store();
  StoreStatus read_or_make_store_record();
  StoreStatus make_store();
  StoreStatus find_heads();
  template <class Entry>
  StoreStatus find_head(std::uint32_t shard);
  StoreStatus build_key_index();
  StoreStatus index_from_journal(std::uint32_t shard, SequenceRange range);
  StoreStatus read_marks();
  StoreStatus fold_behind_marks();
  StoreStatus fold_shard(std::uint32_t shard, std::uint64_t from);
  StoreStatus forget_mended();
  void progress(std::string_view what) {
    if (options_.on_progress) options_.on_progress(done_, total_, what);
  }

  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Customers> customers_;
  OpeningCounts counts_;
  DriverOptions options_;
  StoreInfo info_;
  StoreRecord record_;
  std::vector<ShardState> states_;
  std::vector<std::uint64_t> fold_from_;  // by shard of customers: the mark, or before it
  std::vector<std::string> were_set_aside_;
  std::uint64_t done_ = 0, total_ = 0;
};

// The series of books, as stored: checked, chained, complete. `last_hash`: the last one's.
StoreStatus read_books(Reader& reader, Books& books, Digest& last_hash);

}  // namespace reckoner::storage
