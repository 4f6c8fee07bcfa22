#include "tests/storage/driver/sender.hpp"

#include <catch2/catch.hpp>

#include "engine/json/history.hpp"
#include "engine/polar/body.hpp"
#include "tests/support/store.hpp"

namespace reckoner::support {

using json::HistoryLine;
using storage::CommitResult;
using storage::Fault;
using storage::StoreStatus;
using storage::Verdict;

namespace {

constexpr int kPatience = 3;      // failures in a row, before what they come from ends
constexpr int kMostFailures = 9;  // and then the test

std::string name_of(const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::accepted:
      return verdict.parked ? "parked" : "accepted";
    case Verdict::Kind::duplicate:
      return "duplicate";
    case Verdict::Kind::conflict:
      return "conflict";
    case Verdict::Kind::rejected:
      break;
  }
  return std::string(rejection_code(verdict.rejection));
}

// Whether trying again can help.
bool can_help(Fault fault) {
  return fault == Fault::full || fault == Fault::retry || fault == Fault::in_doubt;
}

// A key that was rejected may have been used up since then.
bool is_verdict_of_repeat(const std::string& verdict, const std::string& first) {
  if (first == "accepted" || first == "parked") return verdict == "duplicate";
  const bool rejected = first != "duplicate" && first != "conflict";
  return verdict == first || (rejected && (verdict == "duplicate" || verdict == "conflict"));
}

// Reads lines and hands them to a driver, one by one.
class Feed {
 public:
  explicit Feed(storage::Driver& driver) : driver_(driver) {}

  const HistoryLine& read(const std::string& text) {
    REQUIRE(reader_.read(text).ok());
    return reader_.line();
  }
  bool has_key() const {
    const HistoryLine& line = reader_.line();
    return line.kind == HistoryLine::Kind::usage ? !line.usage.usage.idempotency_key.empty()
                                                 : !line.webhook_id.empty();
  }
  // The line that was read last.
  StoreStatus send(std::string& verdict) {
    const HistoryLine& line = reader_.line();
    Verdict judged;
    StoreStatus failed;
    switch (line.kind) {
      case HistoryLine::Kind::usage:
        failed = driver_.usage(line.at, line.customer_id, line.usage, judged);
        break;
      case HistoryLine::Kind::webhook: {
        auto body = bodies_.read(line.webhook_body, line.at);
        REQUIRE(body.ok());
        const Webhook webhook{line.webhook_id, line.webhook_body, std::move(body->event)};
        failed = driver_.webhook(line.at, webhook, judged);
        break;
      }
      case HistoryLine::Kind::customer:
        failed = driver_.customer(line.at, line.customer);
        break;
      case HistoryLine::Kind::settlement:
        failed = driver_.settlement(line.at, line.customer_id, line.settlement);
        break;
      case HistoryLine::Kind::operator_act:
        failed = driver_.operator_act(line.at, line.customer_id, line.operator_act);
        break;
      case HistoryLine::Kind::clock:
        failed = driver_.clock(line.at);
        break;
      case HistoryLine::Kind::book:
        FAIL("a book is not sent in a batch");
    }
    verdict = name_of(judged);
    return failed;
  }

 private:
  storage::Driver& driver_;
  json::HistoryReader reader_;
  polar::BodyReader bodies_;
};

bool is_kind(const std::string& line, std::string_view kind) {
  return line.find("\"kind\":\"" + std::string(kind) + '"') != std::string::npos;
}

}  // namespace

// --- opening and failing --------------------------------------------------------------------

std::uint64_t Sender::entries() const {
  std::uint64_t sum = 0;
  for (std::uint32_t shard = 0; shard <= driver_->customer_shards(); ++shard)
    sum += driver_->last_sequence(shard);
  return sum;
}

bool Sender::open() {
  if (driver_) return true;
  ++openings_;
  if (const StoreStatus error = open_(driver_)) return failed(*error, true), false;
  find_out();
  return driver_ != nullptr;
}

// The batch whose answer was not heard is there as a whole, or not at all.
void Sender::find_out() {
  if (!unknown_) return;
  const Attempt attempt = *std::exchange(unknown_, {});
  const std::uint64_t now = entries();
  if (attempt.entries_staged == 0) return;
  if (now == attempt.entries_before) return;
  REQUIRE(now == attempt.entries_before + attempt.entries_staged);
  acknowledge(attempt.verdicts);
  send_again(acknowledged_ - attempt.verdicts.size(), acknowledged_);
}

void Sender::failed(const storage::StoreError& error, bool dead) {
  INFO(told(error));
  REQUIRE(error.code != "damaged");  // nothing that fails damages
  REQUIRE(++failures_ < kMostFailures);
  if (failures_ >= kPatience) options_.relent();
  const bool can_go_on =
      error.fault == Fault::full || error.fault == Fault::retry || error.fault == Fault::in_doubt;
  if (dead || !can_go_on || failures_ >= 2 * kPatience) driver_.reset();
}

