#include "storage/dedupe/key_chunk.hpp"

#include <bit>
#include <cstring>

#include "engine/basics/check.hpp"
#include "storage/dedupe/key_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint32_t kVersion = 1;

struct Header {
  std::uint32_t version;
  std::uint32_t shard;
  std::uint64_t first_sequence;
  std::uint32_t count;
  std::uint32_t zero;
};
static_assert(sizeof(Header) == 24);

using Checksum = XXH128_canonical_t;

Checksum checksum_of(std::string_view bytes, std::uint64_t seed) {
  Checksum out;
  XXH128_canonicalFromHash(&out, XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
  return out;
}

template <class Number>
void append_big_endian(std::string& out, Number number) {
  for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

std::string chunk_key(std::uint32_t shard, std::uint64_t first_sequence) {
  std::string key;
  append_big_endian(key, shard);
  append_big_endian(key, first_sequence);
  return key;
}

std::optional<std::uint32_t> shard_of_chunk(std::string_view key) {
  std::uint32_t shard = 0;
  if (key.size() < sizeof shard) return std::nullopt;
  for (std::size_t i = 0; i < sizeof shard; ++i)
    shard = shard << 8 | static_cast<unsigned char>(key[i]);
  return shard;
}

ChunkFormat::ChunkFormat(const KeySecret& secret) : seed_(KeyHasher(secret).of_bytes("chunk")) {}

std::string ChunkFormat::encode(const KeyRun& run) const {
  RECKONER_CHECK(!run.hashes.empty(), "an empty chunk of keys");
  const Header header{kVersion, run.shard, run.first_sequence,
                      static_cast<std::uint32_t>(run.hashes.size()), 0};
  const std::size_t hashes = run.hashes.size() * sizeof(std::uint64_t);
  std::string out;
  out.reserve(sizeof header + hashes + sizeof(Checksum));
  out.append(reinterpret_cast<const char*>(&header), sizeof header);
  out.append(reinterpret_cast<const char*>(run.hashes.data()), hashes);
  const Checksum checksum = checksum_of(out, seed_);
  out.append(reinterpret_cast<const char*>(checksum.digest), sizeof checksum.digest);
  return out;
}

bool ChunkFormat::decode(std::string_view key, std::string_view value, KeyRun& run) const {
  Header header;
  if (value.size() < sizeof header + sizeof(Checksum)) return false;
  std::memcpy(&header, value.data(), sizeof header);
  const std::size_t hashes = value.size() - sizeof header - sizeof(Checksum);
  if (header.version != kVersion || header.zero != 0 || header.count == 0 ||
      hashes != header.count * sizeof(std::uint64_t) ||
      key != chunk_key(header.shard, header.first_sequence) || header.first_sequence == 0 ||
      header.first_sequence > kMostSequence ||
      header.count - 1 > kMostSequence - header.first_sequence)
    return false;
  const Checksum checksum = checksum_of(value.substr(0, sizeof header + hashes), seed_);
  if (std::memcmp(checksum.digest, value.data() + sizeof header + hashes, sizeof checksum.digest) !=
      0)
    return false;
  run.shard = header.shard;
  run.first_sequence = header.first_sequence;
  run.hashes.resize(header.count);
  std::memcpy(run.hashes.data(), value.data() + sizeof header, hashes);
  return true;
}

}  // namespace reckoner::storage
