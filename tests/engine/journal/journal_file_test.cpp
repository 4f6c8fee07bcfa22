// A journal as one file: every fault in it is noticed.
#include "engine/journal/journal_file.hpp"

#include "engine/ledger/state_hash.hpp"
#include "tests/support/bug.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;

// Folds what a file holds, and counts it.
class Fold : public JournalFileVisitor {
 public:
  Ledger ledger{Books()};
  int books = 0, customer_entries = 0, identity_entries = 0;
  std::vector<std::size_t> marks;

  Status book(Instant from, Book book) override {
    ++books;
    return ledger.add_book(from, std::move(book));
  }
  void entries(std::span<const CustomerEntry> entries) override {
    Effects effects;
    for (const CustomerEntry& entry : entries) ledger.apply(entry, effects);
    customer_entries += static_cast<int>(entries.size());
  }
  void entries(std::span<const IdentityEntry> entries) override {
    for (const IdentityEntry& entry : entries) ledger.hear(entry);
    identity_entries += static_cast<int>(entries.size());
  }
  void progress(std::size_t bytes) override { marks.push_back(bytes); }
};

CustomerEntry usage_at(Instant when, std::int64_t tokens) {
  Usage usage;
  usage.tokens = tokens;
  usage.operation = "chat";
  return {when, "c", usage};
}

// Two books, a line, and `many` events of usage before and one after the second book.
std::string file_of(int many) {
  std::string out;
  JournalFileWriter writer([&out](std::string_view part) { out += part; });
  writer.add_book(kDistantPast, Book());
  const IdentityEntry line{at("2026-01-01"), CustomerLine{"c", {}, "P"}};
  writer.add(line);
  writer.add(CustomerEntry{at("2026-01-01"), "c", Notice{0, {Link{"P"}}}});
  for (int i = 0; i < many; ++i) writer.add(usage_at(at("2026-01-02") + i * kSecond, i));
  writer.add_book(at("2026-01-03"), support::book_with_gold());
  writer.add(usage_at(at("2026-01-04"), 7));
  writer.finish();
  return out;
}

// Only what `begin` does of a writer.
int books_of(const std::function<void(JournalFileWriter&)>& begin) {
  std::string out;
  JournalFileWriter writer([&out](std::string_view part) { out += part; });
  begin(writer);
  writer.finish();
  Fold fold;
  CHECK(read_journal_file(out, fold));
  if (fold.books > 0) CHECK((fold.ledger.books().at(kCalendarStart).from() == kDistantPast));
  return fold.books;
}

std::string fault_of(std::string_view file) {
  Fold fold;
  const Status read = read_journal_file(file, fold);
  if (read) return {};
  CHECK(read.error().code == "damaged_journal");
  return read.error().detail;
}

// The frames of a file, each with its kind and length before it.
std::vector<std::string> frames_of(std::string_view file) {
  std::vector<std::string> out;
  std::string_view rest = file.substr(kJournalFileMark.size());
  while (!rest.empty()) {
    Decoder in(rest);
    in.byte();
    in.text();
    out.emplace_back(rest.substr(0, rest.size() - in.rest().size()));
    rest = in.rest();
  }
  return out;
}

std::string file_from(const std::vector<std::string>& frames) {
  std::string out(kJournalFileMark);
  for (const std::string& frame : frames) out += frame;
  return out;
}

std::string frame(int kind, std::string_view bytes) {
  Encoder out;
  out.byte(static_cast<std::uint8_t>(kind));
  out.text(bytes);
  return out.take();
}

}  // namespace

TEST_CASE("journal files: the first book is there though nothing follows, and once") {
  CHECK(books_of([](JournalFileWriter& writer) { writer.begin_with(Book()); }) == 1);
  CHECK(books_of([](JournalFileWriter& writer) {
          writer.begin_with(support::book_with_gold());
          writer.begin_with(Book());
          writer.add(usage_at(at("2026-01-02"), 1));
        }) == 1);
  CHECK(books_of([](JournalFileWriter& writer) {
          writer.begin_with(Book());
          writer.add_book(at("2026-01-02"), support::book_with_gold());
        }) == 2);
  CHECK(support::reports_bug([] {
    books_of([](JournalFileWriter& writer) {
      writer.begin_with(Book());
      writer.flush();
      writer.begin_with(Book());
    });
  }));
}

