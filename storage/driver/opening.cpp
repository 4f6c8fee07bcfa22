#include "storage/driver/opening.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "engine/books/book_encoding.hpp"
#include "storage/driver/chunk_probe.hpp"
#include "storage/driver/writing.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"
#include "storage/lane/entry_key.hpp"
#include "storage/shards/shard_of.hpp"

namespace reckoner::storage {
namespace {

StoreError not_a_store(std::string detail) {
  return {Fault::fatal, "damaged", std::move(detail)};
}

StoreStatus failed_at(const Damage& damage) {
  return not_a_store(damage.where + ": " + damage.what +
                     "; `reckoner storage verify` says what else is damaged");
}

}  // namespace

StoreStatus open_store_to_work(std::unique_ptr<Store> store, DriverOptions options,
                               OpenedStore& opened) {
  Opening opening(std::move(store), std::move(options));
  if (StoreStatus failed = opening.run()) return failed;
  opened = std::move(opening).result();
  return std::nullopt;
}

StoreStatus Opening::run() {
  for (const auto step : {&Opening::take_store, &Opening::read_or_make_store_record,
                          &Opening::find_heads, &Opening::build_key_index, &Opening::read_marks,
                          &Opening::fold_behind_marks, &Opening::forget_mended})
    if (StoreStatus failed = (this->*step)()) return failed;
  return std::nullopt;
}

StoreStatus Opening::take_store() {
  Store& store = *intake_->store_;
  if (StoreStatus failed = store.lock(options_.owner, options_.take_over)) return failed;
  if (StoreStatus failed = store.info(info_)) return failed;
  if (info_.shards < 2)
    return not_a_store("the store has " + std::to_string(info_.shards) + " shards; it takes 2");
  if (StoreStatus failed = store.take_epochs(states_)) return failed;
  std::unique_ptr<Reader> reader;
  if (StoreStatus failed = store.open_reader(reader)) return failed;
  intake_->reader_ = std::make_unique<FreshReader>(std::move(reader));
  return std::nullopt;
}

// --- what the store is ----------------------------------------------------------------------

StoreStatus Opening::read_or_make_store_record() {
  std::optional<std::string> value;
  if (StoreStatus failed = intake_->reader_->get(Table::meta, kStoreKey, value)) return failed;
  if (value) {
    const auto record = decode_store_record(kStoreKey, *value);
    if (!record) return damaged(Table::meta, kStoreKey);
    record_ = *record;
  } else if (StoreStatus failed = make_store()) {
    return failed;
  }
  if (StoreStatus failed = intake_->reader_->get(Table::meta, kUnfinishedKey, value)) return failed;
  if (value)
    return StoreError{Fault::fatal, "unfinished_import",
                      "an import into this store did not come to its end; remove the store, and "
                      "import again"};
  if (record_.format_version != kFormatVersion)
    return StoreError{Fault::fatal, "format_version",
                      "the store's records are of version " +
                          std::to_string(record_.format_version) + "; this program reads version " +
                          std::to_string(kFormatVersion)};
  if (record_.shards + 1 != info_.shards)
    return not_a_store("the store has " + std::to_string(info_.shards) +
                       " shards and a record of " + std::to_string(record_.shards) +
                       " for customers");
  return read_books(intake_->reader_->reader(), intake_->books_, intake_->last_book_hash_);
}

StoreStatus Opening::make_store() {
  for (const ShardState& state : states_)
    if (state.last_sequence != 0) return damaged(Table::meta, kStoreKey);
  counts_.created = true;
  record_.shards = info_.shards - 1;
  RECKONER_CHECK(RAND_bytes(record_.key_secret.data(), sizeof record_.key_secret) == 1,
                 "no randomness for the store's secret");
  BookRecord book{kDistantPast, encode_book(options_.book), {}};
  book.hash = book_chain_hash({}, book.from, book.book);
  Batch batch;
  batch.claim(record_.shards, states_[record_.shards].epoch, 0);
  batch.put(Table::meta, std::string(kStoreKey), encode_record(kStoreKey, record_));
  batch.put(Table::books, number_key(0), encode_record(number_key(0), book));
  if (StoreStatus failed = intake_->store_->commit(0, batch)) return failed;
  intake_->reader_->fall_behind();
  return intake_->reader_->catch_up();
}

StoreStatus read_books(Reader& reader, Books& books, Digest& last_hash) {
  Books found;
  Digest before{};
  std::uint32_t number = 0;
  StoreStatus wrong;
  StoreStatus failed =
      reader.scan(Table::books, {}, [&](std::string_view key, std::string_view value) {
        const auto record = decode_book_record(key, value);
        Result<Book> book = record ? decode_book(record->book) : Error{"damaged", ""};
        if (!book || key != number_key(number++) ||
            record->hash != book_chain_hash(before, record->from, record->book) ||
            !found.add(record->from, std::move(book).value()).ok()) {
          wrong = damaged(Table::books, key);
          return false;
        }
        before = record->hash;
        return true;
      });
  if (failed || wrong) return failed ? failed : wrong;
  if (found.empty()) return damaged(Table::books, number_key(0));
  books = std::move(found);
  last_hash = before;
  return std::nullopt;
}

// --- the journal's ends, and its keys -------------------------------------------------------

StoreStatus Opening::find_heads() {
  intake_->lane_ = std::make_unique<Lane>(*intake_->store_, *intake_->reader_, record_.shards,
                                          record_.key_secret, options_.fetching_threads);
  intake_->lane_->accept_from(intake_->books_.latest().from());
  for (std::uint32_t shard = 0; shard < record_.shards; ++shard)
    if (StoreStatus failed = find_head<CustomerEntry>(shard)) return failed;
  return find_head<IdentityEntry>(record_.shards);
}

template <class Entry>
StoreStatus Opening::find_head(std::uint32_t shard) {
  const std::uint64_t last = states_[shard].last_sequence;
  JournalWalk<Entry> walk(shard, intake_->books_);
  if (last > 0)
    if (StoreStatus failed =
            JournalWalk<Entry>::from_block_with(intake_->reader_->reader(), last, walk))
      return failed;
  std::optional<Damage> damage;
  if (last > 0)
    if (StoreStatus failed = intake_->reader_->scan_journal(
            shard, last, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
              damage = walk.take(first, count, block);
              return !damage;
            }))
      return failed;
  if (damage) return failed_at(*damage);
  if (walk.head().last_sequence != last)
    return not_a_store("the journal of shard " + std::to_string(shard) + " ends at entry " +
                       std::to_string(walk.head().last_sequence) + ", and not at " +
                       std::to_string(last));
  intake_->lane_->start_shard(shard, states_[shard].epoch, walk.head());
  counts_.entries += last;
  return std::nullopt;
}

