#include "storage/format/sealed.hpp"

#include <cstring>

#include "engine/basics/ids.hpp"
#include "engine/basics/sha256.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace reckoner::storage {
namespace {

constexpr std::size_t kSealBytes = 8;

std::uint64_t seal_of(Table table, std::string_view key, std::string_view value) {
  const std::uint64_t of_key =
      XXH3_64bits_withSeed(key.data(), key.size(), static_cast<std::uint64_t>(table));
  return XXH3_64bits_withSeed(value.data(), value.size(), of_key);
}

}  // namespace

std::string seal(Table table, std::string_view key, std::string value) {
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(&bytes, seal_of(table, key, value));
  value.append(reinterpret_cast<const char*>(bytes.digest), kSealBytes);
  return value;
}

std::optional<std::string_view> unseal(Table table, std::string_view key, std::string_view sealed) {
  if (sealed.size() < kSealBytes) return std::nullopt;
  const std::string_view value = sealed.substr(0, sealed.size() - kSealBytes);
  XXH64_canonical_t bytes;
  std::memcpy(bytes.digest, sealed.data() + value.size(), kSealBytes);
  if (XXH64_hashFromCanonical(&bytes) != seal_of(table, key, value)) return std::nullopt;
  return value;
}

StoreError damaged(Table table, std::string_view key) {
  const std::string shown = is_valid_id(key) ? "\"" + std::string(key) + "\"" : "0x" + to_hex(key);
  return {Fault::fatal, "damaged",
          "the record of " + shown + " in " + std::string(table_name(table)) +
              " is damaged; `reckoner storage verify` says what else is"};
}

}  // namespace reckoner::storage
