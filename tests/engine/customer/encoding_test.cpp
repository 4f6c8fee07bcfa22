// The canonical encoding of a customer's entries and of its state: one sequence of bytes for each
// value, and no value for any other bytes.
#include "engine/customer/entry_encoding.hpp"
#include "engine/limits.hpp"
#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::at;
using support::each_flip;
using support::subscription;
using support::World;
using Sub = SubscriptionStatus;

const Instant kBefore = at("2026-01-01");

std::string encoded(const CustomerEntry& entry) {
  Encoder out;
  encode(out, entry, kBefore);
  return out.take();
}

PolarEvent full_event() {
  PolarEvent event = support::snapshot("2026-01-02", {});
  event.modified = at("2026-01-01");
  event.email = "a@x.io";
  event.names_customer = "c";
  event.listed = {support::listed("s", Sub::past_due), support::listed("t", std::nullopt, "")};
  event.listed->front().past_due_at = at("2025-12-31");
  event.subscription_id = "s";
  event.product_id = "p";
  event.status = Sub::paused;
  event.past_due_at = at("2025-12-30");
  event.meant = Meant::of_product;
  event.revives = event.succeeded = true;
  event.object_id = "i1";
  event.order_id = "o1";
  event.amount = -5;
  event.foreign_currency = "eur";
  event.charge_id = "c:1";
  return event;
}

