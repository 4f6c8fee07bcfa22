// Feeds a past through the engine on virtual time: a history line by line, or a journal file. What
// the live engine's lanes do (stamp, judge, deduplicate) happens here with the history's own times;
// the folds are the same code.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "engine/journal/journal_file.hpp"
#include "engine/ledger/report.hpp"
#include "sim/replay/seen_keys.hpp"
#include "storage/history/history_feed.hpp"

namespace reckoner::sim {

struct ReplayOptions {
  Book book;                     // from the start
  std::optional<Instant> until;  // empty: the last line's `at`
};

class Replayer final : public storage::HistoryFeed {
 public:
  explicit Replayer(ReplayOptions options);

  // Also writes what is accepted to a journal, whose first book is the one it begins with.
  void write_to(JournalFileWriter* journal);

  // A whole journal file. It brings its own books; what the options say of one is not used.
  Status journal(std::string_view file, const std::function<void(std::size_t)>& progress);

  // The figures so far, everybody brought forward to `until`. The report refers to the ledger.
  Report report();
  const Ledger& ledger() const { return ledger_; }

 private:
  class JournalFold;

  const Books& books() const override { return ledger_.books(); }
  Status usage(const json::HistoryLine& line) override;
  Status webhook(Instant at, const Webhook& webhook) override;
  Status customer(Instant at, const CustomerLine& line) override;
  Status settlement(Instant at, std::string_view customer_id,
                    const Settlement& settlement) override;
  Status operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) override;
  Status begin_with(const Book& book) override;
  Status change_book(Instant at, const Book& book) override;

  // Folds an entry of the identity stream and the notice that comes of it.
  void identity_entry(const IdentityEntry& entry);
  // Folds a customer's entry, and says whether it was accepted.
  template <class Body>
  bool customer_entry(Instant at, std::string_view customer_id, const Body& body);

  ReplayOptions options_;
  Ledger ledger_;
  ClosedRows closed_;
  SeenKeys seen_;
  std::uint64_t identity_sequence_ = 0;
  JournalFileWriter* journal_ = nullptr;
  Effects effects_;
};

}  // namespace reckoner::sim
