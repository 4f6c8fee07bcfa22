#include "storage/verify/identity_check.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/customer/entry_encoding.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/lane/entry_key.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {

// --- notices --------------------------------------------------------------------------------

std::uint64_t ExpectedNotices::hash_of(const CustomerEntry& entry) {
  Encoder out;
  encode(out, entry, kCalendarStart);
  return std::max<std::uint64_t>(XXH3_64bits(out.bytes().data(), out.bytes().size()), 1);
}

void ExpectedNotices::expect(const CustomerEntry& entry) {
  const std::uint64_t sequence = std::get<Notice>(entry.body).identity_sequence;
  if (sequence >= hashes_.size()) {
    hashes_.resize(sequence + 1);
    heard_.resize(sequence + 1);
  }
  hashes_[sequence] = hash_of(entry);
}

bool ExpectedNotices::tick(const CustomerEntry& entry) {
  if (!complete_) return true;
  const std::uint64_t sequence = std::get<Notice>(entry.body).identity_sequence;
  if (sequence >= hashes_.size() || hashes_[sequence] != hash_of(entry) || heard_[sequence] != 0)
    return false;
  heard_[sequence] = 1;
  return true;
}

std::vector<std::uint64_t> ExpectedNotices::missing() const {
  std::vector<std::uint64_t> out;
  for (std::uint64_t sequence = 1; sequence < hashes_.size(); ++sequence)
    if (hashes_[sequence] != 0 && heard_[sequence] == 0) out.push_back(sequence);
  return out;
}

// --- the fold -------------------------------------------------------------------------------

namespace {

// The tables in memory, and under which keys the store has what is parked.
class FoldedTables final : public IdentityTables {
 public:
  explicit FoldedTables(MemoryIdentityTables& tables) : tables_(tables) {}
  void begin_entry(std::uint64_t sequence) { sequence_ = sequence; }
  std::vector<Row> parked_rows() const {
    std::vector<Row> rows;
    for (const auto& [key, value] : parked_) rows.push_back({key, value});
    return rows;
  }

  std::optional<PolarCustomer> polar_customer(std::string_view id) override {
    return tables_.polar_customer(id);
  }
  std::optional<KnownCustomer> customer(std::string_view id) override {
    return tables_.customer(id);
  }
  std::string unlinked_with_email(std::string_view email) override {
    return tables_.unlinked_with_email(email);
  }
  std::string remembered_with_email(std::string_view email) override {
    return tables_.remembered_with_email(email);
  }
  void put(const PolarCustomer& polar) override { tables_.put(polar); }
  void put(const KnownCustomer& customer) override { tables_.put(customer); }
  void park(const PolarEvent& event) override {
    std::string key = parked_key(event.polar_customer_id, sequence_);
    std::string value = encode_parked(key, event);
    parked_[std::move(key)] = std::move(value);
    tables_.park(event);
  }
  std::vector<PolarEvent> take_parked(std::string_view polar_customer_id) override {
    const std::string prefix = parked_prefix(polar_customer_id);
    auto row = parked_.lower_bound(prefix);
    while (row != parked_.end() && row->first.starts_with(prefix)) row = parked_.erase(row);
    return tables_.take_parked(polar_customer_id);
  }

 private:
  MemoryIdentityTables& tables_;
  std::uint64_t sequence_ = 0;
  std::map<std::string, std::string> parked_;
};

void fold_block(const JournalWalk<IdentityEntry>& walk, const Books& books, FoldedTables& tables,
                KeyLogCheck& keys, RepeatCheck<IdentityEntry>& repeats, ExpectedNotices& notices) {
  std::uint64_t sequence = walk.first_sequence();
  for (const IdentityEntry& entry : walk.entries()) {
    const std::uint64_t key = key_of(keys.hasher(), entry);
    keys.check(sequence, key);
    repeats.check(sequence, key, entry);
    tables.begin_entry(sequence);
    IdentityEffects found = apply(tables, entry, books.at(entry.at).settings());
    if (!found.customer_id.empty()) {
      found.notice.identity_sequence = sequence;
      notices.expect({entry.at, found.customer_id, std::move(found.notice)});
    }
    ++sequence;
  }
}

void check_tables(Reader& reader, const MemoryIdentityTables& tables, std::vector<Row> parked,
                  RowCounts& counts, Findings& findings) {
  std::vector<Row> polar, remembered, customers, unlinked;
  for (const PolarCustomer* each : tables.polar_customers()) {
    polar.push_back({each->id, encode_record(*each)});
    if (!each->email.empty()) remembered.push_back({email_key(each->email, each->id), {}});
  }
  for (const KnownCustomer* each : tables.customers()) {
    customers.push_back({each->id, encode_record(*each)});
    if (!each->email.empty() && each->polar_customer_id.empty())
      unlinked.push_back({email_key(each->email, each->id), {}});
  }
  const auto by_key = [](const Row& a, const Row& b) { return a.key < b.key; };
  std::sort(remembered.begin(), remembered.end(), by_key);
  std::sort(unlinked.begin(), unlinked.end(), by_key);
  check_rows(reader, Table::polar_customers, {}, polar, counts, findings);
  check_rows(reader, Table::remembered_emails, {}, remembered, counts, findings);
  check_rows(reader, Table::known_customers, {}, customers, counts, findings);
  check_rows(reader, Table::unlinked_emails, {}, unlinked, counts, findings);
  check_rows(reader, Table::parked, {}, parked, counts, findings);
}

}  // namespace

void check_identity(Reader& reader, Reader& beside, std::uint32_t shard, const Books& books,
                    KeyLogCheck& keys, ExpectedNotices& notices, IdentityFold& fold,
                    RowCounts& counts, Findings& findings) {
  JournalWalk<IdentityEntry> walk(shard, books);
  FoldedTables tables(fold.tables);
  RepeatCheck<IdentityEntry> repeats(beside, shard, keys.hasher(), findings);
  std::optional<Damage> damage;
  const StoreStatus failed = reader.scan_journal(
      shard, 1, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
        if ((damage = walk.take(first, count, block))) return false;
        fold_block(walk, books, tables, keys, repeats, notices);
        findings.progress(count);
        return true;
      });
  if (damage) findings.damage(*damage);
  if (failed) findings.failed("journal, shard " + std::to_string(shard), *failed);
  fold.head = walk.head();
  fold.whole = !damage && !failed;
  if (!fold.whole) notices.lose_count();
  if (fold.whole) check_tables(reader, fold.tables, tables.parked_rows(), counts, findings);
}

}  // namespace reckoner::storage
