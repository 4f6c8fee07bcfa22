// Builders for what the core folds, and a small driver around Ledger that holds what must always be
// true against every step. Links nothing but the core.
#pragma once

#include <catch2/catch.hpp>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/customer/state_encoding.hpp"
#include "engine/ledger/ledger.hpp"
#include "engine/ledger/report.hpp"

namespace Catch {

template <>
struct StringMaker<reckoner::Instant> {
  static std::string convert(reckoner::Instant at) {
    if (!reckoner::in_calendar(at)) return std::to_string(at.micros) + "us";
    return reckoner::format_instant(at);
  }
};
template <>
struct StringMaker<reckoner::Money> {
  static std::string convert(reckoner::Money amount) { return reckoner::format_money(amount); }
};
template <>
struct StringMaker<reckoner::Period> {
  static std::string convert(reckoner::Period period) {
    return "[" + StringMaker<reckoner::Instant>::convert(period.start) + ", " +
           StringMaker<reckoner::Instant>::convert(period.end) + ")";
  }
};
template <>
struct StringMaker<reckoner::ChargeStatus> {
  static std::string convert(reckoner::ChargeStatus status) {
    return std::string(reckoner::charge_status_name(status));
  }
};
template <>
struct StringMaker<reckoner::Rejection> {
  static std::string convert(reckoner::Rejection rejection) {
    return "'" + std::string(reckoner::rejection_code(rejection)) + "'";
  }
};

}  // namespace Catch

namespace reckoner::support {

// "2026-01-05", "2026-01-05 10:30", or all of RFC 3339.
inline Instant at(std::string_view text) {
  std::string full(text);
  if (full.size() == 10) full += " 00:00";
  if (full.size() == 16) full += ":00Z";
  const auto read = parse_instant(full);
  if (!read) throw std::invalid_argument("no instant: " + full);
  return *read;
}

inline Money usd(std::string_view text) {
  const auto read = parse_money(text);
  if (!read) throw std::invalid_argument("no money: " + std::string(text));
  return *read;
}

inline Settings settings(
    std::initializer_list<std::pair<std::string_view, std::string_view>> changed) {
  Settings out;
  for (const auto& [key, value] : changed) {
    const Status set = set_setting(out, key, value);
    if (!set) throw std::invalid_argument(set.error().detail);
  }
  return out;
}

inline Book book_with(
    std::initializer_list<std::pair<std::string_view, std::string_view>> changed) {
  return {default_price_book(), settings(changed)};
}

// The default book and one plan more, above the others, at half a dollar a token.
inline Book book_with_gold() {
  Book book;
  Plan gold;
  gold.id = "gold";
  gold.product_ids = {"cortex_gold"};
  gold.pricing.model = PerUnit{usd("0.5")};
  book.prices.plans.push_back(gold);
  return book;
}

// --- events, each of the Polar customer "P" and sent when `sent` says (empty: no envelope time)
// ---

inline PolarEvent event(PolarEventKind kind, std::string_view sent) {
  PolarEvent out;
  out.kind = kind;
  out.polar_customer_id = "P";
  if (!sent.empty()) out.sent = at(sent);
  if (out.sent) out.arrived = *out.sent;
  return out;
}

inline PolarEvent subscription(std::string_view sent, std::string_view id,
                               std::optional<SubscriptionStatus> status,
                               std::string_view product = "cortex_starter") {
  PolarEvent out = event(PolarEventKind::subscription, sent);
  out.subscription_id = id;
  out.product_id = product;
  out.status = status;
  return out;
}

inline PolarEvent snapshot(std::string_view sent, std::vector<ListedSubscription> listed) {
  PolarEvent out = event(PolarEventKind::customer_state_changed, sent);
  out.listed = std::move(listed);
  return out;
}

inline ListedSubscription listed(std::string_view id, std::optional<SubscriptionStatus> status,
                                 std::string_view product = "cortex_starter") {
  return {std::string(id), std::string(product), status, std::nullopt};
}

inline PolarEvent deleted(std::string_view sent) {
  return event(PolarEventKind::customer_deleted, sent);
}

// A payment of `cents` that revives all subscriptions which are past due.
inline PolarEvent payment(std::string_view sent, std::string_view id,
                          std::optional<Cents> cents = 100) {
  PolarEvent out = event(PolarEventKind::payment, sent);
  out.object_id = id;
  out.amount = cents;
  out.meant = Meant::all;
  out.revives = true;
  return out;
}

inline PolarEvent payment_failed(std::string_view sent) {
  PolarEvent out = event(PolarEventKind::payment_failed, sent);
  out.meant = Meant::all;
  return out;
}

inline PolarEvent customer_news(PolarEventKind kind, std::string_view sent,
                                std::string_view email = {}, std::string_view names = {}) {
  PolarEvent out = event(kind, sent);
  out.email = email;
  out.names_customer = names;
  return out;
}

inline PolarEvent of(std::string_view polar_customer_id, PolarEvent event) {
  event.polar_customer_id = polar_customer_id;
  return event;
}

// --- the driver ------------------------------------------------------------------------------

class World {
 public:
  explicit World(Book book = {}) : ledger(Books(std::move(book))) {}

