#include "engine/polar/body.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/basics/ids.hpp"
#include "engine/json/walker_impl.hpp"

namespace reckoner::polar {
namespace {

using json::Container;
using json::Scalar;

// A scalar as it was found, kept beyond the walk.
struct Held {
  Scalar::Kind kind = Scalar::Kind::null;
  std::string text;

  Held& operator=(const Scalar& value) {
    kind = value.kind;
    text.assign(value.text);
    return *this;
  }

  // Each is empty where the field is not given or is not what it should be.
  std::string string() const { return kind == Scalar::Kind::string ? text : std::string(); }
  std::string id() const {
    return kind == Scalar::Kind::string && is_valid_id(text) ? text : std::string();
  }
  std::optional<Instant> instant() const { return parse_instant(string()); }
  // A string as it stands, a number as the shortest decimal that stands for it.
  std::string decimal() const {
    if (kind == Scalar::Kind::number) return json::shortest_decimal(text);
    return kind == Scalar::Kind::integer || kind == Scalar::Kind::string ? text : std::string();
  }
  // Below zero stays below zero, even if it would round to it: a negative payment is none.
  std::optional<Cents> usd_as_cents() const {
    const auto amount = parse_cents_rounded(decimal());
    const bool below_zero =
        decimal().starts_with('-') && decimal().find_first_of("123456789") != std::string::npos;
    return amount && below_zero ? std::min<Cents>(*amount, -1) : amount;
  }
  std::optional<Cents> cents() const {
    const auto whole = parse_money(decimal());
    if (!whole || whole->pico % kPicoPerUsd != 0) return std::nullopt;
    const Int128 count = whole->pico / kPicoPerUsd;
    if (count > INT64_MAX || count < -INT64_MAX) return std::nullopt;
    return static_cast<Cents>(count);
  }
};

// A status as said: given at all, and known.
struct SaidStatus {
  bool given = false;
  std::optional<SubscriptionStatus> known;
};

SaidStatus read_status(const Held& held) {
  static constexpr std::array<std::pair<std::string_view, SubscriptionStatus>, 9> kNames = {{
      {"incomplete", SubscriptionStatus::incomplete},
      {"incomplete_expired", SubscriptionStatus::incomplete_expired},
      {"trialing", SubscriptionStatus::trialing},
      {"active", SubscriptionStatus::active},
      {"past_due", SubscriptionStatus::past_due},
      {"canceled", SubscriptionStatus::canceled},
      {"cancelled", SubscriptionStatus::canceled},
      {"unpaid", SubscriptionStatus::unpaid},
      {"paused", SubscriptionStatus::paused},
  }};
  const std::string said = held.string();
  if (said.empty()) return {};
  for (const auto& [name, status] : kNames)
    if (name == said) return {true, status};
  return {true, std::nullopt};
}

struct HeldListed {
  Held id, product_id, status, past_due_at;
};

PolarEventKind kind_of(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, PolarEventKind>, 8> kTypes = {{
      {"customer.created", PolarEventKind::customer_created},
      {"customer.updated", PolarEventKind::customer_updated},
      {"customer.state_changed", PolarEventKind::customer_state_changed},
      {"customer.deleted", PolarEventKind::customer_deleted},
      {"invoice.paid", PolarEventKind::payment},
      {"order.paid", PolarEventKind::payment},
      {"invoice.payment_failed", PolarEventKind::payment_failed},
      {"order.refunded", PolarEventKind::order_refunded},
  }};
  for (const auto& [name, kind] : kTypes)
    if (name == type) return kind;
  if (type.starts_with("subscription.")) return PolarEventKind::subscription;
  if (type.starts_with("refund.")) return PolarEventKind::refund;
  return PolarEventKind::other;
}

}  // namespace

// The fields of a body that mean something, as found.
struct BodyReader::Fields {
  enum class Place : std::uint8_t { nowhere, root, data, metadata, listing, listed };

