#include "storage/history/history_import.hpp"

namespace reckoner::storage {

Status HistoryImport::usage(const json::HistoryLine& line) {
  Verdict verdict;
  if (StoreStatus failed = driver_->usage(line.at, line.customer_id, line.usage, verdict))
    return failed->as_error();
  switch (verdict.kind) {
    case Verdict::Kind::conflict:
      ++counts_.conflicts;
      [[fallthrough]];
    case Verdict::Kind::duplicate:
      ++counts_.duplicates;
      break;
    case Verdict::Kind::rejected:
      reject(verdict.rejection);
      break;
    case Verdict::Kind::accepted:
      ++counts_.accepted;
  }
  return staged(std::nullopt);
}

Status HistoryImport::webhook(Instant at, const Webhook& webhook) {
  Verdict verdict;
  if (StoreStatus failed = driver_->webhook(at, webhook, verdict)) return failed->as_error();
  if (!verdict.accepted()) {
    ++counts_.duplicates;
  } else {
    ++(verdict.parked ? counts_.parked : counts_.accepted);
  }
  return staged(std::nullopt);
}

Status HistoryImport::customer(Instant at, const CustomerLine& line) {
  return staged(driver_->customer(at, line));
}

Status HistoryImport::settlement(Instant at, std::string_view customer_id,
                                 const Settlement& settlement) {
  return staged(driver_->settlement(at, customer_id, settlement));
}

Status HistoryImport::operator_act(Instant at, std::string_view customer_id,
                                   const OperatorAct& act) {
  return staged(driver_->operator_act(at, customer_id, act));
}

Status HistoryImport::begin_with(const Book& book) {
  std::optional<Error> invalid;
  if (StoreStatus failed = driver_->begin_with(book, invalid)) return failed->as_error();
  if (invalid) return *invalid;
  return Done{};
}

Status HistoryImport::change_book(Instant at, const Book& book) {
  if (Status done = commit(); !done) return done;
  std::optional<Error> invalid;
  if (StoreStatus failed = driver_->change_book(at, book, invalid)) return failed->as_error();
  if (invalid) return *invalid;
  return Done{};
}

Status HistoryImport::staged(StoreStatus failed) {
  if (failed) return failed->as_error();
  return driver_->entries_staged() < options_.batch ? Status(Done{}) : commit();
}

Status HistoryImport::commit() {
  CommitResult result = driver_->commit([this](const CustomerEntry& entry, const Effects& effects,
                                               const LiveCustomer*) { count(entry, effects); });
  if (!result.committed()) return result.error->as_error();
  return Done{};
}

// What is only known once an entry is applied.
void HistoryImport::count(const CustomerEntry& entry, const Effects& effects) {
  counts_.stale += effects.stale;
  if (!std::holds_alternative<Settlement>(entry.body) &&
      !std::holds_alternative<OperatorAct>(entry.body))
    return;
  if (effects.unknown_charge) return reject("unknown_charge");
  ++counts_.accepted;
}

Status HistoryImport::finish() {
  if (Status done = commit(); !done) return done;
  if (CommitResult result = driver_->write_all(); !result.committed())
    return result.error->as_error();
  if (until_) counts_.until = until_;
  return Done{};
}

Result<Report> HistoryImport::report(Ledger& ledger) {
  ClosedRows closed;
  if (StoreStatus failed = driver_->load(ledger, closed)) return failed->as_error();
  return make_report(ledger, closed, counts_);
}

}  // namespace reckoner::storage