  Ledger ledger;
  ClosedRows closed;
  Effects effects;                // of the last entry of a customer
  IdentityEffects found;          // of the last entry of the identity stream
  std::string customer_id = "c";  // whom usage and acts are of

  // Applies an entry and then holds the state against what must always be true.
  template <class Body>
  CustomerState* apply(Instant when, const Body& body) {
    effects.clear();
    CustomerState* state = ledger.apply(when, customer_id, body, effects);
    if (state != nullptr) {
      closed.keep(*state, effects);
      check_invariants(*state);
    }
    return state;
  }

  CustomerState* usage(Instant when, std::int64_t tokens,
                       std::optional<Instant> timestamp = std::nullopt) {
    Usage usage;
    usage.tokens = tokens;
    usage.operation = "chat";
    usage.timestamp = timestamp;
    return apply(when, usage);
  }
  CustomerState* usage(std::string_view when, std::int64_t tokens,
                       std::string_view timestamp = {}) {
    if (timestamp.empty()) return usage(at(when), tokens);
    return usage(at(when), tokens, at(timestamp));
  }

  // The customer is registered by a line, and linked to the Polar customer named.
  CustomerState* line(std::string_view when, std::string_view polar_customer_id = "P",
                      std::optional<std::uint8_t> billing_day = std::nullopt,
                      std::optional<std::string> email = std::nullopt) {
    CustomerLine said;
    said.customer_id = customer_id;
    said.polar_customer_id = polar_customer_id;
    said.profile.billing_day = billing_day;
    said.profile.email = std::move(email);
    return hear({at(when), said});
  }

  // The webhook arrives at `when`. Null where it meant nothing for anybody.
  CustomerState* webhook(std::string_view when, PolarEvent event) {
    event.arrived = at(when);
    return hear({at(when), Webhook{{}, {}, std::move(event)}});
  }
  // It arrives at the instant that it was sent.
  CustomerState* webhook(const PolarEvent& event) {
    return webhook(format_instant(event.arrived), event);
  }

  CustomerState* settle(std::string_view when, std::uint32_t number, ChargeStatus status,
                        std::string_view polar_charge_id = {}) {
    return apply(at(when), Settlement{number, status, std::string(polar_charge_id)});
  }
  CustomerState* act(std::string_view when, std::uint32_t number, OperatorDecision decision) {
    return apply(at(when), OperatorAct{number, decision});
  }
  CustomerState* clock(std::string_view when) { return apply(at(when), Clock{}); }

  CustomerState& state() {
    CustomerState* state = ledger.find(customer_id);
    REQUIRE(state != nullptr);
    return *state;
  }
  // The plan in force at an instant.
  std::string tier_at(std::string_view when) {
    const PlanNumber standard = ledger.books().latest().default_plan();
    return ledger.books().plan_id(state().timeline.at(at(when), standard));
  }
  std::string tier() { return tier_at("9998-12-31"); }

  Report report(std::string_view until) {
    HistoryCounts counts;
    counts.until = at(until);
    return make_report(ledger, closed, counts);
  }

  void check_invariants(const CustomerState& state) {
    CHECK(conservation_gap(state) == Money{});
    const std::string bytes = encode_snapshot(state);
    CustomerState again;
    REQUIRE(decode_snapshot(bytes, ledger.books(), again));
    CHECK(encode_snapshot(again) == bytes);
    CHECK(again.current == state.current);
    CHECK(again.own_due == state.own_due);
    CHECK(again.blocking_charges == state.blocking_charges);
  }

 private:
  CustomerState* hear(const IdentityEntry& entry) {
    found = ledger.hear(entry);
    if (found.customer_id.empty()) return nullptr;
    const std::string before = std::exchange(customer_id, found.customer_id);
    CustomerState* state = apply(entry.at, found.notice);
    customer_id = before;
    return state;
  }
};

// --- flipping ---------------------------------------------------------------------------------

// Calls `each` with `bytes` in which one byte is another: every bit of it flipped once, in turn.
template <class Each>
void each_flip(const std::string& bytes, Each each) {
  std::string flipped = bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      flipped[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      each(std::as_const(flipped), i);
    }
    flipped[i] = bytes[i];
  }
}

}  // namespace reckoner::support
