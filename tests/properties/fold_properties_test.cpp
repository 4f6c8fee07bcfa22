// What must hold for any history whatsoever (billing-rules.md, Always true).
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <variant>

#include "engine/customer/state_encoding.hpp"
#include "engine/ledger/state_hash.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/properties/random_history.hpp"

namespace reckoner::properties {
namespace {

const Instant kEnd = *parse_instant("2031-01-01T00:00:00Z");

sim::ReplayOptions until_the_end() {
  sim::ReplayOptions options;
  options.until = kEnd;
  return options;
}

void feed(sim::Replayer& replayer, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const Result<bool> taken = replayer.line(line);
    if (!taken) RC_FAIL(taken.error().detail + ": " + line);
  }
}

// A journal's bytes, cut into blocks wherever `cuts` says.
std::string journal_of(const std::vector<std::string>& lines, const std::vector<int>& cuts) {
  std::string bytes;
  JournalFileWriter writer([&bytes](std::string_view part) { bytes += part; });
  sim::Replayer replayer(until_the_end());
  replayer.write_to(&writer);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    feed(replayer, {lines[i]});
    if (std::find(cuts.begin(), cuts.end(), static_cast<int>(i)) != cuts.end()) writer.flush();
  }
  writer.finish();
  return bytes;
}

struct BookEntry {
  Instant from;
  Book book;
};
using AnyEntry = std::variant<BookEntry, IdentityEntry, CustomerEntry>;

class Collector : public JournalFileVisitor {
 public:
  Status book(Instant from, Book book) override {
    all.push_back(BookEntry{from, std::move(book)});
    return Done{};
  }
  void entries(std::span<const CustomerEntry> block) override {
    all.insert(all.end(), block.begin(), block.end());
  }
  void entries(std::span<const IdentityEntry> block) override {
    all.insert(all.end(), block.begin(), block.end());
  }
  void progress(std::size_t) override {}

  std::vector<AnyEntry> all;
};

std::vector<AnyEntry> entries_of(std::string_view journal) {
  Collector collector;
  const Status read = read_journal_file(journal, collector);
  RC_ASSERT(read.ok());
  return std::move(collector.all);
}

class Fold {
 public:
  // Applies an entry; every customer's conservation holds after it.
  void apply(const AnyEntry& entry) {
    Effects effects;
    if (const auto* book = std::get_if<BookEntry>(&entry)) {
      RC_ASSERT(ledger_.add_book(book->from, book->book).ok());
    } else if (const auto* identity = std::get_if<IdentityEntry>(&entry)) {
      ledger_.hear(*identity);
    } else if (const auto* state = ledger_.apply(std::get<CustomerEntry>(entry), effects)) {
      RC_ASSERT(conservation_gap(*state) == Money{});
    }
  }

  // Everything through its encoding and back.
  void through_snapshot() {
    Ledger restored{ledger_.books()};
    for (const CustomerState& state : ledger_.customers()) {
      const std::string bytes = encode_snapshot(state);
      CustomerState decoded;
      RC_ASSERT(decode_snapshot(bytes, ledger_.books(), decoded));
      RC_ASSERT(encode_snapshot(decoded) == bytes);
      RC_ASSERT(decoded.own_due == state.own_due);
      restored.restore(std::move(decoded));
    }
    Encoder out;
    encode(out, ledger_.identity());
    Decoder in(out.bytes());
    MemoryIdentityTables identity;
    RC_ASSERT(decode(in, identity) && in.finished());
    restored.restore(std::move(identity));
    ledger_ = std::move(restored);
  }

  std::string hash() const { return to_hex(state_hash(ledger_, kEnd)); }
  const Ledger& ledger() const { return ledger_; }

 private:
  Ledger ledger_{Books()};
};

}  // namespace

