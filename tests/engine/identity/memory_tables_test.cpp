// Identity's tables in memory: found by id and by e-mail, gone through in byte order, encoded
// canonically.
#include "engine/identity/memory_tables.hpp"

#include "engine/customer/entry_encoding.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

std::string encoded(const MemoryIdentityTables& tables) {
  Encoder out;
  encode(out, tables);
  return out.take();
}

bool decoded(std::string_view bytes, MemoryIdentityTables& tables) {
  Decoder in(bytes);
  return decode(in, tables) && in.finished();
}

PolarEvent parked_event(std::string_view polar, std::string_view id) {
  return support::of(polar, support::payment("2026-01-01", id));
}

void fill(MemoryIdentityTables& tables) {
  for (const std::string id : {"c", "a", "b"})
    tables.put(KnownCustomer{id, id == "b" ? "" : "A@x.io", id == "c" ? "P" : ""});
  for (const std::string id : {"Q", "P"})
    tables.put(PolarCustomer{id, id == "P" ? "c" : "", id == "P", id == "Q" ? "q@x.io" : ""});
  tables.park(parked_event("R", "i1"));
  tables.park(parked_event("Q", "i2"));
  tables.park(parked_event("R", "i3"));
}

}  // namespace

TEST_CASE("memory tables: a record is found by id, as it was put last", "[engine][identity]") {
  MemoryIdentityTables tables;
  CHECK_FALSE(tables.customer("c"));
  CHECK_FALSE(tables.polar_customer("P"));
  const KnownCustomer customer{"c", "a@x.io", ""};
  const PolarCustomer polar{"P", "c", false, ""};
  tables.put(KnownCustomer{"c", "", ""});
  tables.put(customer);
  tables.put(polar);
  CHECK(tables.customer("c") == customer);
  CHECK(tables.polar_customer("P") == polar);
  CHECK_FALSE(tables.customer("P"));
  CHECK(tables.customers().size() == 1);
}

TEST_CASE("memory tables: the smallest unlinked customer with an e-mail, ignoring case",
          "[engine][identity]") {
  MemoryIdentityTables tables;
  CHECK(tables.unlinked_with_email("a@x.io").empty());
  for (const std::string id : {"b", "B", "\xC3\xA4", "c"})
    tables.put(KnownCustomer{id, "A@x.io", ""});
  CHECK(tables.unlinked_with_email("a@X.IO") == "B");
  tables.put(KnownCustomer{"B", "a@x.io", "P"});
  CHECK(tables.unlinked_with_email("a@x.io") == "b");
  tables.put(KnownCustomer{"b", "other@x.io", ""});
  CHECK(tables.unlinked_with_email("a@x.io") == "c");
  CHECK(tables.unlinked_with_email("other@x.io") == "b");
  tables.put(KnownCustomer{"B", "a@x.io", ""});
  CHECK(tables.unlinked_with_email("a@x.io") == "B");
  CHECK(tables.unlinked_with_email("a@x.i").empty());
  CHECK(tables.unlinked_with_email("").empty());
}

TEST_CASE("memory tables: the smallest Polar customer remembered under an e-mail",
          "[engine][identity]") {
  MemoryIdentityTables tables;
  for (const std::string id : {"Q", "P"}) tables.put(PolarCustomer{id, "", false, "A@x.io"});
  CHECK(tables.remembered_with_email("a@x.io") == "P");
  tables.put(PolarCustomer{"P", "c", false, ""});
  CHECK(tables.remembered_with_email("a@x.io") == "Q");
  CHECK(tables.unlinked_with_email("a@x.io").empty());
}

TEST_CASE("memory tables: parked events are taken once, in order of arrival",
          "[engine][identity]") {
  MemoryIdentityTables tables;
  fill(tables);
  CHECK(tables.take_parked("nobody").empty());
  const auto taken = tables.take_parked("R");
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].object_id == "i1");
  CHECK(taken[1].object_id == "i3");
  CHECK(tables.take_parked("R").empty());
  REQUIRE(tables.parked().size() == 1);
  CHECK(tables.parked()[0]->id == "Q");
}

