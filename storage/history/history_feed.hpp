// Reads a history line by line and feeds it to something that folds it: the simulator's ledger in
// memory, or an engine on a store. What is the same for all of them happens here: which lines
// count, how they are counted, and how a `book` line becomes a book.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/json/history.hpp"
#include "engine/ledger/report.hpp"
#include "engine/polar/body.hpp"

namespace reckoner::storage {

class HistoryFeed {
 public:
  virtual ~HistoryFeed() = default;

  // The next line; a blank one says nothing. Returns false once lines lie after `until`: the rest
  // is not read.
  Result<bool> line(std::string_view text);

  // Of the lines so far.
  const HistoryCounts& counts() const { return counts_; }

 protected:
  // `until` empty: to the last line.
  explicit HistoryFeed(std::optional<Instant> until) : until_(until) {}

  virtual const Books& books() const = 0;
  virtual Status usage(const json::HistoryLine& line) = 0;
  virtual Status webhook(Instant at, const Webhook& webhook) = 0;
  virtual Status customer(Instant at, const CustomerLine& line) = 0;
  virtual Status settlement(Instant at, std::string_view customer_id,
                            const Settlement& settlement) = 0;
  virtual Status operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) = 0;
  // An opening book is the first one, in force from the beginning of time; no line comes before it.
  virtual Status begin_with(const Book& book) = 0;
  // The error's detail says what is wrong with the book.
  virtual Status change_book(Instant at, const Book& book) = 0;

  void reject(std::string_view code);
  void reject(Rejection rejection) { reject(rejection_code(rejection)); }
  bool after_until(Instant at) const { return until_ && at > *until_; }

  HistoryCounts counts_;
  std::optional<Instant> until_;

 private:
  Status take(const json::HistoryLine& line);
  Status take_webhook(const json::HistoryLine& line);
  Status take_book(const json::HistoryLine& line);

  json::HistoryReader reader_;
  polar::BodyReader bodies_;
  std::optional<Instant> last_event_;
};

}  // namespace reckoner::storage
