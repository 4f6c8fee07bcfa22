#include "storage/driver/driver.hpp"

#include <algorithm>
#include <utility>

#include "engine/books/book_encoding.hpp"
#include "engine/customer/state_encoding.hpp"
#include "storage/driver/loading.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"
#include "storage/lane/entry_key.hpp"
#include "storage/shards/shard_of.hpp"

namespace reckoner::storage {
namespace {

// Customers written in one commit when all are.
constexpr std::size_t kWrittenAtOnce = 2'000;
constexpr std::size_t kNoLimit = SIZE_MAX;
// Customers to whom a clock speaks in one batch.
constexpr std::size_t kWokenAtOnce = 10'000;

Verdict rejected(Rejection why) {
  return {Verdict::Kind::rejected, why, false};
}

}  // namespace

Driver::~Driver() = default;

// --- into the batch -------------------------------------------------------------------------

StoreStatus Driver::usage(Instant at, std::string_view customer_id, const UsageRequest& request,
                          Verdict& verdict) {
  const std::uint32_t shard = shard_of_customer(customer_id, lane_->customer_shards());
  const std::uint64_t hash = key_of(lane_->hasher(), customer_id, request.usage);
  return judge(shard, hash, at, customer_id, request, verdict);
}

StoreStatus Driver::usage(Instant at, std::span<const UsageEvent> events,
                          std::vector<Verdict>& verdicts) {
  keys_.clear();
  for (const UsageEvent& event : events) {
    keys_.push_back({shard_of_customer(event.customer_id, lane_->customer_shards()),
                     key_of(lane_->hasher(), event.customer_id, event.request.usage)});
  }
  if (StoreStatus error = lane_->prepare_to_judge(keys_)) return failed(std::move(*error));
  verdicts.resize(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    if (StoreStatus error = judge(keys_[i].shard, keys_[i].hash, at, events[i].customer_id,
                                  events[i].request, verdicts[i]))
      return error;
  return std::nullopt;
}

// The checks in the order of billing-rules.md, Usage.
StoreStatus Driver::judge(std::uint32_t shard, std::uint64_t hash, Instant at,
                          std::string_view customer_id, const UsageRequest& request,
                          Verdict& verdict) {
  verdict = {};
  const Settings& settings = books_.at(at).settings();
  const Rejection fault = judge_fields(request, settings);
  if (fault != Rejection::none) return verdict = rejected(fault), std::nullopt;
  KeyVerdict key = KeyVerdict::fresh;
  if (StoreStatus error = lane_->judge(shard, hash, customer_id, request.usage, key))
    return failed(std::move(*error));
  if (key != KeyVerdict::fresh) {
    verdict.kind =
        key == KeyVerdict::duplicate ? Verdict::Kind::duplicate : Verdict::Kind::conflict;
    return std::nullopt;
  }
  const Rejection time_fault = judge_time(request, at, books_);
  if (time_fault != Rejection::none) return verdict = rejected(time_fault), std::nullopt;
  if (settings.unknown_customer == UnknownCustomer::reject) {
    bool registered = false;
    if (StoreStatus error = is_registered(customer_id, registered))
      return failed(std::move(*error));
    if (!registered) return verdict = rejected(Rejection::unknown_customer), std::nullopt;
  }
  add(shard, {at, customer_id, request.usage}, hash);
  return std::nullopt;
}

StoreStatus Driver::is_registered(std::string_view customer_id, bool& registered) {
  registered =
      std::find(registering_.begin(), registering_.end(), customer_id) != registering_.end();
  return registered ? std::nullopt : customers_->registered(customer_id, registered);
}

void Driver::add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash) {
  lane_->add(shard, entry, hash, book_number());
}

StoreStatus Driver::customer(Instant at, const CustomerLine& line) {
  bool parked = false;
  return hear({at, line}, kNoKey, parked);
}

StoreStatus Driver::webhook(Instant at, const Webhook& webhook, Verdict& verdict) {
  verdict = {};
  const std::uint64_t hash = key_of(lane_->hasher(), webhook);
  KeyVerdict key = KeyVerdict::fresh;
  if (StoreStatus error = lane_->judge(hash, webhook.id, key)) return failed(std::move(*error));
  if (key != KeyVerdict::fresh) {
    verdict.kind = Verdict::Kind::duplicate;
    return std::nullopt;
  }
  return hear({at, webhook}, hash, verdict.parked);
}

// An identity entry is folded as it goes into the batch, so that what it means for a customer goes
// into the same commit: there is no moment at which one is durable without the other.
StoreStatus Driver::hear(const IdentityEntry& entry, std::uint64_t hash, bool& parked) {
  const std::uint64_t sequence = lane_->add(entry, hash, book_number());
  identity_->begin_entry(sequence);
  IdentityEffects found = apply(*identity_, entry, books_.at(entry.at).settings());
  if (identity_->failed()) return failed(*identity_->failed());
  parked = found.parked;
  if (found.customer_id.empty()) return std::nullopt;
  found.notice.identity_sequence = sequence;
  const std::uint32_t shard = shard_of_customer(found.customer_id, lane_->customer_shards());
  add(shard, {entry.at, found.customer_id, std::move(found.notice)}, kNoKey);
  if (books_.at(entry.at).settings().unknown_customer == UnknownCustomer::reject)
    registering_.push_back(found.customer_id);
  return std::nullopt;
}

StoreStatus Driver::settlement(Instant at, std::string_view customer_id,
                               const Settlement& settlement) {
  add(shard_of_customer(customer_id, lane_->customer_shards()), {at, customer_id, settlement},
      kNoKey);
  return std::nullopt;
}

StoreStatus Driver::operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) {
  add(shard_of_customer(customer_id, lane_->customer_shards()), {at, customer_id, act}, kNoKey);
  return std::nullopt;
}

