// What Polar says it received from a customer, and gave back: by invoice or order id, once each
// (billing-rules.md, Webhooks, rows invoice.paid to refund.*).
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/basics/compact_vector.hpp"
#include "engine/basics/money.hpp"
#include "engine/basics/text.hpp"
#include "engine/customer/polar_event.hpp"

namespace reckoner {

struct Refund {
  Text id;
  Cents amount = 0;
  friend bool operator==(const Refund&, const Refund&) = default;
};

// An invoice or order. Refunds can come before the payment; then `paid` is still false.
struct Payment {
  Text id;
  Text product_id;
  Cents amount = 0;
  Cents refunded = 0;             // the largest refunded_amount seen
  CompactVector<Refund> refunds;  // those that succeeded
  bool paid = false;

  // The amount less the larger of `refunded` and the sum of refunds; nothing while not paid.
  Money revenue() const;
  friend bool operator==(const Payment&, const Payment&) = default;
};

// In another currency than USD: kept apart, in no total.
struct ForeignPayment {
  Text id;
  Text currency;
  Cents amount = 0;  // in its smallest unit
  friend bool operator==(const ForeignPayment&, const ForeignPayment&) = default;
};

class Payments {
 public:
  // A payment, order_refunded or refund; every other kind changes nothing. Returns whether
  // anything changed.
  bool hear(const PolarEvent& event);

  const CompactVector<Payment>& all() const { return held_; }
  const CompactVector<ForeignPayment>& foreign() const { return foreign_; }
  void restore(CompactVector<Payment> held, CompactVector<ForeignPayment> foreign) {
    held_ = std::move(held);
    foreign_ = std::move(foreign);
  }
  friend bool operator==(const Payments&, const Payments&) = default;

 private:
  Payment& find_or_add(std::string_view id);
  bool hear_payment(const PolarEvent& event);
  bool hear_foreign(const PolarEvent& event);
  bool hear_refund(const PolarEvent& event);

  CompactVector<Payment> held_;  // in order of first mention
  CompactVector<ForeignPayment> foreign_;
};

}  // namespace reckoner
