// The canonical encoding of identity's entries.
#include "engine/identity/entry_encoding.hpp"

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

const Instant kBefore = support::at("2026-01-01");

std::vector<IdentityEntry> entries() {
  const Instant later = kBefore + kDay;
  PolarEvent event = support::subscription("2026-01-02", "s", SubscriptionStatus::trialing);
  event.amount = 7;
  return {{kBefore, CustomerLine{}},
          {later, CustomerLine{"c", {"a@x.io", "Ann", "X", std::uint8_t(31)}, "P"}},
          {kBefore, Webhook{}},
          {later, Webhook{"w1", R"({"id":"w1"})", event}}};
}

std::string encoded(const IdentityEntry& entry) {
  Encoder out;
  encode(out, entry, kBefore);
  return out.take();
}

bool decoded(std::string_view bytes, IdentityEntry& entry) {
  Decoder in(bytes);
  decode(in, kBefore, entry);
  return in.finished();
}

}  // namespace

TEST_CASE("identity entries: each comes back as it was", "[engine][identity][encoding]") {
  for (const IdentityEntry& entry : entries()) {
    const std::string bytes = encoded(entry);
    IdentityEntry again;
    REQUIRE(decoded(bytes, again));
    CHECK(again == entry);
    CHECK(encoded(again) == bytes);
  }
}

TEST_CASE("identity entries: read into one that was used before, nothing of that one is left",
          "[engine][identity][encoding]") {
  for (const IdentityEntry& before : entries()) {
    for (const IdentityEntry& entry : entries()) {
      IdentityEntry again = before;
      const std::string bytes = encoded(entry);
      REQUIRE(decoded(bytes, again));
      CHECK(again == entry);
    }
  }
}

TEST_CASE("identity entries: cut bytes are none, and flipped ones are none or canonical",
          "[engine][identity][encoding]") {
  for (const IdentityEntry& entry : entries()) {
    const std::string bytes = encoded(entry);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      IdentityEntry again;
      if (decoded(std::string_view(bytes).substr(0, size), again)) FAIL(size << " bytes");
    }
    support::each_flip(bytes, [&](const std::string& flipped, std::size_t i) {
      IdentityEntry again;
      if (!decoded(flipped, again)) return;
      if (again == entry || encoded(again) != flipped) FAIL("byte " << i);
    });
  }
}

TEST_CASE("identity entries: an instant beyond the calendar is none",
          "[engine][identity][encoding]") {
  for (const auto& [after, good] :
       {std::pair{kCalendarEnd - kBefore - 1, true}, std::pair{kCalendarEnd - kBefore, false},
        std::pair{Micros(-1), false}}) {
    Encoder out;
    encode(out, {kBefore, CustomerLine{}}, kBefore);
    Encoder changed;
    changed.count(static_cast<std::uint64_t>(after));
    changed.raw(std::string_view(out.bytes()).substr(1));
    IdentityEntry entry;
    CHECK(decoded(changed.bytes(), entry) == good);
  }
}

}  // namespace reckoner
