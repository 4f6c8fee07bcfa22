#include "storage/format/keys.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "storage/format/records.hpp"

namespace reckoner::storage {
namespace {

constexpr Instant kInstants[] = {
    kDistantFuture, {1'767'225'600'000'001}, {1'767'225'600'000'000}, {1}, {0}, {-1}, kDistantPast};

}  // namespace

TEST_CASE("charges by time: the newest first, then by customer and number") {
  std::vector<std::string> keys;
  for (const Instant at : kInstants)
    for (const std::string_view customer : {"a", "a\x01", "b"})
      for (const std::uint32_t number : {1U, 2U, 256U, 0xFFFFFFFFU})
        keys.push_back(charge_time_key(at, customer, number));
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("charges: what lies in their keys comes out again") {
  for (const Instant at : kInstants)
    for (const std::string customer : {"a", "ä customer", "x:1"})
      for (const std::uint32_t number : {1U, 0x01020304U, 0xFFFFFFFFU}) {
        const std::string key = charge_key(customer, number);
        REQUIRE(is_charge_key(key));
        CHECK(customer_of_charge_key(key) == customer);
        CHECK(number_of_charge_key(key) == number);
        const std::string by_time = charge_time_key(at, customer, number);
        REQUIRE(is_charge_time_key(by_time));
        CHECK(instant_of_charge_time_key(by_time) == at);
        CHECK(charge_key_of_time_key(by_time) == key);
      }
}

TEST_CASE("charges: keys that are none are known") {
  const std::string key = charge_key("a", 7), by_time = charge_time_key({1}, "a", 7);
  for (std::size_t size = 0; size < key.size(); ++size)
    CHECK_FALSE(is_charge_key(std::string_view(key).substr(0, size)));
  for (std::size_t size = 0; size < by_time.size(); ++size)
    CHECK_FALSE(is_charge_time_key(std::string_view(by_time).substr(0, size)));
  CHECK_FALSE(is_charge_key(key + "x"));
  CHECK_FALSE(is_charge_key(charge_key("", 7)));
}

TEST_CASE("charges: records of one table are none of another") {
  Charge charge;
  charge.at = {1'767'225'600'000'000};
  charge.amount = 123;
  charge.number = 7;
  charge.status = ChargeStatus::held;
  const std::string key = charge_key("a", 7), open = encode_open_charge(key, charge);
  CHECK(decode_open_charge(key, open) == charge);
  CHECK_FALSE(decode_charge(key, open));
  CHECK_FALSE(decode_open_charge(charge_key("a", 8), open));
  CHECK_FALSE(decode_open_charge(key, encode_record(key, charge)));
}

TEST_CASE("charges by time: each status comes out again, others do not") {
  const std::string key = charge_time_key({1}, "a", 7);
  for (int i = 0; i < kChargeStatuses; ++i) {
    const auto status = static_cast<ChargeStatus>(i);
    CHECK(decode_charge_status(key, encode_charge_status(key, status)) == status);
  }
  const auto none = static_cast<ChargeStatus>(kChargeStatuses);
  CHECK_FALSE(decode_charge_status(key, encode_charge_status(key, none)));
  CHECK_FALSE(decode_charge_status(key, ""));
}

TEST_CASE("API keys: a record comes out as it went in, and only under its own key") {
  ApiKeyRecord record{"the shop's", 3, {9, 8, 7}, {1'767'225'600'000'000}, {}};
  CHECK(decode_api_key("id", encode_record("id", record)) == record);
  record.revoked = Instant{1'767'225'600'000'001};
  record.scopes = kAllScopes;
  const std::string value = encode_record("id", record);
  CHECK(decode_api_key("id", value) == record);
  CHECK_FALSE(decode_api_key("ie", value));
  CHECK_FALSE(decode_api_key("id", ""));
  record.scopes = kAllScopes + 1;
  CHECK_FALSE(decode_api_key("id", encode_record("id", record)));
}

}  // namespace reckoner::storage