TEST_CASE("journal file: what was written is read, and folds to the same state",
          "[engine][journal]") {
  const int many = GENERATE(0, 1, 62, 63, 64, 200);
  const std::string file = file_of(many);
  CHECK(is_journal_file(file));
  Fold fold;
  REQUIRE(read_journal_file(file, fold).ok());
  CHECK(fold.books == 2);
  CHECK(fold.identity_entries == 1);
  CHECK(fold.customer_entries == many + 2);
  CHECK(std::is_sorted(fold.marks.begin(), fold.marks.end()));
  CHECK(fold.marks.back() == file.size());
  Ledger ledger{Books(Book())};
  Effects effects;
  ledger.hear({at("2026-01-01"), CustomerLine{"c", {}, "P"}});
  ledger.apply(at("2026-01-01"), "c", Notice{0, {Link{"P"}}}, effects);
  for (int i = 0; i < many; ++i) ledger.apply(usage_at(at("2026-01-02") + i * kSecond, i), effects);
  REQUIRE(ledger.add_book(at("2026-01-03"), support::book_with_gold()).ok());
  ledger.apply(usage_at(at("2026-01-04"), 7), effects);
  CHECK(state_hash(ledger, at("2026-02-01")) == state_hash(fold.ledger, at("2026-02-01")));
}

TEST_CASE("journal file: one without entries, or without anything, is whole", "[engine][journal]") {
  std::string out;
  JournalFileWriter writer([&out](std::string_view part) { out += part; });
  writer.finish();
  CHECK(fault_of(out).empty());
}

TEST_CASE("journal file: flushing puts what was added into the file, and more may follow",
          "[engine][journal]") {
  std::string out;
  JournalFileWriter writer([&out](std::string_view part) { out += part; });
  writer.add_book(kDistantPast, Book());
  writer.add(usage_at(at("2026-01-02"), 1));
  const std::size_t before = out.size();
  writer.flush();
  CHECK(out.size() > before);
  writer.add(usage_at(at("2026-01-02"), 2));
  writer.finish();
  Fold fold;
  REQUIRE(read_journal_file(out, fold).ok());
  CHECK(fold.customer_entries == 2);
  CHECK(fold.marks.size() == 4);
}

TEST_CASE("journal file: every flipped bit is noticed", "[engine][journal]") {
  const std::string file = file_of(3);
  support::each_flip(file, [](const std::string& flipped, std::size_t i) {
    Fold fold;
    if (read_journal_file(flipped, fold)) FAIL("byte " << i);
  });
}

TEST_CASE("journal file: wherever it is cut off, that is noticed", "[engine][journal]") {
  const std::string file = file_of(70);
  for (std::size_t size = 0; size < file.size(); ++size) {
    Fold fold;
    if (read_journal_file(std::string_view(file).substr(0, size), fold)) FAIL(size << " bytes");
  }
  CHECK_FALSE(fault_of(file + '\0').empty());
  CHECK_FALSE(fault_of(file + file).empty());
}

TEST_CASE("journal file: a frame that is missing, doubled or moved is noticed",
          "[engine][journal]") {
  const std::vector<std::string> frames = frames_of(file_of(130));
  REQUIRE(frames.size() >= 7);
  REQUIRE(fault_of(file_from(frames)).empty());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    INFO("frame " << i);
    auto changed = frames;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(fault_of(file_from(changed)).empty());
    changed = frames;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), frames[i]);
    CHECK_FALSE(fault_of(file_from(changed)).empty());
  }
}

TEST_CASE("journal file: blocks of different shards may stand in any order", "[engine][journal]") {
  std::vector<std::string> frames = frames_of(file_of(1));
  // A book, identity's block, the customers' block, and so on.
  std::swap(frames[1], frames[2]);
  Fold fold;
  REQUIRE(read_journal_file(file_from(frames), fold).ok());
  CHECK(fold.customer_entries == 3);
}

TEST_CASE("journal file: frames of two files do not join", "[engine][journal]") {
  const std::vector<std::string> one = frames_of(file_of(130)), other = frames_of(file_of(131));
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 1; i < one.size(); ++i) {
    std::vector<std::string> joined(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(i));
    joined.insert(joined.end(), other.begin() + static_cast<std::ptrdiff_t>(i), other.end());
    const bool same = joined == one || joined == other;
    INFO("joined at frame " << i);
    CHECK(fault_of(file_from(joined)).empty() == same);
  }
}

