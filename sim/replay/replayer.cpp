#include "sim/replay/replayer.hpp"

namespace reckoner::sim {

Replayer::Replayer(ReplayOptions options)
    : options_(std::move(options)), ledger_(Books(options_.book)) {}

void Replayer::write_to(JournalFileWriter* journal) {
  journal_ = journal;
  if (journal_ != nullptr) journal_->add_book(kDistantPast, options_.book);
}

Result<bool> Replayer::line(std::string_view text) {
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return reader_.skip(), true;
  if (Status read = reader_.read(text); !read) return read.error();
  const json::HistoryLine& line = reader_.line();
  if (after_until(line.at)) return false;
  if (!counts_.from) counts_.from = line.at;
  if (!options_.until) counts_.until = line.at;
  if (Status taken = take(line); !taken) return taken.error();
  return true;
}

Status Replayer::take(const json::HistoryLine& line) {
  using Kind = json::HistoryLine::Kind;
  if (line.kind == Kind::clock) return Done{};
  if (line.kind == Kind::book) return change_book(line);
  ++counts_.events;
  last_event_ = line.at;
  switch (line.kind) {
    case Kind::usage:
      usage(line);
      break;
    case Kind::webhook:
      webhook(line);
      break;
    case Kind::customer:
      ++counts_.accepted;
      identity_entry({line.at, line.customer});
      break;
    case Kind::settlement:
      customer_entry(line.at, line.customer_id, line.settlement);
      break;
    default:
      customer_entry(line.at, line.customer_id, line.operator_act);
      break;
  }
  return Done{};
}

void Replayer::reject(std::string_view code) {
  ++counts_.rejected;
  const auto found = counts_.rejected_by_code.find(code);
  if (found != counts_.rejected_by_code.end()) {
    ++found->second;
  } else {
    counts_.rejected_by_code.emplace(code, 1);
  }
}

void Replayer::reject(Rejection rejection) {
  reject(rejection_code(rejection));
}

void Replayer::usage(const json::HistoryLine& line) {
  const UsageRequest& request = line.usage;
  const Settings& settings = ledger_.books().at(line.at).settings();
  if (const auto fault = judge_fields(request, settings); fault != Rejection::none)
    return reject(fault);
  const bool has_key = !request.usage.idempotency_key.empty();
  SeenKeys::Key key{};
  if (has_key) {
    key = SeenKeys::of_usage(line.customer_id, request.usage);
    const Seen seen = seen_.look_up(key);
    if (seen != Seen::never) {
      ++counts_.duplicates;
      if (seen == Seen::other_content) ++counts_.conflicts;
      return;
    }
  }
  if (const auto fault = judge_time(request, line.at, ledger_.books()); fault != Rejection::none)
    return reject(fault);
  // Only an accepted event uses its key up.
  if (customer_entry(line.at, line.customer_id, request.usage) && has_key) seen_.add(key);
}

void Replayer::webhook(const json::HistoryLine& line) {
  Result<polar::Body> body = bodies_.read(line.webhook_body, line.at);
  RECKONER_CHECK(body.ok(), "a part of a JSON text is no JSON");
  const std::string_view id = line.webhook_id.empty() ? body->id : line.webhook_id;
  if (!id.empty()) {
    const SeenKeys::Key key = SeenKeys::of_webhook(id);
    if (seen_.look_up(key) != Seen::never) {
      ++counts_.duplicates;
      return;
    }
    seen_.add(key);
  }
  const Webhook webhook{id, line.webhook_body, std::move(body->event)};
  const std::int64_t parked_before = counts_.parked;
  identity_entry({line.at, webhook});
  if (counts_.parked == parked_before) ++counts_.accepted;
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

Status Replayer::change_book(const json::HistoryLine& line) {
  Book book = ledger_.books().latest().book();
  if (line.book.prices) book.prices = *line.book.prices;
  const std::string where = "line " + std::to_string(reader_.line_number()) + ": ";
  if (last_event_ && *last_event_ == line.at)
    return Error{"invalid_history",
                 where +
                     "at is that of the line above it; a book comes into force later than all "
                     "that was accepted before it"};
  for (const auto& [key, value] : line.book.settings)
    if (Status set = set_setting(book.settings, key, value); !set)
      return Error{set.error().code, where + set.error().detail};
  if (Status added = ledger_.add_book(line.at, book); !added)
    return Error{added.error().code, where + added.error().detail};
  if (journal_ != nullptr) journal_->add_book(line.at, book);
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
