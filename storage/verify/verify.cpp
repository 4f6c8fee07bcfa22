#include "storage/verify/verify.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "engine/ledger/state_hash.hpp"
#include "storage/driver/opening.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"
#include "storage/verify/shard_check.hpp"

namespace reckoner::storage {
namespace {

class Verifier {
 public:
  Verifier(Store& store, const VerifyOptions& options)
      : store_(store), options_(options), findings_(options.on_progress) {}

  Result<VerifyReport> run() {
    if (StoreStatus failed = read_store()) return failed->as_error();
    if (StoreStatus failed = store_.check([&](std::string_view where, std::string_view what) {
          findings_.damage(std::string(where), std::string(what));
          return true;
        }))
      findings_.failed("the database's check of itself", *failed);
    check_identity_stream();
    check_shards();
    check_row_counts();
    finish();
    findings_.report_to(report_);
    return std::move(report_);
  }

 private:
  // The readers first, then the journal's ends: what they see reaches at most so far.
  StoreStatus read_store() {
    StoreInfo info;
    if (StoreStatus failed = store_.info(info)) return failed;
    if (info.shards < 2)
      return StoreError{Fault::fatal, "damaged", "the store has fewer than two shards"};
    shards_ = info.shards - 1;
    const int readers = options_.at_rest ? std::max(1, options_.threads) : 1;
    for (int i = 0; i < readers; ++i)
      for (auto* to : {&readers_, &besides_})
        if (StoreStatus failed = store_.open_reader(to->emplace_back())) return failed;
    for (std::uint32_t shard = 0; shard <= shards_; ++shard) {
      ShardState state;
      if (StoreStatus failed = store_.shard_state(shard, state)) return failed;
      last_.push_back(state.last_sequence);
      report_.entries += state.last_sequence;
    }
    findings_.begin(report_.entries);
    std::optional<std::string> value;
    if (StoreStatus failed = readers_[0]->get(Table::meta, kStoreKey, value)) return failed;
    const auto record = value ? decode_store_record(kStoreKey, *value) : std::nullopt;
    if (!record || record->shards != shards_) return damaged(Table::meta, kStoreKey);
    secret_ = record->key_secret;
    Digest last_hash;
    if (StoreStatus failed = read_books(*readers_[0], books_, last_hash)) return failed;
    if (StoreStatus failed = readers_[0]->get(Table::meta, kUnfinishedKey, value)) return failed;
    if (value) findings_.damage("table meta", "an import into this store did not come to its end");
    if (StoreStatus failed = check_api_keys()) return failed;
    return read_notes();
  }

  // They follow from nothing; so all there is to see is whether they can be read.
  StoreStatus check_api_keys() {
    return readers_[0]->scan(
        Table::api_keys, {}, [&](std::string_view key, std::string_view value) {
          if (!decode_api_key(key, value))
            findings_.damage(place_of(Table::api_keys, key), "the API key's record is damaged");
          return true;
        });
  }

  // Of who is set aside.
  StoreStatus read_notes() {
    return readers_[0]->scan(
        Table::meta, kSetAsidePrefix, [&](std::string_view key, std::string_view value) {
          if (!key.starts_with(kSetAsidePrefix)) return false;
          const auto position = decode_set_aside(key, value);
          if (!position) findings_.damage(place_of(Table::meta, key), "the note is damaged");
          if (position) notes_.emplace(key.substr(kSetAsidePrefix.size()), *position);
          return true;
        });
  }

  void check_identity_stream() {
    notices_ = std::make_unique<ExpectedNotices>();
    KeyLogCheck keys(*readers_[0], secret_, shards_, last_[shards_], findings_);
    check_identity(*readers_[0], *besides_[0], shards_, books_, keys, *notices_, identity_, rows_,
                   findings_);
    if (identity_.whole) check_end(shards_, identity_.head.last_sequence);
  }

