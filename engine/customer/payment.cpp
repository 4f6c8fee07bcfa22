#include "engine/customer/payment.hpp"

#include <algorithm>

namespace reckoner {

Money Payment::revenue() const {
  if (!paid) return {};
  Money given_back;
  for (const Refund& refund : refunds) given_back += Money::of_cents(refund.amount);
  return Money::of_cents(amount) - std::max(given_back, Money::of_cents(refunded));
}

bool Payments::hear(const PolarEvent& event) {
  // Without an id or an amount that means something there is nothing to hold on to.
  if (event.object_id.empty() || !event.amount || *event.amount < 0) return false;
  switch (event.kind) {
    case PolarEventKind::payment:
      return event.foreign_currency.empty() ? hear_payment(event) : hear_foreign(event);
    case PolarEventKind::order_refunded: {
      Payment& payment = find_or_add(event.object_id);
      const bool more = *event.amount > payment.refunded;
      payment.refunded = std::max(payment.refunded, *event.amount);
      return more;
    }
    case PolarEventKind::refund:
      return hear_refund(event);
    default:
      return false;
  }
}

Payment& Payments::find_or_add(std::string_view id) {
  const auto found = std::find_if(held_.begin(), held_.end(),
                                  [id](const Payment& p) { return p.id.view() == id; });
  if (found != held_.end()) return *found;
  Payment added;
  added.id = id;
  return held_.push_back(std::move(added));
}

bool Payments::hear_payment(const PolarEvent& event) {
  Payment& payment = find_or_add(event.object_id);
  if (payment.paid) return false;
  payment.paid = true;
  payment.amount = *event.amount;
  payment.product_id = event.product_id;
  return true;
}

bool Payments::hear_foreign(const PolarEvent& event) {
  const auto same = [&](const ForeignPayment& p) {
    return p.id.view() == event.object_id && p.currency.view() == event.foreign_currency;
  };
  if (std::any_of(foreign_.begin(), foreign_.end(), same)) return false;
  foreign_.push_back({event.object_id, event.foreign_currency, *event.amount});
  return true;
}

bool Payments::hear_refund(const PolarEvent& event) {
  if (!event.succeeded || event.order_id.empty()) return false;
  Payment& payment = find_or_add(event.order_id);
  const auto same = [&](const Refund& r) { return r.id.view() == event.object_id; };
  if (std::any_of(payment.refunds.begin(), payment.refunds.end(), same)) return false;
  payment.refunds.push_back({event.object_id, *event.amount});
  return true;
}

}  // namespace reckoner
