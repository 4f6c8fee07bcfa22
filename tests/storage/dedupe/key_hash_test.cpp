#include "storage/dedupe/key_hash.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "storage/shards/shard_of.hpp"

namespace reckoner::storage {
namespace {

KeySecret counting_secret() {
  KeySecret secret;
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<std::uint8_t>(i);
  return secret;
}

TEST_CASE("key hash: SipHash-2-4, by its authors' vectors") {
  // From the reference implementation's vectors.h: the key and the messages count up from 0.
  const std::vector<std::pair<std::size_t, std::uint64_t>> kVectors = {{0, 0x726fdb47dd0e0e31},
                                                                       {1, 0x74f839c593dc67fd},
                                                                       {7, 0xab0200f58b01d137},
                                                                       {8, 0x93f5f5799a932462},
                                                                       {15, 0xa129ca6149be45e5}};
  KeyHasher hasher(counting_secret());
  for (int round = 0; round < 2; ++round) {  // the context is used again and again
    for (const auto& [size, hash] : kVectors) {
      std::string message;
      for (std::size_t i = 0; i < size; ++i) message += static_cast<char>(i);
      CHECK(hasher.of_bytes(message) == hash);
    }
  }
}

TEST_CASE("key hash: no two pairs are joined to the same bytes") {
  KeyHasher hasher(counting_secret());
  const std::string text = "abcabcabc", nul("a\0b\0c", 5);
  std::set<std::uint64_t> hashes;
  std::size_t pairs = 0;
  for (const std::string& joined : {text, nul, std::string(600, 'x')}) {
    for (std::size_t cut = 0; cut <= joined.size(); ++cut) {
      hashes.insert(hasher.of_usage(joined.substr(0, cut), joined.substr(cut)));
      ++pairs;
    }
    hashes.insert(hasher.of_webhook(joined));
    ++pairs;
  }
  CHECK(hashes.size() == pairs);
}

TEST_CASE("key hash: usage, webhooks and raw bytes are apart") {
  KeyHasher hasher(counting_secret());
  const std::set<std::uint64_t> hashes = {hasher.of_usage("", "id"), hasher.of_usage("id", ""),
                                          hasher.of_webhook("id"), hasher.of_bytes("id")};
  CHECK(hashes.size() == 4);
  CHECK(hashes.count(kNoKey) == 0);
}

TEST_CASE("key hash: it is the secret's") {
  KeySecret other = counting_secret();
  other[15] ^= 0x80;
  CHECK(KeyHasher(counting_secret()).of_webhook("id") != KeyHasher(other).of_webhook("id"));
  KeyHasher moved = KeyHasher(other);
  CHECK(moved.of_usage("c", "k") == KeyHasher(other).of_usage("c", "k"));
}

TEST_CASE("key hash: part of the format, so it never changes") {
  KeyHasher hasher(counting_secret());
  CHECK(hasher.of_usage("customer-1", "key-1") == 0x757409af5262a534);
  CHECK(hasher.of_webhook("msg_1") == 0xb0abb99505e64fa1);
}

TEST_CASE("shards: a customer's shard never changes, and shards are filled evenly") {
  CHECK(shard_of_customer("customer-1", 16) == 12);
  CHECK(shard_of_customer("", 16) == 2);
  CHECK(shard_of_customer("customer-1", 1) == 0);
  std::vector<int> filled(16);
  for (int i = 0; i < 16'000; ++i) ++filled[shard_of_customer("customer-" + std::to_string(i), 16)];
  CHECK(*std::min_element(filled.begin(), filled.end()) > 800);
  CHECK(*std::max_element(filled.begin(), filled.end()) < 1200);
}

}  // namespace
}  // namespace reckoner::storage