TEST_CASE("journal file: what the faults are called", "[engine][journal]") {
  using Catch::Contains;
  const std::vector<std::string> frames = frames_of(file_of(1));
  CHECK_THAT(fault_of("RECKONER JOURNAL 2\n"), Contains("no journal"));
  CHECK_THAT(fault_of(""), Contains("no journal"));
  CHECK_THAT(fault_of(file_from({"\x07"
                                 "\x01x"})),
             Contains("at byte 19"));
  CHECK_THAT(fault_of(file_from({frame(1, "no block")})), Contains("no block of version 1"));
  CHECK_THAT(fault_of(file_from({frame(0, "x")})), Contains("book's hash"));
  CHECK_THAT(fault_of(file_from({frames[0]})), Contains("cut off"));
  CHECK_THAT(fault_of(file_from({frames[0], frames[2]})), Contains("cut off"));
  CHECK_THAT(fault_of(file_from({frames[0], frames.back()})), Contains("last frame"));
  // Rightly hashed, but wrong in itself.
  const auto after_book = [&](BlockWriter writer, const CustomerEntry& entry, std::uint32_t book) {
    writer.add(entry, book);
    return fault_of(file_from({frames[0], frame(1, writer.take())}));
  };
  CHECK_THAT(after_book(BlockWriter(0), usage_at(at("2026-01-01"), 1), 1),
             Contains("book has not come"));
  CHECK_THAT(after_book(BlockWriter(0), usage_at(at("2026-01-01"), 1), 0xFFFF'FFFF),
             Contains("book has not come"));
  CHECK_THAT(after_book(BlockWriter(kIdentityShard), usage_at(at("2026-01-01"), 1), 0),
             Contains("entry of the block"));
}

TEST_CASE(
    "journal file: time that goes back, or entries that are missing, within a shard are "
    "noticed",
    "[engine][journal]") {
  const std::vector<std::string> frames = frames_of(file_of(1));
  // Blocks that are chained rightly, each made by hand.
  const auto block = [](Digest before, std::uint64_t sequence, Instant base) {
    Encoder out;
    out.byte(kBlockVersion);
    out.count(0);
    out.count(sequence);
    out.count(0);
    out.instant(base);
    out.count(1);
    encode(out, CustomerEntry{base, "c", Clock{}}, base);
    return end_block(out.take(), before);
  };
  const std::string first = block(Digest{}, 1, at("2026-01-02"));
  const Digest hash = BlockReader(first).hash();
  const auto then = [&](std::uint64_t sequence, Instant base) {
    return fault_of(file_from({frames[0], frame(1, first), frame(1, block(hash, sequence, base))}));
  };
  CHECK_THAT(then(2, at("2026-01-02")), Catch::Contains("cut off"));  // good as far as it goes
  CHECK_THAT(then(2, at("2026-01-02") - 1), Catch::Contains("time goes back"));
  CHECK_THAT(then(3, at("2026-01-02")), Catch::Contains("entries are missing"));
}

TEST_CASE("journal file: a book that is none, or is refused, stops it", "[engine][journal]") {
  const auto chained = [](std::string bytes) {
    bytes += as_bytes(sha256(std::string(sizeof(Digest), '\0') + bytes));
    return fault_of(file_from({frame(0, bytes)}));
  };
  Encoder from;
  from.instant(at("2026-01-01"));
  const std::string good = encode_book(Book());
  CHECK_THAT(chained(from.bytes() + good), Catch::Contains("cut off: its last frame"));
  CHECK_THAT(chained(from.bytes() + good + '\0'), Catch::Contains("no book"));
  CHECK_THAT(chained(""), Catch::Contains("book is cut off"));
  // The series of books takes no book that comes no later than the one before.
  std::string out;
  JournalFileWriter writer([&out](std::string_view part) { out += part; });
  writer.add_book(at("2026-01-02"), Book());
  writer.add_book(at("2026-01-02"), Book());
  writer.finish();
  CHECK_THAT(fault_of(out), Catch::Contains("no later"));
}

TEST_CASE("journal file: an entry before the first book stops the program", "[engine][journal]") {
  JournalFileWriter writer([](std::string_view) {});
  CHECK(support::reports_bug([&] { writer.add(usage_at(at("2026-01-01"), 1)); }));
  CHECK(support::reports_bug([&] { writer.add(IdentityEntry{at("2026-01-01"), CustomerLine{}}); }));
}

}  // namespace reckoner
