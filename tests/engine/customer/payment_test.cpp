// Payments and what was given back of them (billing-rules.md, Webhooks, rows invoice.paid to
// refund.*).
#include <algorithm>
#include <numeric>

#include "tests/support/core.hpp"

namespace reckoner {
namespace {

using support::payment;
using support::usd;

PolarEvent order_refunded(std::string_view order, std::optional<Cents> refunded_amount) {
  PolarEvent out = support::event(PolarEventKind::order_refunded, "2026-01-01");
  out.object_id = order;
  out.amount = refunded_amount;
  return out;
}

PolarEvent refund(std::string_view id, std::string_view order, std::optional<Cents> amount,
                  bool succeeded = true) {
  PolarEvent out = support::event(PolarEventKind::refund, "2026-01-01");
  out.object_id = id;
  out.order_id = order;
  out.amount = amount;
  out.succeeded = succeeded;
  return out;
}

Money revenue(const Payments& payments) {
  Money sum;
  for (const Payment& payment : payments.all()) sum += payment.revenue();
  return sum;
}

}  // namespace

TEST_CASE("payments: each invoice or order id counts once, with the amount that came first",
          "[engine][payment]") {
  Payments payments;
  PolarEvent first = payment("2026-01-01", "i1", 2900);
  first.product_id = "cortex_starter";
  CHECK(payments.hear(first));
  CHECK_FALSE(payments.hear(payment("2026-01-02", "i1", 2900)));
  CHECK_FALSE(payments.hear(payment("2026-01-03", "i1", 9900)));
  CHECK(payments.hear(payment("2026-01-03", "i2", 100)));
  REQUIRE(payments.all().size() == 2);
  CHECK(payments.all()[0].amount == 2900);
  CHECK(payments.all()[0].product_id.view() == "cortex_starter");
  CHECK(revenue(payments) == usd("30"));
}

TEST_CASE("payments: without an id or an amount, or with a negative one, there is none",
          "[engine][payment]") {
  Payments payments;
  CHECK_FALSE(payments.hear(payment("2026-01-01", "", 100)));
  CHECK_FALSE(payments.hear(payment("2026-01-01", "i1", std::nullopt)));
  CHECK_FALSE(payments.hear(payment("2026-01-01", "i1", -1)));
  CHECK_FALSE(payments.hear(order_refunded("", 100)));
  CHECK_FALSE(payments.hear(order_refunded("o1", std::nullopt)));
  CHECK_FALSE(payments.hear(refund("", "o1", 100)));
  CHECK_FALSE(payments.hear(refund("r1", "", 100)));
  CHECK_FALSE(payments.hear(refund("r1", "o1", std::nullopt)));
  CHECK_FALSE(payments.hear(refund("r1", "o1", -1)));
  CHECK(payments == Payments());
  CHECK(payments.hear(payment("2026-01-01", "i1", 0)));
}

TEST_CASE("payments: another currency than USD is listed apart, and does not use the id up",
          "[engine][payment]") {
  Payments payments;
  PolarEvent euro = payment("2026-01-01", "i1", 500);
  euro.foreign_currency = "eur";
  CHECK(payments.hear(euro));
  CHECK_FALSE(payments.hear(euro));
  CHECK(payments.all().empty());
  CHECK(payments.hear(payment("2026-01-01", "i1", 700)));
  euro.foreign_currency = "chf";
  CHECK(payments.hear(euro));
  euro.object_id = "i2";
  CHECK(payments.hear(euro));
  REQUIRE(payments.foreign().size() == 3);
  CHECK(payments.foreign()[0] == ForeignPayment{"i1", "eur", 500});
  CHECK(revenue(payments) == usd("7"));
}

TEST_CASE(
    "payments: revenue is the amount less the larger of refunded_amount and the sum of "
    "refunds",
    "[engine][payment]") {
  Payments payments;
  REQUIRE(payments.hear(payment("2026-01-01", "o1", 1000)));
  CHECK(payments.hear(order_refunded("o1", 300)));
  CHECK(revenue(payments) == usd("7"));
  CHECK_FALSE(payments.hear(order_refunded("o1", 200)));  // the largest seen
  CHECK_FALSE(payments.hear(order_refunded("o1", 300)));
  CHECK(revenue(payments) == usd("7"));
  CHECK(payments.hear(refund("r1", "o1", 200)));
  CHECK(revenue(payments) == usd("7"));
  CHECK(payments.hear(refund("r2", "o1", 200)));
  CHECK(revenue(payments) == usd("6"));
  CHECK(payments.hear(order_refunded("o1", 1000)));
  CHECK(revenue(payments) == usd("0"));
}

TEST_CASE("payments: a refund counts once, only when it succeeded, and then for good",
          "[engine][payment]") {
  Payments payments;
  REQUIRE(payments.hear(payment("2026-01-01", "o1", 1000)));
  CHECK_FALSE(payments.hear(refund("r1", "o1", 400, false)));
  CHECK(revenue(payments) == usd("10"));
  CHECK(payments.hear(refund("r1", "o1", 400)));
  CHECK_FALSE(payments.hear(refund("r1", "o1", 400)));
  CHECK_FALSE(payments.hear(refund("r1", "o1", 400, false)));
  CHECK(revenue(payments) == usd("6"));
}

TEST_CASE("payments: refunds may come before their payment, and without one count nothing",
          "[engine][payment]") {
  // Whatever the order, the end is the same.
  const std::vector<PolarEvent> events = {payment("2026-01-01", "o1", 1000),
                                          refund("r1", "o1", 100), refund("r2", "o1", 250),
                                          order_refunded("o1", 300)};
  std::vector<int> order(events.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    Payments payments;
    bool paid = false;
    for (const int i : order) {
      payments.hear(events[i]);
      paid = paid || i == 0;
      if (!paid) CHECK(revenue(payments) == Money{});
    }
    CHECK(revenue(payments) == usd("6.5"));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("payments: other kinds of events are none", "[engine][payment]") {
  for (int kind = 0; kind < kPolarEventKinds; ++kind) {
    PolarEvent event = payment("2026-01-01", "i1", 100);
    event.kind = static_cast<PolarEventKind>(kind);
    event.order_id = "o1";
    event.succeeded = true;
    const bool is_payment = event.kind == PolarEventKind::payment ||
                            event.kind == PolarEventKind::order_refunded ||
                            event.kind == PolarEventKind::refund;
    CHECK(Payments().hear(event) == is_payment);
  }
}

TEST_CASE("payments: the largest amounts are exact", "[engine][payment]") {
  Payments payments;
  payments.hear(payment("2026-01-01", "o1", INT64_MAX));
  payments.hear(refund("r1", "o1", INT64_MAX));
  payments.hear(refund("r2", "o1", INT64_MAX));
  CHECK(revenue(payments) == Money{} - Money::of_cents(INT64_MAX));
}

}  // namespace reckoner
