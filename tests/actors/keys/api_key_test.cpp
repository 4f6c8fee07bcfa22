#include "actors/keys/api_key.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "actors/keys/scopes.hpp"

namespace reckoner::keys {

TEST_CASE("API keys: each is another, and comes apart into what it was made of") {
  std::set<std::string> ids, secrets, letters;
  for (int i = 0; i < 500; ++i) {
    const ApiKey key = make_api_key();
    const std::string text = key.text();
    CHECK(text.size() == 45);
    CHECK(text.substr(0, 3) == "rk_");
    const auto parts = split_api_key(text);
    REQUIRE(parts);
    CHECK(parts->id == key.id);
    CHECK(parts->secret == key.secret);
    CHECK(is_key_id(key.id));
    ids.insert(key.id);
    secrets.insert(key.secret);
    for (const char letter : key.secret) letters.insert(std::string(1, letter));
  }
  CHECK(ids.size() == 500);
  CHECK(secrets.size() == 500);
  CHECK(letters.size() == 62);
}

TEST_CASE("API keys: what is none does not come apart") {
  const std::string good = make_api_key().text();
  REQUIRE(split_api_key(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    INFO(i);
    CHECK_FALSE(split_api_key(good.substr(0, i)));
    for (const char bad : {'-', '\0', '\xff', ' '}) {
      std::string text = good;
      text[i] = bad;
      CHECK_FALSE(split_api_key(text));
    }
  }
  CHECK_FALSE(split_api_key(good + "a"));
  CHECK_FALSE(split_api_key(good.substr(3)));
  CHECK_FALSE(split_api_key(""));
}

TEST_CASE("API keys: digests are the same only where all of them is") {
  const Digest digest = secret_hash("secret");
  CHECK(same_digest(digest, secret_hash("secret")));
  for (std::size_t i = 0; i < digest.size(); ++i) {
    Digest other = digest;
    other[i] ^= 1;
    CHECK_FALSE(same_digest(digest, other));
  }
}

TEST_CASE("scopes: names in any order, and back") {
  const auto parsed = [](const char* text) {
    const auto scopes = parse_scopes(text);
    return scopes ? scopes_text(*scopes) : scopes.error().detail;
  };
  CHECK(parsed("usage") == "usage");
  CHECK(parsed("admin,usage") == "usage,admin");
  CHECK(parsed("read,admin,usage,read") == "usage,read,admin");
  for (const char* bad : {"", "Usage", "usage,", ",read", "usage read", "all", "usage;read"})
    CHECK(parsed(bad) ==
          "'" + std::string(bad) + "'; it takes usage, read and admin, with commas between them");
}

TEST_CASE("scopes: bits of records") {
  for (std::uint8_t bits = 0; bits < 8; ++bits) {
    const Scopes scopes = scopes_of_bits(bits);
    CHECK(scope_bits(scopes) == bits);
    CHECK(scopes.none() == (bits == 0));
  }
  CHECK(scopes_of_bits(1).usage);
  CHECK(scopes_of_bits(2).read);
  CHECK(scopes_of_bits(4).admin);
}

}  // namespace reckoner::keys