StoreStatus Opening::build_key_index() {
  intake_->key_log_ =
      std::make_unique<KeyLogWriter>(*intake_->store_, record_.key_secret, options_.key_log);
  DedupeIndex& keys = intake_->lane_->keys();
  keys.log_to(*intake_->key_log_);
  std::vector<std::uint64_t> last;
  for (const ShardState& state : states_) last.push_back(state.last_sequence);
  std::unique_ptr<Reader> journal;
  if (StoreStatus failed = intake_->store_->open_reader(journal)) return failed;
  ChunkProbe probe(*journal, record_.shards, intake_->lane_->hasher());
  const KeyLogCoverage covered =
      keys.load(intake_->reader_->reader(), last, options_.on_progress,
                [&probe](const KeyRun& run) { return probe.is_of_journal(run); });
  counts_.keys_from_log = covered.entries;
  for (std::uint32_t shard = 0; shard < covered.missing.size(); ++shard)
    for (const SequenceRange& range : covered.missing[shard])
      if (StoreStatus failed = index_from_journal(shard, range)) return failed;
  return std::nullopt;
}

namespace {

// Hands out the hashes of a shard's entries in a range, block by block.
template <class Entry, class Take>
StoreStatus hash_range(Reader& reader, std::uint32_t shard, SequenceRange range, const Books& books,
                       KeyHasher& hasher, Take take) {
  JournalWalk<Entry> walk(shard, books);
  if (StoreStatus failed = JournalWalk<Entry>::from_block_with(reader, range.first, walk))
    return failed;
  std::optional<Damage> damage;
  std::vector<std::uint64_t> hashes;
  StoreStatus failed = reader.scan_journal(
      shard, range.first, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
        if (first > range.last || (damage = walk.take(first, count, block))) return false;
        hashes.clear();
        const std::uint64_t from = std::max(first, range.first);
        for (std::uint64_t at = from; at < first + count && at <= range.last; ++at)
          hashes.push_back(key_of(hasher, walk.entries()[at - first]));
        take(from, hashes);
        return true;
      });
  return damage ? failed_at(*damage) : failed;
}

}  // namespace