  Held id, type, timestamp;
  struct Data {
    Held id, customer_id, email, external_id, user_id, product_id, subscription_id, status;
    Held past_due_at, modified_at, amount_usd, net_amount, currency, billing_reason;
    Held order_id, amount, refunded_amount, charge_id, metadata_charge_id;
  } data;
  bool has_listing = false;
  std::vector<HeldListed> listed;
  json::Walker<Fields> walker{*this};

  void clear() {
    id = type = timestamp = Scalar{};
    data = Data{};
    has_listing = false;
    listed.clear();
  }

  // Of two members with the same name the last one counts, whatever it is: what it holds in place
  // of the one before begins empty.
  void begin_member(Place parent, std::string_view key) {
    if (parent == Place::root && key == "data") data = Data{};
    if (parent == Place::data && key == "metadata")
      data.user_id = data.metadata_charge_id = Scalar{};
    const bool listing = parent == Place::data && key == "active_subscriptions";
    if (listing || (parent == Place::root && key == "data")) {
      has_listing = false;
      listed.clear();
    }
  }

  Place enter(Place parent, std::string_view key, Container kind) {
    begin_member(parent, key);
    const bool object = kind == Container::object;
    if (parent == Place::root) {
      root_scalar(key, Scalar{});
      return key == "data" && object ? Place::data : Place::nowhere;
    }
    if (parent == Place::data) {
      if (key == "metadata" && object) return Place::metadata;
      has_listing = has_listing || (key == "active_subscriptions" && !object);
      if (key == "active_subscriptions" && !object) return Place::listing;
      data_scalar(key, Scalar{});
      return Place::nowhere;
    }
    if (parent == Place::listing && object) {
      listed.emplace_back();
      return Place::listed;
    }
    if (parent == Place::metadata || parent == Place::listed) scalar(parent, key, Scalar{});
    return Place::nowhere;
  }

  void scalar(Place place, std::string_view key, const Scalar& value) {
    begin_member(place, key);
    if (place == Place::root) {
      root_scalar(key, value);
    } else if (place == Place::data) {
      data_scalar(key, value);
    } else if (place == Place::metadata) {
      if (key == "user_id") data.user_id = value;
      if (key == "charge_id") data.metadata_charge_id = value;
    } else if (place == Place::listed) {
      listed_scalar(key, value);
    }
  }

  void root_scalar(std::string_view key, const Scalar& value) {
    if (key == "id") id = value;
    if (key == "type") type = value;
    if (key == "timestamp") timestamp = value;
  }

  void data_scalar(std::string_view key, const Scalar& value) {
    static constexpr std::array<std::pair<std::string_view, Held Data::*>, 17> kFields = {{
        {"id", &Data::id},
        {"customer_id", &Data::customer_id},
        {"email", &Data::email},
        {"external_id", &Data::external_id},
        {"product_id", &Data::product_id},
        {"subscription_id", &Data::subscription_id},
        {"status", &Data::status},
        {"past_due_at", &Data::past_due_at},
        {"modified_at", &Data::modified_at},
        {"amount_usd", &Data::amount_usd},
        {"net_amount", &Data::net_amount},
        {"currency", &Data::currency},
        {"billing_reason", &Data::billing_reason},
        {"order_id", &Data::order_id},
        {"amount", &Data::amount},
        {"refunded_amount", &Data::refunded_amount},
        {"charge_id", &Data::charge_id},
    }};
    for (const auto& [name, field] : kFields)
      if (name == key) return void(data.*field = value);
  }

  void listed_scalar(std::string_view key, const Scalar& value) {
    HeldListed& subscription = listed.back();
    if (key == "id") subscription.id = value;
    if (key == "product_id") subscription.product_id = value;
    if (key == "status") subscription.status = value;
    if (key == "past_due_at") subscription.past_due_at = value;
  }

  // --- from fields to meaning ---------------------------------------------------------------