StoreStatus Driver::clock(Instant at) {
  std::vector<std::string> due;
  customers_->each([&](const LiveCustomer& customer) {
    if (due.size() < kWokenAtOnce && customer.state().own_due <= at && !customer.set_aside())
      due.push_back(customer.state().id.str());
  });
  StoreStatus error = reader_->scan(Table::due, {}, [&](std::string_view key, std::string_view) {
    if (due_of_key(key) > at || due.size() >= kWokenAtOnce) return false;
    // Whoever is awake may be further than the row says.
    const std::string_view customer = customer_of_due_key(key);
    if (!customers_->is_awake(customer)) due.emplace_back(customer);
    return true;
  });
  if (error) return failed(std::move(*error));
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  for (const std::string& customer : due)
    add(shard_of_customer(customer, lane_->customer_shards()), {at, customer, Clock{}}, kNoKey);
  return std::nullopt;
}

StoreStatus Driver::failed(StoreError error) {
  drop_batch();
  return error;
}

// Rows could not be made, for the store cannot be read. Where that is for good, nobody is to try
// again.
CommitResult Driver::cannot_write(StoreError error) {
  customers_->not_written();
  drop_batch();
  const bool again = error.fault == Fault::full || error.fault == Fault::retry;
  if (!again) lane_->die();
  return {again ? CommitResult::Outcome::rolled_back : CommitResult::Outcome::dead,
          std::move(error)};
}

void Driver::drop_batch() {
  lane_->drop();
  identity_->drop();
  registering_.clear();
}

// --- committing -----------------------------------------------------------------------------

CommitResult Driver::commit(const OnApplied& on_applied) {
  bool any = false;
  if (StoreStatus error = customers_->write(lane_->rows(), false, kNoLimit, any))
    return cannot_write(std::move(*error));
  return write_batch(on_applied);
}

CommitResult Driver::write_batch(const OnApplied& on_applied) {
  identity_->write(lane_->rows());
  CommitResult result = lane_->commit();
  if (!result.committed()) {
    customers_->not_written();
    drop_batch();
    return result;
  }
  customers_->written();
  identity_->drop();
  registering_.clear();
  if (StoreStatus error = apply_blocks(on_applied))
    result = {CommitResult::Outcome::dead, std::move(error)};
  lane_->clear();
  return result;
}