// --- sending --------------------------------------------------------------------------------

StoreStatus Sender::stage(std::size_t from, std::size_t to, std::vector<std::string>& verdicts) {
  Feed feed(*driver_);
  for (std::size_t i = from; i < to; ++i) {
    feed.read(lines_[i]);
    std::string verdict;
    if (StoreStatus error = feed.send(verdict)) return error;
    verdicts.push_back(std::move(verdict));
  }
  return std::nullopt;
}

void Sender::acknowledge(const std::vector<std::string>& verdicts) {
  verdicts_.resize(acknowledged_);
  verdicts_.insert(verdicts_.end(), verdicts.begin(), verdicts.end());
  acknowledged_ += verdicts.size();
  failures_ = 0;
}

// Up to the next line that needs a commit before it. False: it failed.
bool Sender::send_batch() {
  const std::size_t from = acknowledged_;
  if (is_kind(lines_[from], "book")) return send_book(lines_[from]);
  const std::size_t most = std::min(lines_.size(), from + options_.batch(from));
  std::size_t to = from + 1;
  while (to < most && !is_kind(lines_[to], "book") && !is_kind(lines_[to], "clock")) ++to;
  Attempt attempt{entries(), 0, {}};
  if (const StoreStatus error = stage(from, to, attempt.verdicts)) {
    CHECK(driver_->entries_staged() == 0);
    CHECK(entries() == attempt.entries_before);
    return failed(*error, false), false;
  }
  attempt.entries_staged = driver_->entries_staged();
  const CommitResult result = driver_->commit();
  if (result.committed()) {
    REQUIRE(entries() == attempt.entries_before + attempt.entries_staged);
    return acknowledge(attempt.verdicts), true;
  }
  const bool dead = result.outcome == CommitResult::Outcome::dead;
  if (dead) unknown_ = std::move(attempt);
  if (!dead) {
    CHECK(entries() == attempt.entries_before);
    CHECK(can_help(result.error->fault));
  }
  return failed(*result.error, dead), false;
}

// A book has no key either; but whether it is in force can be seen.
bool Sender::send_book(const std::string& line) {
  Feed feed(*driver_);
  const HistoryLine& change = feed.read(line);
  if (driver_->books().latest().from() != change.at) {
    Book book = driver_->books().latest().book();
    if (change.book.prices) book.prices = *change.book.prices;
    for (const auto& [key, value] : change.book.settings)
      REQUIRE(set_setting(book.settings, key, value).ok());
    std::optional<Error> invalid;
    const StoreStatus error = driver_->change_book(change.at, book, invalid);
    INFO((invalid ? invalid->detail : ""));
    REQUIRE_FALSE(invalid);
    if (error) return failed(*error, error->fault == Fault::in_doubt), false;
  }
  return acknowledge({"book"}), true;
}

bool Sender::close() {
  const CommitResult result = driver_->close();
  if (!result.committed())
    return failed(*result.error, result.outcome == CommitResult::Outcome::dead), false;
  failures_ = 0;
  return driver_.reset(), true;
}

void Sender::send_all() {
  while (acknowledged_ < lines_.size()) {
    if (!open() || acknowledged_ == lines_.size() || !send_batch()) continue;
    interrupt(options_.between(acknowledged_));
  }
  only_open_and_close();
}

void Sender::interrupt(Interruption how) {
  if (how == Interruption::crash) crash();
  if (how == Interruption::write)
    if (const CommitResult done = driver_->write_all(); !done.committed())
      failed(*done.error, done.outcome == CommitResult::Outcome::dead);
  while (how == Interruption::close && driver_ && !close()) {
  }
}

void Sender::only_open_and_close() {
  while (!open() || !close()) {
  }
}

// --- sending again --------------------------------------------------------------------------

void Sender::send_again(std::size_t from, std::size_t to) {
  REQUIRE(driver_->entries_staged() == 0);
  Feed feed(*driver_);
  for (std::size_t i = from; i < to; ++i) {
    if (!is_kind(lines_[i], "usage") && !is_kind(lines_[i], "webhook")) continue;
    feed.read(lines_[i]);
    if (!feed.has_key()) continue;
    std::string verdict;
    if (const StoreStatus error = feed.send(verdict)) return failed(*error, true);
    INFO("line " << i << ", " << verdicts_[i] << ": " << lines_[i]);
    INFO("and again: " << verdict);
    CHECK(is_verdict_of_repeat(verdict, verdicts_[i]));
    REQUIRE(driver_->entries_staged() == 0);
  }
}

void Sender::send_all_again() {
  REQUIRE(open());
  send_again(0, acknowledged_);
  crash();
}

}  // namespace reckoner::support
