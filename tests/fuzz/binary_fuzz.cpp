// Bytes that stand in a store or a file. The first tells what the others are: 's' a snapshot, 'b' a
// book, 'c' a block of customers' entries, 'i' one of identity's, 't' identity's tables, 'j' a
// journal file. Whatever decodes encodes to the same bytes again; a journal folds without a crash.
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
  out.raw(as_bytes(block.hash()));
  RECKONER_CHECK(out.bytes() == bytes, "a block has another encoding");
}

void check_tables(std::string_view bytes) {
  Decoder in(bytes);
  MemoryIdentityTables tables;
  if (!decode(in, tables) || !in.finished()) return;
  Encoder out;
  encode(out, tables);
  RECKONER_CHECK(out.bytes() == bytes, "identity's tables have another encoding");
}

// No mutation gets a block's hash right: this puts the right one in. What has no frames stays.
std::string sealed(std::string_view file) {
  if (!is_journal_file(file)) return std::string(file);
  constexpr std::uint8_t kBlockFrame = 1;
  Decoder in(file.substr(kJournalFileMark.size()));
  Encoder out;
  out.raw(kJournalFileMark);
  std::map<ShardNumber, Digest> before;
  while (!in.rest().empty()) {
    const std::uint8_t kind = in.byte();
    std::string bytes(in.text());
    if (!in.good()) return std::string(file);
    const BlockReader block(bytes);
    if (kind == kBlockFrame && block.good()) {
      bytes.resize(bytes.size() - sizeof(Digest));
      Digest& chain = before[block.header().shard];
      chain = sha256(std::string(as_bytes(chain)) + bytes);
      bytes += as_bytes(chain);
    }
    out.byte(kind);
    out.text(bytes);
  }
  return out.take();
}

void check_journal(std::string_view bytes) {
  sim::ReplayOptions options;
  options.until = Instant{1'798'761'600 * kSecond};  // bounds how far entries bring forward
  sim::Replayer replayer(options);
  const std::string file = sealed(bytes);
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
