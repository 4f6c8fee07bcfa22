#include "sim/replay/replayer.hpp"

namespace reckoner::sim {

Replayer::Replayer(ReplayOptions options)
    : HistoryFeed(options.until), options_(std::move(options)), ledger_(Books(options_.book)) {}

void Replayer::write_to(JournalFileWriter* journal) {
  journal_ = journal;
  if (journal_ != nullptr) journal_->begin_with(options_.book);
}

Status Replayer::usage(const json::HistoryLine& line) {
  const UsageRequest& request = line.usage;
  const Settings& settings = ledger_.books().at(line.at).settings();
  if (const auto fault = judge_fields(request, settings); fault != Rejection::none)
    return reject(fault), Done{};
  const bool has_key = !request.usage.idempotency_key.empty();
  SeenKeys::Key key{};
  if (has_key) {
    key = SeenKeys::of_usage(line.customer_id, request.usage);
    const Seen seen = seen_.look_up(key);
    if (seen != Seen::never) {
      ++counts_.duplicates;
      if (seen == Seen::other_content) ++counts_.conflicts;
      return Done{};
    }
  }
  if (const auto fault = judge_time(request, line.at, ledger_.books()); fault != Rejection::none)
    return reject(fault), Done{};
  // Only an accepted event uses its key up.
  if (customer_entry(line.at, line.customer_id, request.usage) && has_key) seen_.add(key);
  return Done{};
}

Status Replayer::webhook(Instant at, const Webhook& webhook) {
  if (!webhook.id.empty()) {
    const SeenKeys::Key key = SeenKeys::of_webhook(webhook.id);
    if (seen_.look_up(key) != Seen::never) return ++counts_.duplicates, Done{};
    seen_.add(key);
  }
  const std::int64_t parked_before = counts_.parked;
  identity_entry({at, webhook});
  if (counts_.parked == parked_before) ++counts_.accepted;
  return Done{};
}

Status Replayer::customer(Instant at, const CustomerLine& line) {
  identity_entry({at, line});
  return Done{};
}

Status Replayer::settlement(Instant at, std::string_view customer_id,
                            const Settlement& settlement) {
  customer_entry(at, customer_id, settlement);
  return Done{};
}

Status Replayer::operator_act(Instant at, std::string_view customer_id, const OperatorAct& act) {
  customer_entry(at, customer_id, act);
  return Done{};
}

void Replayer::identity_entry(const IdentityEntry& entry) {
  if (journal_ != nullptr) journal_->add(entry);
  IdentityEffects found = ledger_.hear(entry);
  ++identity_sequence_;
  if (found.parked) ++counts_.parked;
  if (found.customer_id.empty()) return;
  found.notice.identity_sequence = identity_sequence_;
  customer_entry(entry.at, found.customer_id, found.notice);
}

template <class Body>
bool Replayer::customer_entry(Instant at, std::string_view customer_id, const Body& body) {
  effects_.clear();
  CustomerState* state = ledger_.apply(at, customer_id, body, effects_);
  // A notice is counted with what it came of; a clock entry comes from nobody.
  constexpr bool kFromOutside = !std::is_same_v<Body, Notice> && !std::is_same_v<Body, Clock>;
  // Also of an entry that is refused: it has brought the customer forward.
  if (state != nullptr) closed_.keep(*state, effects_);
  if (effects_.rejected != Rejection::none) return reject(effects_.rejected), false;
  if (effects_.unknown_charge) return reject("unknown_charge"), false;
  if (kFromOutside) ++counts_.accepted;
  counts_.stale += effects_.stale;
  if (journal_ != nullptr) journal_->add(CustomerEntry{at, customer_id, body});
  return true;
}

Status Replayer::begin_with(const Book& book) {
  if (Status good = check_price_book(book.prices); !good) return good;
  ledger_ = Ledger(Books(book));
  if (journal_ != nullptr) journal_->begin_with(book);
  return Done{};
}

Status Replayer::change_book(Instant at, const Book& book) {
  if (Status added = ledger_.add_book(at, book); !added) return added;
  if (journal_ != nullptr) journal_->add_book(at, book);
  return Done{};
}

Report Replayer::report() {
  if (options_.until) counts_.until = options_.until;
  return make_report(ledger_, closed_, counts_);
}

// --- journal files --------------------------------------------------------------------------

// Identity's entries and the customers' are folded apart: the notices are in the journal.
class Replayer::JournalFold : public JournalFileVisitor {
 public:
  JournalFold(Replayer& replayer, const std::function<void(std::size_t)>& progress)
      : to_(replayer), progress_(progress) {}

  Status book(Instant from, Book book) override {
    if (!first_) return to_.ledger_.add_book(from, std::move(book));
    first_ = false;
    to_.ledger_ = Ledger(Books());
    return to_.ledger_.add_book(from, std::move(book));
  }
  void entries(std::span<const CustomerEntry> entries) override {
    to_.ledger_.prefetch(entries);
    for (const CustomerEntry& entry : entries) {
      if (to_.after_until(entry.at)) return;
      note(entry.at);
      std::visit([&](const auto& body) { fold(entry, body); }, entry.body);
    }
  }
  void entries(std::span<const IdentityEntry> entries) override {
    for (const IdentityEntry& entry : entries) {
      if (to_.after_until(entry.at)) return;
      note(entry.at);
      ++to_.counts_.events;
      ++(to_.ledger_.hear(entry).parked ? to_.counts_.parked : to_.counts_.accepted);
    }
  }
  void progress(std::size_t bytes) override { progress_(bytes); }

 private:
  template <class Body>
  void fold(const CustomerEntry& entry, const Body& body) {
    if (!std::is_same_v<Body, Notice> && !std::is_same_v<Body, Clock>) ++to_.counts_.events;
    to_.customer_entry(entry.at, entry.customer_id, body);
  }
  void note(Instant at) {
    HistoryCounts& counts = to_.counts_;
    if (!counts.from || at < *counts.from) counts.from = at;
    if (!to_.options_.until && (!counts.until || at > *counts.until)) counts.until = at;
  }

  Replayer& to_;
  const std::function<void(std::size_t)>& progress_;
  bool first_ = true;
};

Status Replayer::journal(std::string_view file, const std::function<void(std::size_t)>& progress) {
  JournalFold fold(*this, progress);
  return read_journal_file(file, fold);
}

}  // namespace reckoner::sim
