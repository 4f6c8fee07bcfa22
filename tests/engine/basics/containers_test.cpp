// The containers of the core: a vector in 8 bytes, one whose elements never move, and an index by
// id. Held against the standard library's.
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/id_index.hpp"
#include "engine/basics/stable_vector.hpp"
#include "engine/basics/text.hpp"

namespace reckoner {
namespace {

using Strings = std::vector<std::string>;

Strings as_strings(const CompactVector<Text>& texts) {
  Strings out;
  for (const Text& text : texts) out.push_back(text.str());
  return out;
}

// Long enough to be on the heap, so that a leak or a use after free can be seen.
Text item(int i) {
  return Text("an item that has a long name, number " + std::to_string(i));
}

}  // namespace

TEST_CASE("compact vector: takes 8 bytes, and an empty one has no items", "[engine][containers]") {
  static_assert(sizeof(CompactVector<Text>) == 8);
  const CompactVector<Text> none;
  CHECK(none.empty());
  CHECK(none.size() == 0);
  CHECK(none.begin() == none.end());
  CHECK(none == CompactVector<Text>());
  CompactVector<Text> copy(none);
  copy.erase(copy.begin(), copy.end());
  CHECK(copy.empty());
}

TEST_CASE("compact vector: whatever is done to it, it holds what a std::vector would",
          "[engine][containers]") {
  CompactVector<Text> compact;
  Strings plain;
  std::uint32_t state = 1;
  const auto below = [&](std::size_t limit) {
    state = state * 1'664'525 + 1'013'904'223;
    return static_cast<std::size_t>(state >> 8) % limit;
  };
  for (int i = 0; i < 3000; ++i) {
    const Text text = item(i);
    const std::size_t at = below(plain.size() + 1);
    switch (below(plain.size() > 40 ? 5 : 3)) {
      case 0:
        CHECK(compact.push_back(text) == text);
        plain.push_back(text.str());
        break;
      case 1:
      case 2: {
        const auto place = compact.insert(compact.begin() + at, text);
        CHECK(place == compact.begin() + at);
        plain.insert(plain.begin() + static_cast<std::ptrdiff_t>(at), text.str());
        break;
      }
      case 3:
        if (at == plain.size()) break;
        compact.erase(compact.begin() + at);
        plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default: {
        const std::size_t last = at + below(plain.size() - at + 1);
        compact.erase(compact.begin() + at, compact.begin() + last);
        plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(at),
                    plain.begin() + static_cast<std::ptrdiff_t>(last));
      }
    }
    if (as_strings(compact) != plain) FAIL("step " << i);
  }
  REQUIRE(compact.size() > 5);
  CHECK(compact.front().view() == plain.front());
  CHECK(compact.back().view() == plain.back());
  CHECK(compact[3].view() == plain[3]);
  CHECK(Strings(plain.rbegin(), plain.rend()) == [&] {
    Strings out;
    for (auto i = compact.rbegin(); i != compact.rend(); ++i) out.push_back(i->str());
    return out;
  }());
}

TEST_CASE("compact vector: a copy is its own, and what was moved from is empty",
          "[engine][containers]") {
  CompactVector<Text> one{item(1), item(2)};
  CompactVector<Text> copy(one);
  copy[0] = item(9);
  CHECK(one[0] == item(1));
  CHECK_FALSE(copy == one);
  copy = one;
  CHECK(copy == one);
  CompactVector<Text> moved(std::move(copy));
  CHECK(copy.empty());  // NOLINT(bugprone-use-after-move): what is asked
  copy = std::move(moved);
  CHECK(copy == one);
  const std::vector<Text> items = {item(1), item(2)};
  CHECK(CompactVector<Text>(items.begin(), items.end()) == one);
  copy.push_back(copy.front());  // of itself
  CHECK(copy.back() == item(1));
  CHECK_FALSE(copy == one);
  const auto& read = one;
  CHECK(read.rbegin()->view() == item(2).view());
  CHECK(read.rend() - read.rbegin() == 2);
}

TEST_CASE("stable vector: elements stay where they are while it grows", "[engine][containers]") {
  StableVector<std::unique_ptr<int>, 4> vector;
  CHECK(vector.empty());
  std::vector<const std::unique_ptr<int>*> places;
  for (int i = 0; i < 50; ++i) places.push_back(&vector.push_back(std::make_unique<int>(i)));
  CHECK(vector.size() == 50);
  CHECK(*vector.front() == 0);
  CHECK(*vector.back() == 49);
  int next = 0;
  for (const auto& held : vector) {
    CHECK(&held == places[static_cast<std::size_t>(next)]);
    CHECK(*held == next++);
  }
  CHECK(next == 50);
  StableVector<std::unique_ptr<int>, 4> moved(std::move(vector));
  CHECK(vector.empty());  // NOLINT(bugprone-use-after-move): what is asked
  CHECK(&moved[7] == places[7]);
  vector = std::move(moved);
  const auto& read = vector;
  CHECK(&read[7] == places[7]);
  CHECK(*read.front() == 0);
  CHECK(*(*read.begin()) == 0);
  CHECK(*read.begin()->get() == 0);
}

TEST_CASE("id index: finds every place by its hash, also where hashes and tags collide",
          "[engine][containers]") {
  // From "all hashes alike" to "all different".
  const std::uint64_t kinds = GENERATE(1, 3, 100, 1'000'000);
  const auto hash_of = [&](std::uint32_t place) {
    return (place % kinds) * 0x9E37'79B9'7F4A'7C15ULL;
  };
  const std::uint32_t many = kinds < 10 ? 700 : 5'000;
  IdIndex index;
  const auto find = [&](std::uint32_t wanted) {
    return index.find(hash_of(wanted), [&](std::uint32_t place) { return place == wanted; });
  };
  for (std::uint32_t place = 0; place < many; ++place) {
    CHECK(find(place) == IdIndex::kNone);
    index.add(hash_of(place), place, hash_of);
    index.prefetch(hash_of(place));
  }
  for (std::uint32_t place = 0; place < many; ++place)
    if (find(place) != place) FAIL(place);
  CHECK(find(many) == IdIndex::kNone);
  CHECK(IdIndex::hash("a") == IdIndex::hash(std::string("a")));
}

}  // namespace reckoner