  PolarEvent event(Instant arrived) const {
    PolarEvent out;
    const std::string said_type = type.string();
    out.kind = kind_of(said_type);
    out.type = type.id();
    out.arrived = arrived;
    out.sent = timestamp.instant();
    out.modified = data.modified_at.instant();
    const bool about_customer = said_type.starts_with("customer.");
    out.polar_customer_id = about_customer ? data.id.id() : data.customer_id.id();
    switch (out.kind) {
      case PolarEventKind::customer_created:
      case PolarEventKind::customer_updated:
      case PolarEventKind::customer_state_changed:
        read_customer(out);
        break;
      case PolarEventKind::subscription:
        read_subscription(out, said_type);
        break;
      case PolarEventKind::payment:
        read_payment(out, said_type == "order.paid");
        break;
      case PolarEventKind::payment_failed:
        read_meant(out, false);
        out.past_due_at = data.past_due_at.instant();
        break;
      case PolarEventKind::order_refunded:
        out.object_id = data.id.id();
        out.amount = data.refunded_amount.cents();
        break;
      case PolarEventKind::refund:
        out.object_id = data.id.id();
        out.order_id = data.order_id.id();
        out.amount = data.amount.cents();
        out.succeeded = data.status.string() == "succeeded";
        break;
      default:
        break;
    }
    return out;
  }

  void read_customer(PolarEvent& out) const {
    if (const std::string email = data.email.string(); is_valid_id(email)) out.email = email;
    out.names_customer = data.external_id.id();
    if (out.names_customer.empty()) out.names_customer = data.user_id.id();
    if (out.kind == PolarEventKind::customer_state_changed && has_listing)
      out.listed = read_listed();
  }

  std::vector<ListedSubscription> read_listed() const {
    std::vector<ListedSubscription> out;
    for (const HeldListed& held : listed) {
      if (held.id.id().empty()) continue;
      const SaidStatus status = read_status(held.status);
      out.push_back({held.id.id(), held.product_id.id(),
                     status.given ? status.known : SubscriptionStatus::active,
                     held.past_due_at.instant()});
    }
    return out;
  }

  void read_subscription(PolarEvent& out, std::string_view said_type) const {
    out.subscription_id = data.id.id();
    out.product_id = data.product_id.id();
    out.past_due_at = data.past_due_at.instant();
    const SaidStatus said = read_status(data.status);
    out.status = said.known;
    if (!said.given && said_type == "subscription.created") out.status = SubscriptionStatus::active;
    if (!said.given && said_type == "subscription.revoked")
      out.status = SubscriptionStatus::canceled;
    if (!said.given && said_type == "subscription.past_due")
      out.status = SubscriptionStatus::past_due;
    if (said_type == "subscription.cancelled") out.status = SubscriptionStatus::canceled;
    // There is nothing to hold on to without an id.
    if (out.subscription_id.empty()) out.kind = PolarEventKind::other;
  }

  void read_meant(PolarEvent& out, bool only_named) const {
    out.subscription_id = data.subscription_id.id();
    out.product_id = data.product_id.id();
    out.meant = Meant::all;
    if (!out.product_id.empty()) out.meant = Meant::of_product;
    if (only_named) out.meant = Meant::none;
    if (!out.subscription_id.empty()) out.meant = Meant::named;
  }

  void read_payment(PolarEvent& out, bool order) const {
    read_meant(out, order);
    out.object_id = data.id.id();
    out.amount = data.amount_usd.usd_as_cents();
    if (!out.amount) out.amount = data.net_amount.cents();
    const std::string currency = fold_case(data.currency.string());
    if (currency != "usd") out.foreign_currency = currency;
    const std::string reason = data.billing_reason.string();
    out.revives = !order || reason.empty() || reason == "subscription_create" ||
                  reason == "subscription_cycle" || reason == "subscription_update";
    out.charge_id = data.charge_id.id();
    if (out.charge_id.empty()) out.charge_id = data.metadata_charge_id.id();
  }
};

BodyReader::BodyReader() : fields_(new Fields) {}
BodyReader::~BodyReader() {
  delete fields_;
}

Result<Body> BodyReader::read(std::string_view body, Instant arrived) {
  fields_->clear();
  if (std::string wrong = fields_->walker.walk(body); !wrong.empty())
    return Error{"invalid_json", "the body is no JSON: " + wrong};
  Body out;
  out.id = fields_->id.id();
  out.type = fields_->type.string();
  out.event = fields_->event(arrived);
  return out;
}

}  // namespace reckoner::polar
