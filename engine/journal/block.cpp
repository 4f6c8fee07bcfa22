#include "engine/journal/block.hpp"

#include <algorithm>

namespace reckoner {
namespace {

Digest chained_hash(const Digest& before, std::string_view bytes) {
  Sha256 hash;
  hash.add(as_bytes(before));
  hash.add(bytes);
  return hash.finish();
}

std::string_view without_hash(std::string_view block) {
  return block.substr(0, block.size() - std::min(block.size(), sizeof(Digest)));
}

}  // namespace

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
  before_ = chained_hash(before_, out.bytes());
  out.raw(as_bytes(before_));
  header_.first_sequence += header_.entries;
  header_.entries = 0;
  body_.clear();
  return out.take();
}

BlockReader::BlockReader(std::string_view bytes) : bytes_(bytes), in_(without_hash(bytes)) {
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

bool BlockReader::follows(const Digest& before) const {
  return chained_hash(before, without_hash(bytes_)) == hash();
}

Digest BlockReader::hash() const {
  Digest digest{};
  const std::string_view last = bytes_.substr(without_hash(bytes_).size());
  std::copy(last.begin(), last.end(), digest.begin());
  return digest;
}

}  // namespace reckoner
