#include "storage/intake/intake.hpp"

#include <utility>

#include "engine/books/book_encoding.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/lane/entry_key.hpp"
#include "storage/shards/shard_of.hpp"

namespace reckoner::storage {
namespace {

Verdict rejected(Rejection why) {
  return {Verdict::Kind::rejected, why, false};
}

}  // namespace

std::uint32_t Intake::shard_of(std::string_view customer_id) const {
  return shard_of_customer(customer_id, lane_->customer_shards());
}

// --- usage ----------------------------------------------------------------------------------

ShardKey Intake::key_of_usage(const UsageEvent& event) {
  return {shard_of(event.customer_id),
          key_of(lane_->hasher(), event.customer_id, event.request.usage)};
}

StoreStatus Intake::usage(Instant at, const UsageEvent& event, Verdict& verdict) {
  return judge(key_of_usage(event), at, event, verdict);
}

StoreStatus Intake::usage(Instant at, std::span<const UsageEvent> events,
                          std::span<Verdict> verdicts) {
  keys_.clear();
  for (const UsageEvent& event : events) keys_.push_back(key_of_usage(event));
  if (StoreStatus error = lane_->prepare_to_judge(keys_)) return failed(std::move(*error));
  for (std::size_t i = 0; i < events.size(); ++i)
    if (StoreStatus error = judge(keys_[i], at, events[i], verdicts[i])) return error;
  return std::nullopt;
}

// The checks in the order of billing-rules.md, Usage.
StoreStatus Intake::judge(ShardKey key, Instant at, const UsageEvent& event, Verdict& verdict) {
  verdict = {};
  const Settings& settings = books_.at(at).settings();
  const Rejection fault = judge_fields(event.request, settings);
  if (fault != Rejection::none) return verdict = rejected(fault), std::nullopt;
  KeyVerdict seen = KeyVerdict::fresh;
  if (StoreStatus error =
          lane_->judge(key.shard, key.hash, event.customer_id, event.request.usage, seen))
    return failed(std::move(*error));
  if (seen != KeyVerdict::fresh) {
    verdict.kind =
        seen == KeyVerdict::duplicate ? Verdict::Kind::duplicate : Verdict::Kind::conflict;
    return std::nullopt;
  }
  const Rejection time_fault = judge_time(event.request, at, books_);
  if (time_fault != Rejection::none) return verdict = rejected(time_fault), std::nullopt;
  if (settings.unknown_customer == UnknownCustomer::reject) {
    bool registered = false;
    if (StoreStatus error = this->registered(event.customer_id, registered)) return error;
    if (!registered) return verdict = rejected(Rejection::unknown_customer), std::nullopt;
  }
  add(key.shard, {at, event.customer_id, event.request.usage}, key.hash);
  return std::nullopt;
}

StoreStatus Intake::registered(std::string_view customer_id, bool& is) {
  is = registering_.contains(customer_id);
  if (is) return std::nullopt;
  StoreStatus error = is_registered_(customer_id, is);
  return error ? failed(std::move(*error)) : std::nullopt;
}

void Intake::add(std::uint32_t shard, const CustomerEntry& entry, std::uint64_t hash) {
  lane_->add(shard, entry, hash, book_number());
  added_.push_back(shard);
}

void Intake::entry(const CustomerEntry& entry) {
  add(shard_of(entry.customer_id), entry, kNoKey);
}

// --- identity -------------------------------------------------------------------------------

StoreStatus Intake::customer(Instant at, const CustomerLine& line, Heard& heard) {
  return hear({at, line}, kNoKey, heard);
}

StoreStatus Intake::claims_anothers(const CustomerLine& line, bool& claims) {
  claims = reckoner::claims_anothers(*identity_, line);
  if (identity_->failed()) return failed(*identity_->failed());
  return std::nullopt;
}

StoreStatus Intake::webhook(Instant at, const Webhook& webhook, Verdict& verdict, Heard& heard) {
  verdict = {};
  heard = {};
  const std::uint64_t hash = key_of(lane_->hasher(), webhook);
  KeyVerdict key = KeyVerdict::fresh;
  if (StoreStatus error = lane_->judge(hash, webhook.id, key)) return failed(std::move(*error));
  if (key != KeyVerdict::fresh) {
    verdict.kind = Verdict::Kind::duplicate;
    return std::nullopt;
  }
  StoreStatus error = hear({at, webhook}, hash, heard);
  verdict.parked = heard.parked;
  return error;
}

// An identity entry is folded as it goes into the batch, so that what it means for a customer goes
// into the same commit: there is no moment at which one is durable without the other.
StoreStatus Intake::hear(const IdentityEntry& entry, std::uint64_t hash, Heard& heard) {
  const std::uint64_t sequence = lane_->add(entry, hash, book_number());
  identity_->begin_entry(sequence);
  IdentityEffects found = apply(*identity_, entry, books_.at(entry.at).settings());
  if (identity_->failed()) return failed(*identity_->failed());
  heard = {found.parked, found.refused, std::move(found.customer_id)};
  if (heard.customer_id.empty()) return std::nullopt;
  found.notice.identity_sequence = sequence;
  add(shard_of(heard.customer_id), {entry.at, heard.customer_id, std::move(found.notice)}, kNoKey);
  registering_.insert(heard.customer_id);
  return std::nullopt;
}

// --- committing -----------------------------------------------------------------------------

StoreStatus Intake::failed(StoreError error) {
  drop();
  return error;
}

void Intake::drop() {
  lane_->drop();
  identity_->drop();
  registering_.clear();
  added_.clear();
}

CommitResult Intake::commit() {
  identity_->write(lane_->rows());
  CommitResult result = lane_->commit();
  if (!result.committed()) {
    drop();
    return result;
  }
  identity_->drop();
  registering_.clear();
  added_.clear();
  return result;
}

// --- books ----------------------------------------------------------------------------------

StoreStatus Intake::store_book(std::uint32_t number, Instant from, const Book& book,
                               const Digest& before) {
  BookRecord record{from, encode_book(book), {}};
  record.hash = book_chain_hash(before, from, record.book);
  const std::string key = number_key(number);
  lane_->rows().put(Table::books, key, encode_record(key, record));
  if (CommitResult done = commit(); !done.committed()) return std::move(done.error);
  lane_->clear();
  last_book_hash_ = record.hash;
  return std::nullopt;
}

StoreStatus Intake::begin_with(const Book& book, std::optional<Error>& invalid) {
  invalid.reset();
  Status good = check_price_book(book.prices);
  const bool empty = lane_->last_at() == kDistantPast && lane_->empty() && books_.all().size() == 1;
  if (good.ok() && !empty) good = Error{"not_empty", "the store has begun with another book"};
  if (!good) return invalid = good.error(), std::nullopt;
  if (StoreStatus error = store_book(0, kDistantPast, book, {})) return error;
  books_ = Books(book);
  return std::nullopt;
}

StoreStatus Intake::change_book(Instant from, const Book& book, std::optional<Error>& invalid) {
  invalid.reset();
  Books changed = books_;
  Status added = from > lane_->last_at()
                     ? changed.add(from, book)
                     : Error{"time_went_back",
                             "a book comes into force later than all that was accepted before it"};
  if (!added) return invalid = added.error(), std::nullopt;
  if (StoreStatus error = store_book(book_number() + 1, from, book, last_book_hash_)) return error;
  books_ = std::move(changed);
  lane_->accept_from(from);
  return std::nullopt;
}

}  // namespace reckoner::storage