StoreStatus Opening::index_from_journal(std::uint32_t shard, SequenceRange range) {
  Lane& lane = *intake_->lane_;
  Reader& reader = intake_->reader_->reader();
  const auto take = [&](std::uint64_t first, const std::vector<std::uint64_t>& hashes) {
    lane.keys().add_committed(shard, first, hashes);
    counts_.keys_from_journal += hashes.size();
  };
  if (shard == lane.identity_shard())
    return hash_range<IdentityEntry>(reader, shard, range, intake_->books_, lane.hasher(), take);
  return hash_range<CustomerEntry>(reader, shard, range, intake_->books_, lane.hasher(), take);
}

// --- what is behind the marks ---------------------------------------------------------------

StoreStatus Opening::read_marks() {
  intake_->identity_ = std::make_unique<StoredIdentityTables>(*intake_->reader_);
  customers_ = std::make_unique<Customers>(*intake_->reader_, intake_->books_, record_.shards,
                                           options_.customers);
  for (std::uint32_t shard = 0; shard < record_.shards; ++shard) {
    const std::string key = number_key(shard);
    std::optional<std::string> value;
    if (StoreStatus failed = intake_->reader_->get(Table::marks, key, value)) return failed;
    const auto mark = value ? decode_mark(key, *value) : Mark{};
    if (!mark || mark->applied > states_[shard].last_sequence) return damaged(Table::marks, key);
    customers_->start_shard(shard, mark->applied);
    fold_from_.push_back(mark->applied);
  }
  // Who was set aside is folded anew, from the record before the fault on; where its note does not
  // say from where, from the first entry.
  return intake_->reader_->scan(
      Table::meta, kSetAsidePrefix, [&](std::string_view key, std::string_view value) {
        if (!key.starts_with(kSetAsidePrefix)) return false;
        const std::uint64_t position = decode_set_aside(key, value).value_or(0);
        const std::string_view customer = key.substr(kSetAsidePrefix.size());
        std::uint64_t& from = fold_from_[shard_of_customer(customer, record_.shards)];
        from = std::min(from, position);
        were_set_aside_.emplace_back(customer);
        return true;
      });
}

StoreStatus Opening::fold_behind_marks() {
  for (std::uint32_t shard = 0; shard < record_.shards; ++shard)
    total_ += states_[shard].last_sequence - fold_from_[shard];
  for (std::uint32_t shard = 0; shard < record_.shards; ++shard)
    if (states_[shard].last_sequence > fold_from_[shard])
      if (StoreStatus failed = fold_shard(shard, fold_from_[shard])) return failed;
  counts_.folded = done_;
  return std::nullopt;
}

StoreStatus Opening::fold_shard(std::uint32_t shard, std::uint64_t from) {
  JournalWalk<CustomerEntry> walk(shard, intake_->books_);
  std::optional<Damage> damage;
  StoreStatus wrong;
  Effects effects;
  const LiveCustomer* customer = nullptr;
  // On a reader of its own: waking customers asks the other one in between.
  std::unique_ptr<Reader> reader;
  if (StoreStatus failed = intake_->store_->open_reader(reader)) return failed;
  if (StoreStatus failed = JournalWalk<CustomerEntry>::from_block_with(*reader, from + 1, walk))
    return failed;
  StoreStatus failed = reader->scan_journal(
      shard, from + 1, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
        if ((damage = walk.take(first, count, block))) return false;
        customers_->prefetch(walk.entries());
        for (std::uint64_t at = std::max(first, from + 1); at < first + count && !wrong; ++at) {
          const CustomerEntry& entry = walk.entries()[at - first];
          wrong = customers_->apply(shard, at, entry, effects, customer);
        }
        done_ += count;
        progress("folding what is behind the marks");
        return !wrong;
      });
  if (damage) return failed_at(*damage);
  return failed ? failed : wrong;
}

// Whoever folds right by now is one like any other, once that is written.
StoreStatus Opening::forget_mended() {
  std::vector<std::string> mended;
  for (const std::string& customer : were_set_aside_)
    if (!customers_->is_set_aside(customer)) mended.push_back(customer);
  if (mended.empty()) return std::nullopt;
  if (CommitResult done = write_all(*intake_, *customers_); !done.committed())
    return std::move(done.error);
  for (const std::string& customer : mended)
    intake_->rows().erase(Table::meta, set_aside_key(customer));
  CommitResult done = intake_->commit();
  intake_->lane().clear();
  return std::move(done.error);
}

}  // namespace reckoner::storage