TEST_CASE("any history, cut anywhere into snapshot and rest, gives one state", "[property]") {
  rc::prop("one by one, in batches, through snapshots", [] {
    const auto lines = to_lines(*steps(), "");
    const auto cuts = *rc::gen::container<std::vector<int>>(
        rc::gen::inRange(0, static_cast<int>(lines.size()) + 1));
    sim::Replayer replayer(until_the_end());
    feed(replayer, lines);
    const Report report = replayer.report();
    RC_ASSERT(report.conservation_gap == Money{});

    const std::string journal = journal_of(lines, cuts);
    const auto entries = entries_of(journal);
    Fold whole, cut;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      whole.apply(entries[i]);
      cut.apply(entries[i]);
      if (std::find(cuts.begin(), cuts.end(), static_cast<int>(i)) != cuts.end())
        cut.through_snapshot();
    }
    RC_ASSERT(whole.hash() == report.state_hash);
    RC_ASSERT(cut.hash() == report.state_hash);
  });
}

TEST_CASE("duplicates inserted anywhere change nothing", "[property]") {
  rc::prop("usage with a key and webhooks with an id, sent again later", [] {
    const auto lines = to_lines(*steps(), "");
    const auto again = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 200), rc::gen::inRange(0, 200)));
    sim::Replayer once(until_the_end()), twice(until_the_end());
    feed(once, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      feed(twice, {lines[i]});
      const auto accepted_before = twice.counts().accepted + twice.counts().parked;
      for (const auto& [after, which] : again) {
        if (static_cast<std::size_t>(after) != i || static_cast<std::size_t>(which) > i) continue;
        // The earlier line again, at this line's time.
        const std::string& old = lines[static_cast<std::size_t>(which)];
        const bool usage = old.find("\"usage\"") != std::string::npos &&
                           old.find("idempotency_key") != std::string::npos;
        const bool webhook = old.find("\"webhook\",\"id\"") != std::string::npos;
        if (!usage && !webhook) continue;
        const std::size_t at_size = lines[i].find("\",\"kind\"");
        feed(twice, {lines[i].substr(0, at_size) + old.substr(old.find("\",\"kind\""))});
      }
      if (twice.counts().accepted + twice.counts().parked != accepted_before) {
        // A rejected event does not use its key up, and may be taken when it comes again.
        RC_DISCARD("a line that was rejected before");
      }
    }
    RC_ASSERT(once.report().state_hash == twice.report().state_hash);
  });
}

TEST_CASE("customers do not influence each other beyond links", "[property]") {
  rc::prop("two populations, interleaved and apart", [] {
    auto first_steps = *steps();
    auto second_steps = *steps();
    // Books are for all: here they are left out.
    for (auto* chosen : {&first_steps, &second_steps})
      for (Step& step : *chosen)
        if (step.kind == 12) step.kind = 13;
    const auto first = to_lines(first_steps, "a-"), second = to_lines(second_steps, "b-");
    std::vector<std::string> both;
    std::merge(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(both),
               [](const std::string& x, const std::string& y) {
                 const auto at = [](const std::string& line) {
                   return *parse_instant(line.substr(7, line.find("\",\"kind\"") - 7));
                 };
                 return at(x) < at(y);
               });
    sim::Replayer alone(until_the_end()), together(until_the_end());
    feed(alone, first);
    feed(together, both);
    alone.report(), together.report();  // brings everybody forward
    for (const CustomerState& state : alone.ledger().customers()) {
      const CustomerState* other = together.ledger().find(state.id);
      RC_ASSERT(other != nullptr);
      RC_ASSERT(encode_snapshot(*other) == encode_snapshot(state));
    }
  });
}

TEST_CASE("waking a customer to look at the time changes nothing", "[property]") {
  rc::prop("clock entries anywhere", [] {
    const auto lines = to_lines(*steps(), "");
    const auto wake = *rc::gen::container<std::vector<bool>>(300, rc::gen::arbitrary<bool>());
    const std::string journal = journal_of(lines, {});
    const auto entries = entries_of(journal);
    Fold asleep, woken;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (const auto* entry = std::get_if<CustomerEntry>(&entries[i]); entry && wake[i % 300])
        woken.apply(CustomerEntry{entry->at, entry->customer_id, Clock{}});
      asleep.apply(entries[i]);
      woken.apply(entries[i]);
    }
    RC_ASSERT(asleep.hash() == woken.hash());
  });
}

}  // namespace reckoner::properties
