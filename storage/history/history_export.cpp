#include "storage/history/history_export.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/identity/memory_tables.hpp"
#include "engine/json/history_writer.hpp"
#include "storage/driver/opening.hpp"
#include "storage/format/keys.hpp"
#include "storage/shards/journal_cursor.hpp"
#include "storage/shards/shard_of.hpp"

namespace reckoner::storage {
namespace {

constexpr std::size_t kLinesAtOnce = 256 * 1024;  // bytes

// Every shard's entries, brought into one order in which a replay gives each customer its entries
// in the order of its journal. By time; and an identity entry stands where its notice stands.
class Exporter {
 public:
  Exporter(Reader& reader, std::uint32_t shards, Books books, const LineSink& sink,
           const OnProgress& on_progress)
      : shards_(shards),
        books_(std::move(books)),
        identity_(reader, shards, books_),
        sink_(sink),
        on_progress_(on_progress) {
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      customers_.emplace_back(reader, shard, books_);
  }

  Result<ExportCounts> run(std::uint64_t total) {
    total_ = total;
    open_with_first_book();
    while (const IdentityEntry* entry = identity_.peek()) {
      const Instant at = entry->at;
      write_customers_before(at);
      write_identity(*entry);
      identity_.next();
      if (Status done = flush_if_full(); !done) return done.error();
    }
    write_customers_before(kDistantFuture);
    write_books_until(kDistantFuture);
    if (identity_.failed()) return identity_.failed()->as_error();
    for (const auto& cursor : customers_)
      if (cursor.failed()) return cursor.failed()->as_error();
    if (Status done = flush(); !done) return done.error();
    return counts_;
  }

 private:
  using Cursor = JournalCursor<CustomerEntry>;

  // The shard whose next entry was accepted first; null: none was before `limit`.
  Cursor* earliest(Instant limit) {
    Cursor* first = nullptr;
    for (Cursor& cursor : customers_) {
      const CustomerEntry* entry = cursor.peek();
      if (entry == nullptr || entry->at >= limit) continue;
      limit = entry->at;
      first = &cursor;
    }
    return first;
  }

  // The first line, also where there is no entry: with the time of the one that follows.
  void open_with_first_book() {
    Instant first = books_.all().size() > 1 ? books_.all()[1]->from() : kCalendarEnd;
    if (const IdentityEntry* entry = identity_.peek()) first = std::min(first, entry->at);
    if (Cursor* cursor = earliest(first)) first = cursor->peek()->at;
    if (first == kCalendarEnd) first = Instant{};
    writer_.opening_line(lines_, first, books_.all().front()->book());
    ++counts_.lines;
  }

  void write_books_until(Instant at) {
    for (; next_book_ < books_.all().size() && books_.all()[next_book_]->from() <= at;
         ++next_book_) {
      writer_.line(lines_, books_.all()[next_book_]->from(), books_.all()[next_book_]->book());
      ++counts_.lines;
    }
  }

  void write(Cursor& cursor) {
    const CustomerEntry& entry = *cursor.peek();
    write_books_until(entry.at);
    const std::size_t before = lines_.size();
    writer_.line(lines_, entry);
    if (lines_.size() > before) ++counts_.lines;
    count_entry();
    cursor.next();
  }

  void write_customers_before(Instant limit) {
    while (Cursor* cursor = earliest(limit)) {
      write(*cursor);
      if (!flush_if_full().ok()) return;
    }
  }

  // Its notice has the same time and lies in the shard of whom it is for, maybe behind other
  // entries of that time: these come first.
  void write_identity(const IdentityEntry& entry) {
    const IdentityEffects found = apply(tables_, entry, books_.at(entry.at).settings());
    if (!found.customer_id.empty()) {
      Cursor& cursor = customers_[shard_of_customer(found.customer_id, shards_)];
      while (const CustomerEntry* next = cursor.peek()) {
        const Notice* notice = std::get_if<Notice>(&next->body);
        if (notice != nullptr && notice->identity_sequence == identity_.sequence()) break;
        if (next->at > entry.at) break;  // the notice is missing: `verify` says so
        write(cursor);
      }
    }
    write_books_until(entry.at);
    writer_.line(lines_, entry);
    ++counts_.lines;
    count_entry();
  }

  void count_entry() {
    ++counts_.entries;
    if (on_progress_ && counts_.entries % 4096 == 0)
      on_progress_(counts_.entries, total_, "exporting");
  }

  Status flush_if_full() {
    if (!failed_.ok()) return failed_;
    return lines_.size() < kLinesAtOnce ? Status(Done{}) : flush();
  }
  Status flush() {
    if (failed_.ok()) failed_ = sink_(lines_);
    lines_.clear();
    return failed_;
  }

  std::uint32_t shards_;
  Books books_;
  JournalCursor<IdentityEntry> identity_;
  std::vector<Cursor> customers_;
  MemoryIdentityTables tables_;
  json::HistoryWriter writer_;
  const LineSink& sink_;
  const OnProgress& on_progress_;
  std::string lines_;
  std::size_t next_book_ = 1;
  std::uint64_t total_ = 0;
  ExportCounts counts_;
  Status failed_ = Done{};
};

}  // namespace

Result<ExportCounts> export_history(Store& store, const LineSink& sink,
                                    const OnProgress& on_progress) {
  StoreInfo info;
  if (StoreStatus failed = store.info(info)) return failed->as_error();
  std::unique_ptr<Reader> reader;
  if (StoreStatus failed = store.open_reader(reader)) return failed->as_error();
  std::uint64_t total = 0;
  for (std::uint32_t shard = 0; shard < info.shards; ++shard) {
    ShardState state;
    if (StoreStatus failed = store.shard_state(shard, state)) return failed->as_error();
    total += state.last_sequence;
  }
  std::optional<std::string> unfinished;
  if (StoreStatus failed = reader->get(Table::meta, kUnfinishedKey, unfinished))
    return failed->as_error();
  if (unfinished)
    return Error{"unfinished_import", "an import into this store did not come to its end"};
  Books books;
  Digest last_hash;
  if (StoreStatus failed = read_books(*reader, books, last_hash)) return failed->as_error();
  return Exporter(*reader, info.shards - 1, std::move(books), sink, on_progress).run(total);
}

}  // namespace reckoner::storage