// Applies exactly what was written. An error is fatal: entries are durable that are not applied.
StoreStatus Driver::apply_blocks(const OnApplied& on_applied) {
  for (const WrittenBlock& written : lane_->blocks())
    if (written.shard != lane_->identity_shard())
      if (StoreStatus error = apply_block(written, on_applied)) {
        lane_->die();
        return error;
      }
  return std::nullopt;
}

StoreStatus Driver::apply_block(const WrittenBlock& written, const OnApplied& on_applied) {
  BlockReader block(written.bytes);
  applied_entries_.resize(block.header().entries);
  for (CustomerEntry& entry : applied_entries_) block.next(entry);
  RECKONER_CHECK(block.ended(), "a block that was just written cannot be read");
  customers_->prefetch(applied_entries_);
  std::uint64_t sequence = written.first_sequence;
  for (const CustomerEntry& entry : applied_entries_) {
    const LiveCustomer* customer = nullptr;
    if (StoreStatus error = customers_->apply(written.shard, sequence++, entry, effects_, customer))
      return error;
    if (on_applied) on_applied(entry, effects_, customer);
  }
  return std::nullopt;
}

StoreStatus Driver::store_book(std::uint32_t number, Instant from, const Book& book,
                               const Digest& before) {
  BookRecord record{from, encode_book(book), {}};
  record.hash = book_chain_hash(before, from, record.book);
  const std::string key = number_key(number);
  lane_->rows().put(Table::books, key, encode_record(key, record));
  if (CommitResult done = write_batch({}); !done.committed()) return std::move(done.error);
  last_book_hash_ = record.hash;
  return std::nullopt;
}

StoreStatus Driver::begin_with(const Book& book, std::optional<Error>& invalid) {
  invalid.reset();
  Status good = check_price_book(book.prices);
  const bool empty = last_at() == kDistantPast && lane_->empty() && books_.all().size() == 1;
  if (good.ok() && !empty) good = Error{"not_empty", "the store has begun with another book"};
  if (!good) return invalid = good.error(), std::nullopt;
  if (StoreStatus error = store_book(0, kDistantPast, book, {})) return error;
  books_ = Books(book);
  return std::nullopt;
}

StoreStatus Driver::change_book(Instant from, const Book& book, std::optional<Error>& invalid) {
  invalid.reset();
  if (CommitResult done = commit(); !done.committed()) return std::move(done.error);
  Books changed = books_;
  Status added = from > last_at()
                     ? changed.add(from, book)
                     : Error{"time_went_back",
                             "a book comes into force later than all that was accepted before it"};
  if (!added) return invalid = added.error(), std::nullopt;
  if (StoreStatus error = store_book(book_number() + 1, from, book, last_book_hash_)) return error;
  books_ = std::move(changed);
  lane_->accept_from(from);
  return std::nullopt;
}

CommitResult Driver::write_all() {
  if (CommitResult done = commit(); !done.committed()) return done;
  while (true) {
    bool any = false;
    if (StoreStatus error = customers_->write(lane_->rows(), true, kWrittenAtOnce, any))
      return cannot_write(std::move(*error));
    if (!any) return {};
    if (CommitResult done = write_batch({}); !done.committed()) return done;
  }
}

CommitResult Driver::close() {
  CommitResult done = write_all();
  if (!done.committed()) return done;
  if (StoreStatus error = key_log_->flush())
    return {CommitResult::Outcome::rolled_back, std::move(error)};
  return done;
}

CommitResult Driver::begin_import() {
  const std::string key(kUnfinishedKey);
  lane_->rows().put(Table::meta, key, seal(Table::meta, key, {}));
  return write_batch({});
}

CommitResult Driver::end_import() {
  if (CommitResult done = write_all(); !done.committed()) return done;
  lane_->rows().erase(Table::meta, std::string(kUnfinishedKey));
  if (CommitResult done = write_batch({}); !done.committed()) return done;
  // The key log is derived: without it the next start only takes longer.
  static_cast<void>(key_log_->flush());
  return {};
}

// --- everybody ------------------------------------------------------------------------------

StoreStatus Driver::load(Ledger& ledger, ClosedRows& closed) {
  return load_everybody(*reader_, books_, *customers_, ledger, closed);
}

}  // namespace reckoner::storage
