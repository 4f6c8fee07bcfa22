#include "engine/journal/journal_file.hpp"

#include <algorithm>
#include <vector>

namespace reckoner {
namespace {

enum class Frame : std::uint8_t { book, block };
constexpr int kFrames = 2;
constexpr std::uint32_t kEntriesInBlock = 64;  // the fastest to write and read back, as measured

// Where a shard has come to.
struct Position {
  Digest hash{};
  std::uint64_t next_sequence = 1;
  Instant last = kCalendarStart;
};

class JournalFileReader {
 public:
  JournalFileReader(std::string_view file, JournalFileVisitor& visitor)
      : file_(file), visitor_(visitor) {}

  Status read() {
    if (!is_journal_file(file_)) return Error{"damaged_journal", "the file is no journal"};
    Decoder in(file_.substr(kJournalFileMark.size()));
    while (!in.rest().empty()) {
      frame_start_ = file_.size() - in.rest().size();
      const auto kind = static_cast<Frame>(in.choice(kFrames));
      const std::string_view bytes = in.text();
      if (!in.good()) return damaged("the frame is cut off, or of no known kind");
      Status done = kind == Frame::book ? read_book(bytes) : read_block(bytes);
      if (!done) return done;
      visitor_.progress(file_.size() - in.rest().size());
    }
    return Done{};
  }

 private:
  Error damaged(std::string_view what) const {
    return {"damaged_journal",
            "at byte " + std::to_string(frame_start_) + ": " + std::string(what)};
  }

  Status read_book(std::string_view bytes) {
    Decoder in(bytes);
    const Instant from = in.instant();
    if (!in.good()) return damaged("the book is cut off");
    Result<Book> book = decode_book(in.rest());
    if (!book) return damaged(book.error().detail);
    Status added = visitor_.book(from, std::move(book).value());
    if (!added) return damaged(added.error().detail);
    ++books_;
    return Done{};
  }

  Status read_block(std::string_view bytes) {
    BlockReader block(bytes);
    if (!block.good()) return damaged("no block of version 1");
    Position& position = positions_[block.header().shard];
    if (!block.follows(position.hash))
      return damaged("the block's hash is not that of its bytes and of the block before it");
    if (block.header().first_sequence != position.next_sequence)
      return damaged("entries are missing before the block");
    if (block.header().book >= books_) return damaged("the block's book has not come before it");
    if (block.header().base < position.last) return damaged("time goes back");
    position.hash = block.hash();
    position.next_sequence += block.header().entries;
    if (block.header().shard == kIdentityShard) return read_entries(block, identity_, position);
    return read_entries(block, customers_, position);
  }

  // Into `held`, whose items are used again for every block.
  template <class Entry>
  Status read_entries(BlockReader& block, std::vector<Entry>& held, Position& position) {
    if (held.size() < block.header().entries)
      held.resize(std::min<std::size_t>(block.header().entries, block.size()));
    std::size_t count = 0;
    while (count < held.size() && block.next(held[count])) ++count;
    if (!block.ended()) return damaged("an entry of the block cannot be read");
    position.last = held[count - 1].at;
    visitor_.entries(std::span<const Entry>(held.data(), count));
    return Done{};
  }

  std::vector<IdentityEntry> identity_;
  std::vector<CustomerEntry> customers_;
  std::string_view file_;
  JournalFileVisitor& visitor_;
  std::size_t frame_start_ = 0;
  std::uint32_t books_ = 0;
  std::map<ShardNumber, Position> positions_;
};

}  // namespace

JournalFileWriter::JournalFileWriter(Sink sink) : sink_(std::move(sink)) {
  sink_(kJournalFileMark);
}

void JournalFileWriter::add_book(Instant from, const Book& book) {
  finish();
  Encoder out;
  out.instant(from);
  out.raw(encode_book(book));
  write_frame(static_cast<std::uint8_t>(Frame::book), out.bytes());
  ++books_;
}

void JournalFileWriter::finish() {
  write_block(identity_);
  write_block(customers_);
}

template <class Entry>
void JournalFileWriter::add_to(BlockWriter& writer, const Entry& entry) {
  RECKONER_CHECK(books_ > 0, "an entry before the first book");
  writer.add(entry, books_ - 1);
  if (writer.entries() == kEntriesInBlock) write_block(writer);
}

template void JournalFileWriter::add_to(BlockWriter&, const CustomerEntry&);
template void JournalFileWriter::add_to(BlockWriter&, const IdentityEntry&);

void JournalFileWriter::write_block(BlockWriter& writer) {
  if (!writer.empty()) write_frame(static_cast<std::uint8_t>(Frame::block), writer.take());
}

void JournalFileWriter::write_frame(std::uint8_t kind, std::string_view bytes) {
  Encoder out;
  out.byte(kind);
  out.text(bytes);
  sink_(out.bytes());
}

Status read_journal_file(std::string_view file, JournalFileVisitor& visitor) {
  return JournalFileReader(file, visitor).read();
}

}  // namespace reckoner
