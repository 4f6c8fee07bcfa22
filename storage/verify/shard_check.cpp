#include "storage/verify/shard_check.hpp"

#include <algorithm>
#include <utility>

#include "storage/format/keys.hpp"
#include "storage/format/sealed.hpp"
#include "storage/lane/entry_key.hpp"

namespace reckoner::storage {

ShardCheck::ShardCheck(Reader& reader, Reader& beside, std::uint32_t shard, const Books& books,
                       const KeySecret& secret, std::uint64_t last_sequence,
                       ExpectedNotices& notices, const SetAsideNotes& notes, Findings& findings)
    : reader_(reader),
      no_reader_(nullptr),
      shard_(shard),
      books_(books),
      last_sequence_(last_sequence),
      notices_(notices),
      notes_(notes),
      findings_(findings),
      walk_(shard, books) {
  keys_.emplace(reader, secret, shard, last_sequence, findings);
  repeats_.emplace(beside, shard, keys_->hasher(), findings);
}

void ShardCheck::run() {
  std::optional<Damage> damage;
  const StoreStatus failed = reader_.scan_journal(
      shard_, 1, [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
        if ((damage = walk_.take(first, count, block))) return false;
        fold_block();
        findings_.progress(count);
        return true;
      });
  const std::string place = "journal, shard " + std::to_string(shard_);
  if (damage) findings_.damage(*damage);
  if (failed) findings_.failed(place, *failed);
  whole_ = !damage && !failed;
  repeats_.reset();
  keys_.reset();
  if (whole_) check_marks();
}

void ShardCheck::fold_block() {
  std::uint64_t sequence = walk_.first_sequence();
  for (const CustomerEntry& entry : walk_.entries()) {
    const std::uint64_t key = key_of(keys_->hasher(), entry);
    keys_->check(sequence, key);
    repeats_->check(sequence, key, entry);
    if (std::holds_alternative<Notice>(entry.body) && !notices_.tick(entry))
      findings_.damage(
          "journal, shard " + std::to_string(shard_) + ", entry " + std::to_string(sequence),
          "the notice is not what follows from the identity stream, or came before");
    fold(sequence++, entry);
  }
}

void ShardCheck::fold(std::uint64_t sequence, const CustomerEntry& entry) {
  Folded* folded = find_or_add(entry);
  if (folded == nullptr) return;
  folded->customer.apply(sequence, entry, books_, effects_);
  if (sequence > folded->position && folded->first_behind == 0) folded->first_behind = sequence;
  if (sequence == folded->position) compare(*folded);
}

// Null: the entry is about nobody, and makes nobody.
ShardCheck::Folded* ShardCheck::find_or_add(const CustomerEntry& entry) {
  const auto known = by_id_.find(entry.customer_id);
  if (known != by_id_.end()) return known->second;
  if (!LiveCustomer::registers(entry)) return nullptr;
  Folded& added = customers_.emplace_back(Folded{LiveCustomer(entry, books_)});
  by_id_.emplace(added.customer.state().id.view(), &added);
  std::optional<std::string> value;
  if (StoreStatus failed = reader_.get(Table::customers, entry.customer_id, value)) {
    findings_.failed(place_of(Table::customers, entry.customer_id), *failed);
  } else if (value) {
    const auto record = decode_customer_record(entry.customer_id, *value);
    if (record) added.position = record->position;
    if (!record)
      findings_.damage(place_of(Table::customers, entry.customer_id), "the record is damaged");
  }
  return &added;
}

// All that would be written of this customer, had nothing been written before, against all that is.
void ShardCheck::compare(Folded& folded) {
  LiveCustomer& customer = folded.customer;
  folded.compared = true;
  batch_.clear();
  if (customer.set_aside() || customer.write(batch_, no_reader_, books_))
    return findings_.damage(place_of(Table::customers, customer.state().id),
                            "the record is that of a customer who is set aside");
  std::map<Table, std::vector<Row>> expected;
  for (const Batch::Operation& put : batch_.operations())
    if (put.kind == RECKONER_PUT)
      expected[static_cast<Table>(put.target)].push_back({put.key, put.value});
  const std::string prefix = customer_prefix(customer.state().id);
  for (const Table table : {Table::charges, Table::open_charges, Table::closed_usage,
                            Table::billing_events, Table::usage_daily}) {
    std::vector<Row>& rows = expected[table];
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
    check_rows(reader_, table, prefix, rows, rows_, findings_);
  }
  for (const Table table : {Table::customers, Table::users, Table::due, Table::charges_by_time})
    for (const Row& row : expected[table]) check_row(reader_, table, row, rows_, findings_);
  customer.written();
}

void ShardCheck::check_marks() {
  const std::uint64_t mark = read_mark();
  for (const Folded& folded : customers_) {
    const std::string place = place_of(Table::customers, folded.customer.state().id);
    if (folded.position != 0 && !folded.compared)
      findings_.damage(place, "the record names entry " + std::to_string(folded.position) +
                                  " as its last, which is not this customer's");
    if (folded.first_behind != 0 && folded.first_behind <= mark && !folded_anew(folded))
      findings_.damage(place, "entry " + std::to_string(folded.first_behind) +
                                  " is not in the record, and the shard's mark is behind it");
  }
}

// A record behind the mark is right where a note sees to it that a start folds from there: that of
// a customer who is set aside, or was until the program was mended.
bool ShardCheck::folded_anew(const Folded& folded) const {
  const auto note = notes_.find(folded.customer.state().id.view());
  return note != notes_.end() && note->second < folded.first_behind;
}

std::uint64_t ShardCheck::read_mark() {
  const std::string key = number_key(shard_);
  std::optional<std::string> value;
  if (StoreStatus failed = reader_.get(Table::marks, key, value)) {
    findings_.failed(place_of(Table::marks, key), *failed);
    return 0;
  }
  if (!value) return 0;
  ++rows_[Table::marks];
  const auto mark = decode_mark(key, *value);
  if (!mark) findings_.damage(place_of(Table::marks, key), "the record is damaged");
  if (mark && mark->applied > last_sequence_)
    findings_.damage(
        place_of(Table::marks, key),
        "the mark is at entry " + std::to_string(mark->applied) + ", behind the journal's end");
  return mark ? mark->applied : 0;
}

}  // namespace reckoner::storage