  void check_end(std::uint32_t shard, std::uint64_t end) {
    if (options_.at_rest ? end != last_[shard] : end > last_[shard])
      findings_.damage("journal, shard " + std::to_string(shard),
                       "it ends at entry " + std::to_string(end) + "; the table of shards says " +
                           std::to_string(last_[shard]));
  }

  void check_shards() {
    checks_.resize(shards_);
    std::atomic<std::uint32_t> next = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < readers_.size(); ++i)
      threads.emplace_back([&, i] {
        for (std::uint32_t shard = next++; shard < shards_; shard = next++) {
          checks_[shard] =
              std::make_unique<ShardCheck>(*readers_[i], *besides_[i], shard, books_, secret_,
                                           last_[shard], *notices_, notes_, findings_);
          checks_[shard]->run();
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (std::uint32_t shard = 0; shard < shards_; ++shard)
      if (checks_[shard]->whole()) check_end(shard, checks_[shard]->head().last_sequence);
    for (const std::uint64_t sequence : notices_->missing())
      if (whole())
        findings_.damage("journal, identity entry " + std::to_string(sequence),
                         "its notice is in no customer's journal");
  }

  bool whole() const {
    return identity_.whole && std::all_of(checks_.begin(), checks_.end(),
                                          [](const auto& check) { return check->whole(); });
  }

  // What was compared is right, and there is nothing else.
  void check_row_counts() {
    for (const auto& check : checks_)
      for (const auto& [table, count] : check->rows()) rows_[table] += count;
    for (const auto& [table, count] : rows_) report_.rows += count;
    if (!whole()) return;
    for (const Table table : {Table::customers, Table::users, Table::due, Table::charges,
                              Table::closed_usage, Table::open_charges, Table::charges_by_time,
                              Table::billing_events, Table::usage_daily, Table::marks}) {
      std::uint64_t stored = 0;
      const StoreStatus failed = readers_[0]->scan(
          table, {}, [&](std::string_view, std::string_view) { return ++stored, true; });
      if (failed) findings_.failed("table " + std::string(table_name(table)), *failed);
      if (!failed && stored != rows_[table])
        findings_.damage("table " + std::string(table_name(table)),
                         "it has " + std::to_string(stored) + " rows; " +
                             std::to_string(rows_[table]) + " follow from the journal");
    }
  }

  void finish() {
    report_.at = std::max(identity_.head.last_at, books_.latest().from());
    for (const auto& check : checks_) report_.at = std::max(report_.at, check->head().last_at);
    if (!whole()) return;
    Ledger ledger(books_);
    for (const auto& check : checks_)
      check->each([&](LiveCustomer& customer) {
        ++report_.customers;
        if (customer.set_aside()) ++report_.set_aside;
        report_.conservation_gap += conservation_gap(customer.state());
        ledger.restore(CustomerState(customer.state()));
      });
    checks_.clear();
    ledger.restore(std::move(identity_.tables));
    const Instant at = report_.at == kDistantPast ? Instant{} : report_.at;
    report_.at = at;
    report_.state_hash = to_hex(state_hash(ledger, at));
    report_.money_hash = to_hex(money_hash(ledger, at));
  }

  Store& store_;
  const VerifyOptions& options_;
  Findings findings_;
  VerifyReport report_;
  std::uint32_t shards_ = 0;
  // By thread; the second ones look up what came before, of which they see at least as much.
  std::vector<std::unique_ptr<Reader>> readers_, besides_;
  std::vector<std::uint64_t> last_;  // by shard
  KeySecret secret_{};
  Books books_;
  SetAsideNotes notes_;
  std::unique_ptr<ExpectedNotices> notices_;
  IdentityFold identity_;
  std::vector<std::unique_ptr<ShardCheck>> checks_;  // by shard
  RowCounts rows_;
};

}  // namespace

Result<VerifyReport> verify_store(Store& store, const VerifyOptions& options) {
  return Verifier(store, options).run();
}

}  // namespace reckoner::storage
