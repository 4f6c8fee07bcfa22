// A whole engine on a store, on one thread and without actors: entries go in, are judged and
// stamped, become durable in batches, are applied, and what follows from them is written with later
// batches. Replay, import, tests and benchmarks drive it; the live engine's actors host its parts.
//
// One thread at a time; its calls block on the store.
//
//   entry ─▶ judged, into the batch ─▶ commit: durable ─▶ applied ─▶ rows, with a later batch
//
// Any call that returns an error has dropped the batch: nothing since the last commit happened.
// `dead` says that nothing can be committed any more: throw the driver away and open the store
// anew, which finds what was durable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ledger/report.hpp"
#include "storage/customers/customers.hpp"
#include "storage/identity/stored_tables.hpp"
#include "storage/lane/lane.hpp"

namespace reckoner::storage {

inline constexpr std::uint32_t kDefaultShards = 16;

struct DriverOptions {
  Book book;               // of a new store; a store that exists has its own
  std::string owner;       // who holds it, for those who are kept out
  bool take_over = false;  // from a living owner
  CustomersOptions customers;
  KeyLogOptions key_log;
  // Threads that read what likely repeats are compared with, several at a time: worth it where the
  // journal is larger than the memory that caches it. Without them the caller's thread reads.
  std::uint32_t fetching_threads = 0;
  OnProgress on_progress;  // of opening: may be empty
};

struct Verdict {
  enum class Kind : std::uint8_t { accepted, duplicate, conflict, rejected };
  Kind kind = Kind::accepted;
  Rejection rejection = Rejection::none;
  bool parked = false;  // a webhook: kept until somebody is linked to its Polar customer

  bool accepted() const { return kind == Kind::accepted; }
};

struct UsageEvent {
  std::string_view customer_id;
  UsageRequest request;
};

// What opening found and did.
struct OpeningCounts {
  bool created = false;
  std::uint64_t entries = 0;        // in the journal
  std::uint64_t keys_from_log = 0;  // entries whose keys the key log had
  std::uint64_t keys_from_journal = 0;
  std::uint64_t folded = 0;  // entries behind the marks
};

class Driver {
 public:
  // Takes the store's lock and epochs, makes it what it should be if it is new, rebuilds the index
  // of keys, and folds what is behind the marks. The store was opened with `shards` + 1 shards if
  // it is new: the last is identity's.
  static StoreStatus open(std::unique_ptr<Store> store, DriverOptions options,
                          std::unique_ptr<Driver>& driver);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  const Books& books() const { return books_; }
  const OpeningCounts& opening() const { return opening_; }
  // Instants that come in may not be before this one.
  Instant last_at() const { return lane_->last_at(); }
  std::uint64_t entries_staged() const { return lane_->entries(); }
  std::uint64_t last_sequence(std::uint32_t shard) const {
    return lane_->durable_head(shard).last_sequence;
  }
  std::uint32_t customer_shards() const { return lane_->customer_shards(); }
  const DedupeIndex& keys() const { return lane_->keys(); }
  const Customers& customers() const { return *customers_; }

  // Into the batch, in order. `at` is when it is accepted.
  StoreStatus usage(Instant at, std::string_view customer_id, const UsageRequest& request,
                    Verdict& verdict);
  // Many at one instant: the same, faster.
  StoreStatus usage(Instant at, std::span<const UsageEvent> events, std::vector<Verdict>& verdicts);
  StoreStatus customer(Instant at, const CustomerLine& line);
  StoreStatus webhook(Instant at, const Webhook& webhook, Verdict& verdict);
  StoreStatus settlement(Instant at, std::string_view customer_id, const Settlement& settlement);
  StoreStatus operator_act(Instant at, std::string_view customer_id, const OperatorAct& act);
  // For those to whom something falls due up to `at`: some thousand of them at a time. Commit, and
  // call it again, until it adds no entry.
  StoreStatus clock(Instant at);
  // In place of the first book, of a store that holds nothing yet.
  StoreStatus begin_with(const Book& book, std::optional<Error>& invalid);
  // In force from `from` on, which is after all that was accepted. Commits what is in the batch,
  // and the book. A book that is not good is `invalid`, and nothing happened.
  StoreStatus change_book(Instant from, const Book& book, std::optional<Error>& invalid);

  // Makes the batch durable, applies it, and tells of each entry of a customer's.
  using OnApplied = std::function<void(const CustomerEntry& entry, const Effects& effects,
                                       const LiveCustomer* customer)>;
  CommitResult commit(const OnApplied& on_applied = {});

  // Writes all that follows from what was applied; then the marks are where the journal is. Closing
  // does it first, so that the next start has nothing to fold.
  CommitResult write_all();
  CommitResult close();

  // Between the two the store is marked as not finished, and no driver opens it: what is half
  // imported is never taken for a whole. end_import closes, too.
  CommitResult begin_import();
  CommitResult end_import();

  // Everybody as they are, from the tables alone: after write_all, or on a store at rest.
  StoreStatus load(Ledger& ledger, ClosedRows& closed);

 private:
  friend class Opening;
  explicit Driver(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  StoreStatus judge(std::uint32_t shard, std::uint64_t hash, Instant at,
                    std::string_view customer_id, const UsageRequest& request, Verdict& verdict);
  StoreStatus is_registered(std::string_view customer_id, bool& registered);
  StoreStatus hear(const IdentityEntry& entry, std::uint64_t hash, bool& parked);
  void add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash);
  std::uint32_t book_number() const { return static_cast<std::uint32_t>(books_.all().size() - 1); }
  StoreStatus failed(StoreError error);
  CommitResult cannot_write(StoreError error);
  void drop_batch();
  StoreStatus apply_blocks(const OnApplied& on_applied);
  StoreStatus apply_block(const WrittenBlock& written, const OnApplied& on_applied);
  StoreStatus store_book(std::uint32_t number, Instant from, const Book& book,
                         const Digest& before);
  CommitResult write_batch(const OnApplied& on_applied);

  std::unique_ptr<Store> store_;
  std::unique_ptr<FreshReader> reader_;
  Books books_;
  std::unique_ptr<KeyLogWriter> key_log_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<StoredIdentityTables> identity_;
  std::unique_ptr<Customers> customers_;
  OpeningCounts opening_;
  Digest last_book_hash_{};
  // Of the batch: whom it registers, where unknown customers are rejected.
  std::vector<std::string> registering_;
  std::vector<ShardKey> keys_;                  // of the events that came together
  std::vector<CustomerEntry> applied_entries_;  // of a block
  Effects effects_;
  bool dead_ = false;
};

}  // namespace reckoner::storage
