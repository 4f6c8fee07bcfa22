// A history into a store, through the driver: judged and stamped with its own times, made durable
// in batches. For `reckoner import` and `reckoner-sim replay --storage`.
#pragma once

#include <cstddef>

#include "storage/driver/driver.hpp"
#include "storage/history/history_feed.hpp"

namespace reckoner::storage {

struct HistoryImportOptions {
  std::optional<Instant> until;  // empty: to the last line
  std::size_t batch = 4'000;     // entries in a commit
};

class HistoryImport final : public HistoryFeed {
 public:
  // The driver is on a store without entries. Its books are the first ones; the history's follow.
  HistoryImport(Driver& driver, HistoryImportOptions options)
      : HistoryFeed(options.until), driver_(&driver), options_(options) {}

  // What the lines so far have staged is durable and applied.
  Status commit();
  // The store was closed and opened again.
  void go_on_with(Driver& driver) { driver_ = &driver; }
  // After the last line: all of it is durable, applied and written.
  Status finish();

  // The figures, from the store alone. The report refers to `ledger`.
  Result<Report> report(Ledger& ledger);

 private:
  const Books& books() const override { return driver_->books(); }
  Status usage(const json::HistoryLine& line) override;
  Status webhook(Instant at, const Webhook& webhook) override;
  Status customer(Instant at, const CustomerLine& line) override;
  Status settlement(Instant at, std::string_view customer_id,
                    const Settlement& settlement) override;
  Status operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) override;
  Status begin_with(const Book& book) override;
  Status change_book(Instant at, const Book& book) override;

  Status staged(StoreStatus failed);
  void count(const CustomerEntry& entry, const Effects& effects);

  Driver* driver_;
  HistoryImportOptions options_;
};

}  // namespace reckoner::storage
