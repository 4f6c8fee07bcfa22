// The way in: events are stamped, judged by the rules and gathered into a batch, identity is
// folded, and the batch is made durable. What the entries mean for customers is not known here: who
// hosts an intake applies them after commit(), from the very blocks that were written: the driver
// inline, the live engine in actors.
//
// One thread at a time; its calls block on the store. Any call that returns an error has dropped
// the batch: nothing since the last commit happened.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/dedupe/key_log.hpp"
#include "storage/identity/stored_tables.hpp"
#include "storage/intake/verdict.hpp"
#include "storage/lane/lane.hpp"

namespace reckoner::storage {

// What identity made of an entry.
struct Heard {
  bool parked = false;
  bool refused = false;     // it claims what belongs to another: a drift
  std::string customer_id;  // whom its notice is for; empty: nobody
};

class Intake {
 public:
  // Whether a customer is registered, as far as entries were applied.
  using IsRegistered = std::function<StoreStatus(std::string_view customer_id, bool& is)>;
  void ask_who_is_registered(IsRegistered ask) { is_registered_ = std::move(ask); }

  const Books& books() const { return books_; }
  Store& store() { return *store_; }
  FreshReader& reader() { return *reader_; }
  Lane& lane() { return *lane_; }
  const Lane& lane() const { return *lane_; }
  std::uint32_t shard_of(std::string_view customer_id) const;

  // Into the batch, in order. `at` is when it is accepted, not before lane().last_at().
  StoreStatus usage(Instant at, const UsageEvent& event, Verdict& verdict);
  // Many at one instant: the same, faster. As many verdicts as events.
  StoreStatus usage(Instant at, std::span<const UsageEvent> events, std::span<Verdict> verdicts);
  StoreStatus customer(Instant at, const CustomerLine& line, Heard& heard);
  // Whether the line would be refused (identity/identity.hpp); stages nothing.
  StoreStatus claims_anothers(const CustomerLine& line, bool& claims);
  // `is`: has an entry, durable and applied or in this batch.
  StoreStatus registered(std::string_view customer_id, bool& is);
  StoreStatus webhook(Instant at, const Webhook& webhook, Verdict& verdict, Heard& heard);
  // A settlement, an operator's act, the clock.
  void entry(const CustomerEntry& entry);
  // The shards of the customers' entries in the batch, in order.
  const std::vector<std::uint32_t>& added() const { return added_; }
  // Rows go with the same commit.
  Batch& rows() { return lane_->rows(); }

  // Makes the batch durable. Committed, its blocks can be read until they are taken or cleared.
  CommitResult commit();
  void drop();

  // In place of the first book, of a store that holds nothing yet.
  StoreStatus begin_with(const Book& book, std::optional<Error>& invalid);
  // In force from `from` on, which is after all that was accepted; the batch is empty. A book that
  // is not good is `invalid`, and nothing happened.
  StoreStatus change_book(Instant from, const Book& book, std::optional<Error>& invalid);

  // Makes the key log durable: only a faster start.
  StoreStatus flush_key_log() { return key_log_->flush(); }

 private:
  friend class Opening;
  explicit Intake(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  StoreStatus judge(ShardKey key, Instant at, const UsageEvent& event, Verdict& verdict);
  StoreStatus hear(const IdentityEntry& entry, std::uint64_t hash, Heard& heard);
  void add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash);
  ShardKey key_of_usage(const UsageEvent& event);
  std::uint32_t book_number() const { return static_cast<std::uint32_t>(books_.all().size() - 1); }
  StoreStatus failed(StoreError error);
  StoreStatus store_book(std::uint32_t number, Instant from, const Book& book,
                         const Digest& before);

  std::unique_ptr<Store> store_;
  std::unique_ptr<FreshReader> reader_;
  Books books_;
  std::unique_ptr<KeyLogWriter> key_log_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<StoredIdentityTables> identity_;
  Digest last_book_hash_{};
  IsRegistered is_registered_;
  // Of the batch: whom notices register.
  std::set<std::string, std::less<>> registering_;
  std::vector<std::uint32_t> added_;
  std::vector<ShardKey> keys_;  // of the events that came together
};

}  // namespace reckoner::storage
