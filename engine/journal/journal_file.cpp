#include "engine/journal/journal_file.hpp"

#include <algorithm>
#include <vector>

namespace reckoner {
namespace {

enum class Frame : std::uint8_t { book, block, end };
constexpr int kFrames = 3;
constexpr std::size_t kHash = sizeof(Digest);
constexpr std::uint32_t kEntriesInBlock = 64;  // the fastest to write and read back, as measured

struct Position {
  ChainHead head;
  Instant last = kCalendarStart;
};

Digest book_chain(const Digest& before, std::string_view frame) {
  Sha256 hash;
  hash.add(as_bytes(before));
  hash.add(frame);
  return hash.finish();
}

void encode(Encoder& out, const ChainHead& head) {
  out.count(head.next_sequence);
  out.raw(as_bytes(head.hash));
}

// What the last frame holds: the books' chain, then each shard's that has blocks, by number.
std::string encode_end(const ChainHead& books, const std::map<ShardNumber, ChainHead>& shards) {
  Encoder out;
  encode(out, books);
  out.count(shards.size());
  for (const auto& [shard, head] : shards) {
    out.count(shard);
    encode(out, head);
  }
  return out.take();
}

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
      if (kind == Frame::end) return read_end(bytes, in.rest());
      Status done = kind == Frame::book ? read_book(bytes) : read_block(bytes);
      if (!done) return done;
      visitor_.progress(file_.size() - in.rest().size());
    }
    return damaged("the file is cut off: its last frame is missing");
  }

 private:
  Error damaged(std::string_view what) const {
    return {"damaged_journal",
            "at byte " + std::to_string(frame_start_) + ": " + std::string(what)};
  }

  Status read_book(std::string_view frame) {
    const std::string_view bytes = frame.substr(0, frame.size() - std::min(frame.size(), kHash));
    const Digest hash = book_chain(books_.hash, bytes);
    if (frame.substr(bytes.size()) != as_bytes(hash))
      return damaged("the book's hash is not that of its bytes and of the book before it");
    Decoder in(bytes);
    const Instant from = in.instant();
    if (!in.good()) return damaged("the book is cut off");
    Result<Book> book = decode_book(in.rest());
    if (!book) return damaged(book.error().detail);
    Status added = visitor_.book(from, std::move(book).value());
    if (!added) return damaged(added.error().detail);
    books_ = {hash, books_.next_sequence + 1};
    return Done{};
  }

  Status read_end(std::string_view bytes, std::string_view behind) {
    std::map<ShardNumber, ChainHead> heads;
    for (const auto& [shard, position] : positions_) heads[shard] = position.head;
    if (bytes != encode_end(books_, heads))
      return damaged("the last frame names other books and blocks than came before it");
    if (!behind.empty()) return damaged("something follows the last frame");
    visitor_.progress(file_.size());
    return Done{};
  }

  Status read_block(std::string_view bytes) {
    BlockReader block(bytes);
    if (!block.good()) return damaged("no block of version 1");
    Position& position = positions_[block.header().shard];
    if (!block.follows(position.head.hash))
      return damaged("the block's hash is not that of its bytes and of the block before it");
    if (block.header().first_sequence != position.head.next_sequence)
      return damaged("entries are missing before the block");
    if (block.header().book >= books_.next_sequence - 1)
      return damaged("the block's book has not come before it");
    if (block.header().base < position.last) return damaged("time goes back");
    position.head = {block.hash(), position.head.next_sequence + block.header().entries};
    if (block.header().shard == kIdentityShard) return read_entries(block, identity_, position);
    return read_entries(block, customers_, position);
  }

  // Into `held`, whose items are used again for every block.
  template <class Entry>
  Status read_entries(BlockReader& block, std::vector<Entry>& held, Position& position) {
    if (held.size() < block.header().entries)
      held.resize(std::min<std::size_t>(block.header().entries, block.size() / 4));
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
  ChainHead books_;
  std::map<ShardNumber, Position> positions_;
};

}  // namespace

JournalFileWriter::JournalFileWriter(Sink sink) : sink_(std::move(sink)) {
  sink_(kJournalFileMark);
}

void JournalFileWriter::begin_with(const Book& book) {
  RECKONER_CHECK(books_.next_sequence == 1, "a first book after another one");
  first_book_ = book;
}

void JournalFileWriter::write_first_book() {
  if (!first_book_) return;
  write_book(kDistantPast, *first_book_);
  first_book_.reset();
}

void JournalFileWriter::add_book(Instant from, const Book& book) {
  flush();
  write_book(from, book);
}

void JournalFileWriter::write_book(Instant from, const Book& book) {
  Encoder out;
  out.instant(from);
  out.raw(encode_book(book));
  books_ = {book_chain(books_.hash, out.bytes()), books_.next_sequence + 1};
  out.raw(as_bytes(books_.hash));
  write_frame(static_cast<std::uint8_t>(Frame::book), out.bytes());
}

void JournalFileWriter::flush() {
  write_first_book();
  write_block(identity_);
  write_block(customers_);
}

void JournalFileWriter::finish() {
  flush();
  std::map<ShardNumber, ChainHead> heads;
  for (const BlockWriter* writer : {&customers_, &identity_})
    if (writer->next_sequence() > 1)
      heads[writer->shard()] = {writer->last_hash(), writer->next_sequence()};
  write_frame(static_cast<std::uint8_t>(Frame::end), encode_end(books_, heads));
}

template <class Entry>
void JournalFileWriter::add_to(BlockWriter& writer, const Entry& entry) {
  if (books_.next_sequence == 1) [[unlikely]]
    write_first_book();
  RECKONER_CHECK(books_.next_sequence > 1, "an entry before the first book");
  writer.add(entry, static_cast<std::uint32_t>(books_.next_sequence - 2));
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
