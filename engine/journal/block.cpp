#include "engine/journal/block.hpp"

#include <algorithm>

namespace reckoner {
namespace {

constexpr std::size_t kCheckBytes = 8;  // of a block's own hash

Digest chained_hash(const Digest& before, const Digest& own) {
  Sha256 hash;
  hash.add(as_bytes(before));
  hash.add(as_bytes(own));
  return hash.finish();
}

std::string_view check_of(const Digest& own) {
  return as_bytes(own).substr(0, kCheckBytes);
}

// What the block's own hash is over: all but the two hashes at its end.
std::string_view content_of(std::string_view block) {
  constexpr std::size_t kHashes = kCheckBytes + sizeof(Digest);
  return block.substr(0, block.size() - std::min(block.size(), kHashes));
}

}  // namespace

std::string end_block(std::string content, Digest& before) {
  const Digest own = sha256(content);
  before = chained_hash(before, own);
  content.append(check_of(own));
  content.append(as_bytes(before));
  return content;
}

template <class Entry>
void BlockWriter::add_entry(const Entry& entry, std::uint32_t book) {
  if (empty()) {
    header_.book = book;
    header_.base = last_ = entry.at;
  }
  RECKONER_CHECK(header_.book == book, "a block's entries are under one book");
  RECKONER_CHECK(entry.at >= last_, "time goes back within a shard");
  encode(body_, entry, last_);
  last_ = entry.at;
  ++header_.entries;
}

template void BlockWriter::add_entry(const CustomerEntry&, std::uint32_t);
template void BlockWriter::add_entry(const IdentityEntry&, std::uint32_t);

std::string BlockWriter::take() {
  RECKONER_CHECK(!empty(), "an empty block");
  Encoder out;
  out.byte(kBlockVersion);
  out.count(header_.shard);
  out.count(header_.first_sequence);
  out.count(header_.book);
  out.instant(header_.base);
  out.count(header_.entries);
  out.raw(body_.bytes());
  header_.first_sequence += header_.entries;
  header_.entries = 0;
  body_.clear();
  return end_block(out.take(), before_);
}

BlockReader::BlockReader(std::string_view bytes) : bytes_(bytes), in_(content_of(bytes)) {
  in_.require(in_.byte() == kBlockVersion);
  header_.shard = in_.small<std::uint32_t>();
  header_.first_sequence = in_.count();
  header_.book = in_.small<std::uint32_t>();
  header_.base = in_.date_instant();
  header_.entries = in_.small<std::uint32_t>();
  in_.require(header_.entries > 0);
  left_ = header_.entries;
  last_ = header_.base;
}

std::string_view BlockReader::content() const {
  return content_of(bytes_);
}

bool BlockReader::whole() const {
  return bytes_.substr(content().size(), kCheckBytes) == check_of(sha256(content()));
}

bool BlockReader::follows(const Digest& before) const {
  Digest chain = before;
  return end_block(std::string(content()), chain) == bytes_;
}

Digest BlockReader::hash() const {
  Digest digest{};
  const std::string_view last =
      bytes_.substr(bytes_.size() - std::min(bytes_.size(), digest.size()));
  std::copy(last.begin(), last.end(), digest.begin());
  return digest;
}

}  // namespace reckoner
