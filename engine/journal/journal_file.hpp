// A journal as one file (docs/formats.md, Journal file): a mark, then frames, each a book or a
// block, and a last one that says where every chain of hashes has come to, so that a file that was
// cut off is noticed. What a journal holds has been judged: no duplicate, nothing rejected. The
// order among shards does not matter to a fold, because what identity found is recorded in the
// customers' shards as notices.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/basics/result.hpp"
#include "engine/books/book_encoding.hpp"
#include "engine/journal/block.hpp"

namespace reckoner {

inline constexpr std::string_view kJournalFileMark = "RECKONER JOURNAL 1\n";

// Whether bytes begin as a journal file does.
inline bool is_journal_file(std::string_view beginning) {
  return beginning.substr(0, kJournalFileMark.size()) == kJournalFileMark;
}

// Where a chain of hashes has come to: a shard's, or that of the books.
struct ChainHead {
  Digest hash{};
  std::uint64_t next_sequence = 1;
};

// Writes through a sink, which takes the bytes in order. Call finish once, at the end.
class JournalFileWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit JournalFileWriter(Sink sink);

  // The book in force from the beginning of time. Another may take its place until something else
  // is added.
  void begin_with(const Book& book);
  void add_book(Instant from, const Book& book);
  void add(const CustomerEntry& entry) { add_to(customers_, entry); }
  void add(const IdentityEntry& entry) { add_to(identity_, entry); }
  // Ends the blocks begun, so that what was added so far is in the file.
  void flush();
  void finish();

 private:
  template <class Entry>
  void add_to(BlockWriter& writer, const Entry& entry);
  void write_block(BlockWriter& writer);
  void write_book(Instant from, const Book& book);
  void write_first_book();
  void write_frame(std::uint8_t kind, std::string_view bytes);

  Sink sink_;
  BlockWriter customers_{0};
  BlockWriter identity_{kIdentityShard};
  std::optional<Book> first_book_;  // not written yet
  ChainHead books_;
};

// Takes in what a journal file holds. Entries are views into the file's bytes.
class JournalFileVisitor {
 public:
  virtual ~JournalFileVisitor() = default;
  virtual Status book(Instant from, Book book) = 0;
  // The entries of a block, in order.
  virtual void entries(std::span<const CustomerEntry> entries) = 0;
  virtual void entries(std::span<const IdentityEntry> entries) = 0;
  // After each frame: how many bytes of the file have been read.
  virtual void progress(std::size_t bytes) = 0;
};

// Reads all frames, checking hashes, sequences and times. The first fault stops it, and the error
// (code `damaged_journal`) names the byte where the frame begins. Frames before it have been handed
// out.
Status read_journal_file(std::string_view file, JournalFileVisitor& visitor);

}  // namespace reckoner