TEST_CASE("memory tables: many records are all found, and gone through in byte order",
          "[engine][identity]") {
  MemoryIdentityTables tables;
  for (int i = 0; i < 3000; ++i)
    tables.put(
        KnownCustomer{"c" + std::to_string(i * 7919 % 3000), std::to_string(i) + "@x.io", ""});
  const auto all = tables.customers();
  REQUIRE(all.size() == 3000);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (!(all[i - 1]->id < all[i]->id)) FAIL(all[i]->id);
  for (int i = 0; i < 3000; ++i)
    if (tables.unlinked_with_email(std::to_string(i) + "@x.io").empty()) FAIL(i);
}

TEST_CASE("memory tables: they come back whole, with the index of e-mails",
          "[engine][identity][encoding]") {
  MemoryIdentityTables tables, again;
  fill(tables);
  const std::string bytes = encoded(tables);
  REQUIRE(decoded(bytes, again));
  CHECK(encoded(again) == bytes);
  CHECK(again.customer("a") == tables.customer("a"));
  CHECK(again.polar_customer("P") == tables.polar_customer("P"));
  CHECK(again.unlinked_with_email("a@x.io") == "a");
  CHECK(again.remembered_with_email("q@x.io") == "Q");
  CHECK(again.take_parked("R").size() == 2);
  // The order in which records came does not show.
  MemoryIdentityTables reversed;
  reversed.park(parked_event("Q", "i2"));
  reversed.park(parked_event("R", "i1"));
  reversed.park(parked_event("R", "i3"));
  for (const std::string id : {"P", "Q"}) reversed.put(*tables.polar_customer(id));
  for (const std::string id : {"a", "b", "c"}) reversed.put(*tables.customer(id));
  CHECK(encoded(reversed) == bytes);
}

TEST_CASE("memory tables: cut bytes are none, and flipped ones are none or canonical",
          "[engine][identity][encoding]") {
  MemoryIdentityTables tables;
  fill(tables);
  const std::string bytes = encoded(tables);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    MemoryIdentityTables again;
    if (decoded(std::string_view(bytes).substr(0, size), again)) FAIL(size << " bytes");
  }
  support::each_flip(bytes, [](const std::string& flipped, std::size_t i) {
    MemoryIdentityTables again;
    if (decoded(flipped, again) && encoded(again) != flipped) FAIL("byte " << i);
  });
}

TEST_CASE(
    "memory tables: ids out of order or repeated, and lists of parked events that are empty "
    "or another's, are refused",
    "[engine][identity][encoding]") {
  const auto taken = [](auto write) {
    Encoder out;
    write(out);
    MemoryIdentityTables tables;
    return decoded(out.bytes(), tables);
  };
  const auto customers = [&](std::string_view first, std::string_view second) {
    return taken([&](Encoder& out) {
      out.count(2);
      for (const std::string_view id : {first, second}) {
        out.text(id);
        out.text("");
        out.text("");
      }
      out.count(0);
      out.count(0);
    });
  };
  CHECK(customers("a", "b"));
  CHECK_FALSE(customers("b", "a"));
  CHECK_FALSE(customers("a", "a"));
  const auto parked = [&](std::string_view id, std::vector<PolarEvent> events) {
    return taken([&](Encoder& out) {
      out.count(0);
      out.count(0);
      out.count(1);
      out.text(id);
      out.count(events.size());
      for (const PolarEvent& event : events) encode(out, event);
    });
  };
  CHECK(parked("P", {parked_event("P", "i")}));
  CHECK_FALSE(parked("P", {}));
  CHECK_FALSE(parked("P", {parked_event("Q", "i")}));
}

}  // namespace reckoner
