// Bytes that stand in a store or a file. The first tells what the others are: 's' a snapshot, 'b' a
// book, 'c' a block of customers' entries, 'i' one of identity's, 't' identity's tables, 'j' a
// journal file. Whatever decodes encodes to the same bytes again; a journal folds without a crash.
#include <algorithm>
#include <map>

#include "sim/replay/replayer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace reckoner {
namespace {

void check_snapshot(std::string_view bytes) {
  const Books books{Book()};
  CustomerState state;
  if (!decode_snapshot(bytes, books, state)) return;
  RECKONER_CHECK(encode_snapshot(state) == bytes, "a snapshot has another encoding");
  // Life goes on from there, whatever the snapshot says.
  Effects effects;
  const Instant later = std::min(state.brought_to + 100 * kDay, kCalendarEnd);
  apply(state, later, Usage{1'000, "op", {}, std::nullopt, {}}, books, effects);
  RECKONER_CHECK(decode_snapshot(encode_snapshot(state), books, state),
                 "a snapshot that went on does not decode");
}

void check_book(std::string_view bytes) {
  const auto book = decode_book(bytes);
  if (!book.ok()) {
    RECKONER_CHECK(!book.error().detail.empty(), "an error that says nothing");
    return;
  }
  RECKONER_CHECK(encode_book(*book) == bytes, "a book has another encoding");
}

template <class Entry>
void check_block(std::string_view bytes) {
  BlockReader block(bytes);
  if (!block.good()) return;
  const BlockHeader& header = block.header();
  Encoder out;
  out.byte(kBlockVersion);
  out.count(header.shard);
  out.count(header.first_sequence);
  out.count(header.book);
  out.instant(header.base);
  out.count(header.entries);
  Instant before = header.base;
  Entry entry;
  while (block.next(entry)) {
    encode(out, entry, before);
    before = entry.at;
  }
  if (!block.ended()) return;
  RECKONER_CHECK(out.bytes() == block.content(), "a block has another encoding");
}

void check_tables(std::string_view bytes) {
  Decoder in(bytes);
  MemoryIdentityTables tables;
  if (!decode(in, tables) || !in.finished()) return;
  Encoder out;
  encode(out, tables);
  RECKONER_CHECK(out.bytes() == bytes, "identity's tables have another encoding");
}

// No mutation gets hashes and sequences right. Goes through a journal file's frames and puts the
// right ones in, and the right last frame behind them. What has no frames stays as it is.
class Sealer {
 public:
  std::string seal(std::string_view file) {
    if (!is_journal_file(file)) return std::string(file);
    Decoder in(file.substr(kJournalFileMark.size()));
    out_.raw(kJournalFileMark);
    while (!in.rest().empty()) {
      const std::uint8_t kind = in.byte();
      const std::string_view bytes = in.text();
      if (!in.good()) return std::string(file);
      if (kind == kBook) frame(kBook, chained(books_, bytes, 1));
      if (kind == kBlock) block(bytes);
    }
    Encoder end;
    head(end, books_);
    end.count(shards_.size());
    for (const auto& [shard, position] : shards_) {
      end.count(shard);
      head(end, position);
    }
    frame(kEnd, end.bytes());
    return out_.take();
  }

 private:
  static constexpr std::uint8_t kBook = 0, kBlock = 1, kEnd = 2;

  void block(std::string_view bytes) {
    const BlockReader reader(bytes);
    if (!reader.good()) return frame(kBlock, bytes);
    const BlockHeader& header = reader.header();
    ChainHead& position = shards_[header.shard];
    position.next_sequence += header.entries;
    frame(kBlock, end_block(std::string(reader.content()), position.hash));
  }
  // The bytes with the hash at their end that follows `position`, which moves on.
  static std::string chained(ChainHead& position, std::string_view bytes, std::uint64_t items) {
    std::string out(bytes.substr(0, bytes.size() - std::min(bytes.size(), sizeof(Digest))));
    position.hash = sha256(std::string(as_bytes(position.hash)) + out);
    position.next_sequence += items;
    return out += as_bytes(position.hash);
  }
  static void head(Encoder& out, const ChainHead& position) {
    out.count(position.next_sequence);
    out.raw(as_bytes(position.hash));
  }
  void frame(std::uint8_t kind, std::string_view bytes) {
    out_.byte(kind);
    out_.text(bytes);
  }

  Encoder out_;
  ChainHead books_;
  std::map<ShardNumber, ChainHead> shards_;
};

void check_journal(std::string_view bytes) {
  sim::ReplayOptions options;
  options.until = Instant{1'798'761'600 * kSecond};  // bounds how far entries bring forward
  sim::Replayer replayer(options);
  const std::string file = Sealer().seal(bytes);
  const Status read = replayer.journal(file, [](std::size_t) {});
  if (!read.ok()) {
    RECKONER_CHECK(read.error().code == "damaged_journal", "an error that is not about damage");
    return;
  }
  if (replayer.ledger().books().empty()) return;
  const Report report = replayer.report();
  RECKONER_CHECK(report.conservation_gap == Money{}, "a journal does not conserve money");
  fuzz::check_ledger(replayer.ledger());
}

}  // namespace
}  // namespace reckoner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reckoner;
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::as_text(data + 1, size - 1);
  switch (static_cast<char>(data[0])) {
    case 's':
      check_snapshot(bytes);
      break;
    case 'b':
      check_book(bytes);
      break;
    case 'c':
      check_block<CustomerEntry>(bytes);
      break;
    case 'i':
      check_block<IdentityEntry>(bytes);
      break;
    case 't':
      check_tables(bytes);
      break;
    case 'j':
      check_journal(bytes);
      break;
    default:
      break;
  }
  return 0;
}
