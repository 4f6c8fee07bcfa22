// Feeds a past through the engine on virtual time: a history line by line, or a journal file. What
// the live engine's lanes do (stamp, judge, deduplicate) happens here with the history's own times;
// the folds are the same code.
#pragma once

#include <optional>
#include <string_view>

#include "engine/journal/journal_file.hpp"
#include "engine/json/history.hpp"
#include "engine/ledger/report.hpp"
#include "engine/polar/body.hpp"
#include "sim/replay/seen_keys.hpp"

namespace reckoner::sim {

struct ReplayOptions {
  Book book;                     // from the start
  std::optional<Instant> until;  // empty: the last line's `at`
};

class Replayer {
 public:
  explicit Replayer(ReplayOptions options);

  // Also writes what is accepted to a journal, whose book is the one it began with.
  void write_to(JournalFileWriter* journal);

  // The next line of a history; a blank one says nothing. Returns false once lines lie after
  // `until`: the rest is not read.
  Result<bool> line(std::string_view text);

  // A whole journal file. It brings its own books; what the options say of one is not used.
  Status journal(std::string_view file, const std::function<void(std::size_t)>& progress);

  // The figures so far, everybody brought forward to `until`. The report refers to the ledger.
  Report report();
  const Ledger& ledger() const { return ledger_; }
  const HistoryCounts& counts() const { return counts_; }

 private:
  class JournalFold;

  Status take(const json::HistoryLine& line);
  void usage(const json::HistoryLine& line);
  void webhook(const json::HistoryLine& line);
  Status change_book(const json::HistoryLine& line);
  void reject(Rejection rejection);
  void reject(std::string_view code);

  // Folds an entry of the identity stream and the notice that comes of it.
  void identity_entry(const IdentityEntry& entry);
  // Folds a customer's entry, and says whether it was accepted.
  template <class Body>
  bool customer_entry(Instant at, std::string_view customer_id, const Body& body);
  bool after_until(Instant at) const { return options_.until && at > *options_.until; }

  ReplayOptions options_;
  Ledger ledger_;
  ClosedRows closed_;
  SeenKeys seen_;
  HistoryCounts counts_;
  std::optional<Instant> last_event_;
  std::uint64_t identity_sequence_ = 0;
  json::HistoryReader reader_;
  polar::BodyReader bodies_;
  JournalFileWriter* journal_ = nullptr;
  Effects effects_;
};

}  // namespace reckoner::sim
