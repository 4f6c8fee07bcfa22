// What an id may look like (contracts.md, HTTP), and which letters "ignoring case" means.
#include <catch2/catch.hpp>

#include <string>

#include "engine/basics/ids.hpp"

namespace reckoner {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

// UTF-8 as its definition builds it, without asking what may be encoded.
std::string encoded(std::uint32_t point, int length) {
  if (length == 1) return bytes({static_cast<int>(point)});
  constexpr int kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  std::string out;
  for (int i = 0; i < length; ++i) {
    const std::uint32_t part = point >> (6 * (length - 1 - i));
    out += static_cast<char>(i == 0 ? kLead[length] | part : 0x80 | (part & 0x3F));
  }
  return out;
}

int shortest(std::uint32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

}  // namespace

TEST_CASE("ids: every code point but controls and surrogates is taken", "[engine][ids]") {
  for (std::uint32_t point = 0; point <= 0x10FFFF; point += point < 0x1000 ? 1 : 0x3F) {
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    const bool surrogate = point >= 0xD800 && point < 0xE000;
    const bool taken = is_valid_id("a" + encoded(point, shortest(point)) + "b");
    if (taken == (control || surrogate)) FAIL("U+" << std::hex << point);
  }
  for (const std::uint32_t edge : {0xD7FFu, 0xE000u, 0xFFFFu, 0x10000u, 0x10FFFFu})
    CHECK(is_valid_id(encoded(edge, shortest(edge))));
  for (const std::uint32_t edge : {0xD800u, 0xDFFFu, 0x110000u})
    CHECK_FALSE(is_valid_id(encoded(edge, shortest(edge))));
}

TEST_CASE("ids: an overlong form of a code point is refused", "[engine][ids]") {
  for (const std::uint32_t point : {0x41u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xFFFFu})
    for (int length = shortest(point) + 1; length <= 4; ++length) {
      INFO("U+" << std::hex << point << " in " << length << " bytes");
      CHECK_FALSE(is_valid_id(encoded(point, length)));
    }
}

TEST_CASE("ids: cut or stray bytes of UTF-8 are refused", "[engine][ids]") {
  for (const auto& broken :
       {bytes({0x80}), bytes({0xBF}), bytes({0xC0, 0x80}), bytes({0xC1, 0xBF}), bytes({0xC3}),
        bytes({0xC3, 'a'}), bytes({0xE2, 0x82}), bytes({0xE2, 0x82, 'a'}),
        bytes({0xE2, 0xC2, 0x80}), bytes({0xF0, 0x9F, 0x92}), bytes({0xF4, 0x90, 0x80, 0x80}),
        bytes({0xF5, 0x80, 0x80, 0x80}), bytes({0xFF})}) {
    CHECK_FALSE(is_valid_id(broken));
    CHECK_FALSE(is_valid_id("ok" + broken));
  }
}

TEST_CASE("ids: 1 to 255 bytes, or to the limit given", "[engine][ids]") {
  CHECK_FALSE(is_valid_id(""));
  CHECK(is_valid_id("x"));
  CHECK(is_valid_id(std::string(255, 'x')));
  CHECK_FALSE(is_valid_id(std::string(256, 'x')));
  CHECK(is_valid_id(std::string(64, 'x'), kMaxOperationBytes));
  CHECK_FALSE(is_valid_id(std::string(65, 'x'), kMaxOperationBytes));
  // Bytes are counted, not characters: 128 of two bytes each are 256.
  std::string umlauts;
  for (int i = 0; i < 128; ++i) umlauts += "\xC3\xA4";
  CHECK_FALSE(is_valid_id(umlauts));
}

TEST_CASE("ids: folding case changes A to Z and no other byte", "[engine][ids]") {
  for (int value = 0; value < 256; ++value) {
    const std::string one = bytes({value});
    const bool upper = value >= 'A' && value <= 'Z';
    CHECK(fold_case(one) == (upper ? bytes({value + 32}) : one));
  }
  CHECK(fold_case("Ann@X.IO") == "ann@x.io");
  CHECK(fold_case("\xC3\x84") == "\xC3\x84");
  CHECK(fold_case("").empty());
}

}  // namespace reckoner