// An entry of each kind, bare and with all that it can have.
std::vector<CustomerEntry> entries() {
  Usage bare, full;
  full.tokens = kMaxTokens;
  full.operation = "chat";
  full.idempotency_key = "key";
  full.timestamp = kBefore - 3 * kDay;
  full.metadata = R"({"a":1})";
  const Notice notice{300,
                      {Profile{}, Profile{"e", "n", "c", std::uint8_t(31)}, Link{"P"}, Unlink{},
                       support::event(PolarEventKind::other, ""), full_event()}};
  const Instant later = kBefore + 5 * kDay + 1;
  return {{kBefore, "c", bare},
          {later, "c", full},
          {kBefore, "", Notice{}},
          {later, "c", notice},
          {later, "c", Settlement{7, ChargeStatus::submitted, "pc_1"}},
          {later, "c", OperatorAct{4'000'000'000, OperatorDecision::write_off}},
          {later, std::string_view("\0x", 2), Clock{}}};
}

// A customer that has something of everything.
CustomerState full_state(const Books*& books) {
  static World world(
      support::book_with({{"billing.hold_charge_usd", "50"}, {"billing.grace_days", "3"}}));
  if (world.ledger.find("c") == nullptr) {
    world.line("2026-01-01", "P", 15, "a@x.io");
    world.webhook(subscription("2026-01-02", "s", Sub::active));
    world.usage("2026-01-03", 20'000);
    world.settle("2026-01-03", 1, ChargeStatus::paid, "pc_1");
    world.webhook(support::payment("2026-01-04", "i1", 2900));
    PolarEvent euro = support::payment("2026-01-04", "i2", 100);
    euro.foreign_currency = "eur";
    world.webhook(euro);
    PolarEvent refund = support::event(PolarEventKind::refund, "2026-01-05");
    refund.object_id = "r1";
    refund.order_id = "i1";
    refund.amount = 5;
    refund.succeeded = true;
    world.webhook(refund);
    world.webhook(support::deleted("2026-01-06"));
    world.line("2026-01-07", "Q", 20);
    world.webhook(support::of("Q", subscription("2026-01-08", "t", Sub::past_due, "cortex_pro")));
    world.webhook(support::of("Q", support::snapshot("2026-01-09", {})));
    world.usage("2026-01-19", 10'000);
    world.usage("2026-01-20", 1'000'000);
    world.usage("2026-01-21", 77);
    world.clock("2026-01-22");
  }
  books = &world.ledger.books();
  return CustomerState(world.state());
}

bool is_snapshot(std::string_view bytes, const Books& books) {
  CustomerState state;
  return decode_snapshot(bytes, books, state);
}

}  // namespace

TEST_CASE("entries: each comes back as it was", "[engine][encoding]") {
  for (const CustomerEntry& entry : entries()) {
    const std::string bytes = encoded(entry);
    Decoder in(bytes);
    CustomerEntry again;
    decode(in, kBefore, again);
    CHECK(in.finished());
    CHECK(again == entry);
    CHECK(encoded(again) == bytes);
  }
}

TEST_CASE("entries: read into one that was used before, nothing of that one is left",
          "[engine][encoding]") {
  for (const CustomerEntry& before : entries()) {
    for (const CustomerEntry& entry : entries()) {
      CustomerEntry again = before;
      const std::string bytes = encoded(entry);
      Decoder in(bytes);
      decode(in, kBefore, again);
      CHECK(again == entry);
    }
  }
  PolarEvent event = full_event();
  Encoder out;
  encode(out, PolarEvent());
  Decoder in(out.bytes());
  decode(in, event);
  CHECK(event == PolarEvent());
}

TEST_CASE("entries: what is cut off is none", "[engine][encoding]") {
  for (const CustomerEntry& entry : entries()) {
    const std::string bytes = encoded(entry);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      Decoder in(std::string_view(bytes).substr(0, size));
      CustomerEntry again;
      decode(in, kBefore, again);
      if (in.good()) FAIL("kind " << entry.body.index() << ", " << size << " bytes");
    }
  }
}

TEST_CASE("entries: each flip of a bit makes none, or one that has these bytes",
          "[engine][encoding]") {
  for (const CustomerEntry& entry : entries()) {
    each_flip(encoded(entry), [&](const std::string& bytes, std::size_t i) {
      Decoder in(bytes);
      CustomerEntry again;
      decode(in, kBefore, again);
      if (!in.finished()) return;
      if (again == entry || encoded(again) != bytes)
        FAIL("kind " << entry.body.index() << ", byte " << i);
    });
  }
}

TEST_CASE("entries: an instant beyond the calendar is none", "[engine][encoding]") {
  const auto good = [](auto write) {
    Encoder out;
    write(out);
    Decoder in(out.bytes());
    CustomerEntry entry;
    decode(in, kBefore, entry);
    return in.finished();
  };
  const auto clock_after = [&](std::uint64_t micros) {
    return good([&](Encoder& out) {
      out.count(micros);
      out.text("c");
      out.byte(4);
    });
  };
  const auto to_end = static_cast<std::uint64_t>(kCalendarEnd - kBefore);
  CHECK(clock_after(to_end - 1));
  CHECK_FALSE(clock_after(to_end));
  CHECK_FALSE(clock_after(UINT64_MAX));
  const auto usage_at = [&](std::int64_t after) {
    return good([&](Encoder& out) {
      out.count(0);
      out.text("c");
      out.byte(0);
      out.number(1);
      out.text("o");
      out.text("");
      out.flag(true);
      out.number(after);
      out.text("");
    });
  };
  CHECK(usage_at(kCalendarEnd - kBefore - 1));
  CHECK_FALSE(usage_at(kCalendarEnd - kBefore));
  CHECK_FALSE(usage_at(kCalendarStart - kBefore - 1));
  CHECK_FALSE(usage_at(INT64_MAX));
}

TEST_CASE("entries: negative tokens, and a billing day that no month has, are none",
          "[engine][encoding]") {
  for (const int day : {0, 1, 31, 32}) {
    Encoder out;
    encode(out, Profile{std::nullopt, std::nullopt, std::nullopt, static_cast<std::uint8_t>(day)});
    Decoder in(out.bytes());
    decode_profile(in);
    CHECK(in.finished() == (day >= 1 && day <= 31));
  }
  Usage usage;
  usage.tokens = -1;
  const std::string bytes = encoded({kBefore, "c", usage});
  Decoder in(bytes);
  CustomerEntry entry;
  decode(in, kBefore, entry);
  CHECK_FALSE(in.good());
}

// --- snapshots ----------------------------------------------------------------------------------

TEST_CASE("snapshots of state: all of it comes back", "[engine][encoding][state]") {
  const Books* books = nullptr;
  const CustomerState state = full_state(books);
  // What the other cases rely on: there is something of everything.
  REQUIRE(state.departed);
  REQUIRE(state.billing_days.segments().size() == 2);
  REQUIRE(state.polar_ids.size() == 2);
  REQUIRE(state.subscriptions.all().size() == 2);
  REQUIRE(state.timeline.entries().size() >= 2);
  REQUIRE(state.usage.size() >= 2);
  REQUIRE(state.charges.size() >= 2);
  REQUIRE_FALSE(state.payments.foreign().empty());
  REQUIRE_FALSE(state.payments.all().front().refunds.empty());
  CustomerState again;
  REQUIRE(decode_snapshot(encode_snapshot(state), *books, again));
  CHECK(again.id == state.id);
  CHECK(again.email == state.email);
  CHECK(again.link == state.link);
  CHECK(again.billing_days == state.billing_days);
  CHECK(again.subscriptions == state.subscriptions);
  CHECK(again.timeline == state.timeline);
  CHECK(again.usage == state.usage);
  CHECK(again.charges == state.charges);
  CHECK(again.payments == state.payments);
  CHECK(*again.departed == *state.departed);
  CHECK(again.accrued == state.accrued);
  CHECK(again.brought_to == state.brought_to);
  CHECK(again.current == state.current);
  CHECK(again.own_due == state.own_due);
}

TEST_CASE("snapshots of state: each flip of a bit makes none, or one that has these bytes",
          "[engine][encoding][state]") {
  const Books* books = nullptr;
  const std::string whole = encode_snapshot(full_state(books));
  int none = 0;
  each_flip(whole, [&](const std::string& bytes, std::size_t i) {
    CustomerState state;
    if (!decode_snapshot(bytes, *books, state)) {
      ++none;
    } else if (encode_snapshot(state) != bytes) {
      FAIL("byte " << i);
    }
  });
  CHECK(none > 0);
}

TEST_CASE("snapshots of state: cut, or with something behind, they are none",
          "[engine][encoding][state]") {
  const Books* books = nullptr;
  const std::string whole = encode_snapshot(full_state(books));
  CHECK(is_snapshot(whole, *books));
  for (std::size_t size = 0; size < whole.size(); ++size)
    if (is_snapshot(std::string_view(whole).substr(0, size), *books)) FAIL(size << " bytes");
  CHECK_FALSE(is_snapshot(whole + '\0', *books));
}

TEST_CASE("snapshots of state: a number that stands for nothing is refused",
          "[engine][encoding][state]") {
  const Books* books = nullptr;
  const CustomerState good = full_state(books);
  const auto taken = [&](auto change) {
    CustomerState state(good);
    change(state);
    return is_snapshot(encode_snapshot(state), *books);
  };
  const auto plans = static_cast<PlanNumber>(books->latest().book().prices.plans.size());
  CHECK(taken([](CustomerState&) {}));
  CHECK(taken([](CustomerState& s) { s.link = kNotLinked; }));
  CHECK(taken([&](CustomerState& s) { s.usage[0].plan = plans - 1; }));
  CHECK_FALSE(taken([&](CustomerState& s) { s.usage[0].plan = plans; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.link = 2; }));
  CHECK_FALSE(taken([&](CustomerState& s) { s.timeline.enter(kDistantFuture, plans, 0); }));
  CHECK_FALSE(taken([](CustomerState& s) {
    s.subscriptions.hear(subscription("2026-01-09", "u", Sub::active), 2, 0);
  }));
  CHECK_FALSE(taken([](CustomerState& s) { s.billing_days = BillingDays(1, {}); }));
  CHECK_FALSE(taken([](CustomerState& s) { s.billing_days = BillingDays(32); }));
  CHECK_FALSE(taken([](CustomerState& s) {
    s.billing_days = BillingDays(1, {{kDistantPast + 1, 1}});
  }));
  CHECK_FALSE(taken([](CustomerState& s) { s.brought_to = kDistantPast; }));
}

TEST_CASE("snapshots of state: sums beyond the engine's limits are refused",
          "[engine][encoding][state]") {
  const Books* books = nullptr;
  const CustomerState good = full_state(books);
  const auto taken = [&](auto change) {
    CustomerState state(good);
    change(state);
    return is_snapshot(encode_snapshot(state), *books);
  };
  const Money beyond = kMaxAccrued + Money{1};
  // As if that much more had been used.
  const auto accrue = [](Money amount) {
    return [amount](CustomerState& s) {
      s.usage[0].cost += amount - s.accrued;
      s.accrued = amount;
    };
  };
  CHECK(taken(accrue(kMaxAccrued)));
  CHECK_FALSE(taken(accrue(beyond)));
  CHECK_FALSE(taken(accrue(Money{} - beyond)));
  // Money that is not conserved.
  CHECK_FALSE(taken([](CustomerState& s) { s.accrued += Money{1}; }));
  CHECK(taken([](CustomerState& s) { s.unbilled_tokens = kMaxTokensSummed; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.unbilled_tokens = kMaxTokensSummed + 1; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.unbilled_tokens = -1; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.usage[0].tokens = kMaxTokensSummed + 1; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.usage[0].requests = -1; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.charges[0].amount = -1; }));
  CHECK_FALSE(taken([](CustomerState& s) { s.charges[0].tokens = -1; }));
}

TEST_CASE("snapshots of state: the state of another day encodes to the same bytes but for that day",
          "[engine][encoding][state]") {
  const Books* books = nullptr;
  CustomerState state = full_state(books);
  Encoder before;
  encode(before, state);
  state.brought_to = state.brought_to + kDay;
  Encoder after;
  encode(after, state);
  CHECK(before.bytes() == after.bytes());
}

TEST_CASE("snapshots of state: the first days of the calendar can be kept too",
          "[engine][encoding][state]") {
  World world;
  world.line("0001-01-01", "P", 15);
  world.usage("0001-01-05", 10);
  CHECK(world.state().usage[0].period_start == world.state().current.start);
}

}  // namespace reckoner
