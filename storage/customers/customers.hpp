// The customers that are awake, of one driver: found or woken from their records, brought up to
// date entry by entry, and written when their time has come. What is not written yet bounds what a
// restart folds again: of each shard, the entries behind its mark.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/customers/awake_customers.hpp"

namespace reckoner::storage {

struct CustomersOptions {
  std::uint64_t entries_unwritten = 65'536;  // of a shard, behind its mark, before some are written
  std::size_t awake = 200'000;               // more than these go to sleep once they are written
};

class Customers {
 public:
  Customers(FreshReader& reader, const Books& books, std::uint32_t shards,
            CustomersOptions options);

  // Whether the customer is registered, as far as entries were applied.
  StoreStatus registered(std::string_view customer_id, bool& is);

  // Applies an entry of a shard; those come in order. One that is in the customer's record already
  // is passed over (a restart folds from the mark, which lies behind some records). `effects` are
  // empty then, and `customer` null where there is none and the entry makes none.
  StoreStatus apply(std::uint32_t shard, std::uint64_t sequence, const CustomerEntry& entry,
                    Effects& effects, const LiveCustomer*& customer);

  // Asks for the memory that applying these entries will touch: some tens at a time are applied
  // faster after it.
  void prefetch(std::span<const CustomerEntry> entries);

  // Adds to `batch` whoever is due to be written (`all`: whoever has anything, up to `most` of
  // them), and the marks. Whether there was anything.
  StoreStatus write(Batch& batch, bool all, std::size_t most, bool& any);
  // What became of that batch.
  void written();
  void not_written();

  // Where a shard's mark is, or would be if it was written now.
  std::uint64_t mark(std::uint32_t shard) const;
  void start_shard(std::uint32_t shard, std::uint64_t mark);
  std::size_t awake() const { return awake_.size(); }
  bool is_awake(std::string_view customer_id) const { return awake_.find(customer_id) != nullptr; }
  std::size_t set_aside() const { return set_aside_; }
  // Only of those who are awake, as all are who are set aside.
  bool is_set_aside(std::string_view customer_id) const;

  std::uint64_t applied(std::uint32_t shard) const { return shards_[shard].applied; }
  std::uint64_t marked(std::uint32_t shard) const { return shards_[shard].marked; }
  // Hands everybody who is awake over, in no order, and is of no use any more.
  std::vector<std::unique_ptr<LiveCustomer>> release();

  // Everybody who is awake, in no order.
  void each(const std::function<void(const LiveCustomer&)>& visit) const;

 private:
  struct Shard {
    std::deque<LiveCustomer*> unwritten;  // in order of unwritten_since
    std::uint64_t applied = 0;
    std::uint64_t marked = 0;  // the mark in the store
    // In the batch under way: of `unwritten`, from the front; and the mark.
    std::size_t writing = 0;
    std::uint64_t marking = 0;
  };

  StoreStatus wake(std::string_view customer_id, LiveCustomer*& customer);
  std::uint64_t mark_after(const Shard& shard, std::size_t written) const;
  StoreStatus write_shard(std::uint32_t number, Batch& batch, bool all, std::size_t& left,
                          bool& any);

  FreshReader& reader_;
  const Books& books_;
  CustomersOptions options_;
  std::vector<Shard> shards_;
  AwakeCustomers awake_;
  std::vector<std::uint64_t> hashes_;  // of those who are asked for
  std::size_t set_aside_ = 0;
};

}  // namespace reckoner::storage
