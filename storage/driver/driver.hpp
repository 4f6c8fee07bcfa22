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
#include "storage/driver/opened.hpp"

namespace reckoner::storage {

class Driver {
 public:
  // As open_store_to_work.
  explicit Driver(OpenedStore opened);
  static StoreStatus open(std::unique_ptr<Store> store, DriverOptions options,
                          std::unique_ptr<Driver>& driver);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  const Books& books() const { return intake_->books(); }
  const OpeningCounts& opening() const { return counts_; }
  // Instants that come in may not be before this one.
  Instant last_at() const { return intake_->lane().last_at(); }
  std::uint64_t entries_staged() const { return intake_->lane().entries(); }
  std::uint64_t last_sequence(std::uint32_t shard) const {
    return intake_->lane().durable_head(shard).last_sequence;
  }
  std::uint32_t customer_shards() const { return intake_->lane().customer_shards(); }
  const DedupeIndex& keys() const { return intake_->lane().keys(); }
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
  StoreStatus failed(StoreError error);
  StoreStatus apply_blocks(const OnApplied& on_applied);
  StoreStatus apply_block(const WrittenBlock& written, const OnApplied& on_applied);

  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Customers> customers_;
  OpeningCounts counts_;
  std::vector<CustomerEntry> applied_entries_;  // of a block
  Effects effects_;
};

}  // namespace reckoner::storage
