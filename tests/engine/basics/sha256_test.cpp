// SHA-256, against the examples of FIPS 180-2.
#include <catch2/catch.hpp>

#include <string>

#include "engine/basics/sha256.hpp"

namespace reckoner {

TEST_CASE("sha256: the digests are those of the standard's examples", "[engine][sha256]") {
  const auto [text, hex] = GENERATE(table<std::string, std::string>({
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  }));
  CHECK(to_hex(sha256(text)) == hex);
}

TEST_CASE("sha256: parts give the digest of the whole, and a finished hash begins anew",
          "[engine][sha256]") {
  Sha256 hash;
  for (int round = 0; round < 3; ++round) {
    for (const std::string part : {"a", "", "bc"}) hash.add(part);
    CHECK(hash.finish() == sha256("abc"));
  }
  CHECK(hash.finish() == sha256(""));
}

TEST_CASE("sha256: hex has two lower-case digits for each byte", "[engine][sha256]") {
  CHECK(to_hex(std::string("\x00\x0F\xA5\xFF", 4)) == "000fa5ff");
  CHECK(to_hex("").empty());
  Digest digest{};
  digest[31] = 0xAB;
  CHECK(to_hex(digest) == std::string(62, '0') + "ab");
  CHECK(as_bytes(digest).size() == 32);
}

}  // namespace reckoner
