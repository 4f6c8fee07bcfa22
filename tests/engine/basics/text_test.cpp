// Text: a string in 8 bytes.
#include <catch2/catch.hpp>

#include <string>
#include <utility>

#include "engine/basics/text.hpp"

namespace reckoner {

TEST_CASE("text: holds any bytes, of any length, in 8 bytes of its own", "[engine][text]") {
  static_assert(sizeof(Text) == 8);
  for (const std::string& from :
       {std::string(), std::string("a"), std::string("\0b\0", 3), std::string(100'000, 'x')}) {
    const Text text(from);
    CHECK(text.view() == from);
    CHECK(text.str() == from);
    CHECK(text.empty() == from.empty());
    CHECK(std::string_view(text).size() == from.size());
  }
  CHECK(Text("chars").view() == "chars");
}

TEST_CASE("text: a copy is its own, and what was moved from is empty", "[engine][text]") {
  Text a("first");
  Text b(a);
  a = Text("second");
  CHECK(b.view() == "first");
  CHECK(a.view() == "second");
  b = a;
  CHECK(b.view() == "second");
  const Text& same = b;
  b = same;
  CHECK(b.view() == "second");
  const Text c(std::move(a));
  CHECK(c.view() == "second");
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): what is asked
  b = std::string_view();
  CHECK(b.empty());
  CHECK(Text().view().empty());
}

TEST_CASE("text: is ordered by bytes, as unsigned numbers", "[engine][text]") {
  const Text texts[] = {"", "B", "a", "aa", "b", "\xC3\xA4", "\xFF"};
  for (std::size_t i = 0; i < std::size(texts); ++i)
    for (std::size_t j = 0; j < std::size(texts); ++j) {
      CHECK((texts[i] < texts[j]) == (i < j));
      CHECK((texts[i] == texts[j]) == (i == j));
    }
}

}  // namespace reckoner
