#include "engine/customer/entry_encoding.hpp"

namespace reckoner {
namespace {

enum class Kind : std::uint8_t { usage, notice, settlement, operator_act, clock };
constexpr int kKinds = 5;
enum class ActKind : std::uint8_t { profile, link, unlink, polar_event };
constexpr int kActKinds = 4;

template <class Value, class Write>
void encode_optional(Encoder& out, const std::optional<Value>& value, Write write) {
  out.flag(value.has_value());
  if (value) write(*value);
}

template <class Read>
auto decode_optional(Decoder& in, Read read) -> std::optional<decltype(read())> {
  if (!in.flag()) return std::nullopt;
  return read();
}

void encode_instant(Encoder& out, const std::optional<Instant>& at) {
  encode_optional(out, at, [&](Instant value) { out.instant(value); });
}
std::optional<Instant> decode_instant(Decoder& in) {
  return decode_optional(in, [&] { return in.date_instant(); });
}

void encode_status(Encoder& out, const std::optional<SubscriptionStatus>& status) {
  encode_optional(out, status,
                  [&](SubscriptionStatus value) { out.byte(static_cast<std::uint8_t>(value)); });
}
std::optional<SubscriptionStatus> decode_status(Decoder& in) {
  return decode_optional(
      in, [&] { return static_cast<SubscriptionStatus>(in.choice(kSubscriptionStatuses)); });
}

void encode_string(Encoder& out, const std::optional<std::string>& text) {
  encode_optional(out, text, [&](const std::string& value) { out.text(value); });
}
std::optional<std::string> decode_string(Decoder& in) {
  return decode_optional(in, [&] { return std::string(in.text()); });
}

void encode(Encoder& out, const std::vector<ListedSubscription>& listed) {
  out.count(listed.size());
  for (const ListedSubscription& subscription : listed) {
    out.text(subscription.id);
    out.text(subscription.product_id);
    encode_status(out, subscription.status);
    encode_instant(out, subscription.past_due_at);
  }
}

std::vector<ListedSubscription> decode_listed(Decoder& in) {
  std::vector<ListedSubscription> listed(in.list(4));
  for (ListedSubscription& subscription : listed) {
    subscription.id = in.text();
    subscription.product_id = in.text();
    subscription.status = decode_status(in);
    subscription.past_due_at = decode_instant(in);
  }
  return listed;
}

// --- the kinds of entry ---------------------------------------------------------------------

void encode_body(Encoder& out, const Usage& usage, Instant at) {
  out.byte(static_cast<std::uint8_t>(Kind::usage));
  out.number(usage.tokens);
  out.text(usage.operation);
  out.text(usage.idempotency_key);
  out.flag(usage.timestamp.has_value());
  if (usage.timestamp) out.number(*usage.timestamp - at);
  out.text(usage.metadata);
}

Usage decode_usage(Decoder& in, Instant at) {
  Usage usage;
  usage.tokens = in.number();
  in.require(usage.tokens >= 0);
  usage.operation = in.text();
  usage.idempotency_key = in.text();
  if (in.flag()) {
    std::int64_t micros = 0;
    const bool overflow = __builtin_add_overflow(at.micros, in.number(), &micros);
    in.require(!overflow && in_calendar({micros}));
    usage.timestamp = Instant{in.good() ? micros : 0};
  }
  usage.metadata = in.text();
  return usage;
}

void encode_act(Encoder& out, const Profile& profile) {
  out.byte(static_cast<std::uint8_t>(ActKind::profile));
  encode(out, profile);
}
void encode_act(Encoder& out, const Link& link) {
  out.byte(static_cast<std::uint8_t>(ActKind::link));
  out.text(link.polar_customer_id);
}
void encode_act(Encoder& out, const Unlink&) {
  out.byte(static_cast<std::uint8_t>(ActKind::unlink));
}
void encode_act(Encoder& out, const PolarEvent& event) {
  out.byte(static_cast<std::uint8_t>(ActKind::polar_event));
  encode(out, event);
}

Act decode_act(Decoder& in) {
  switch (static_cast<ActKind>(in.choice(kActKinds))) {
    case ActKind::profile:
      return decode_profile(in);
    case ActKind::link:
      return Link{std::string(in.text())};
    case ActKind::unlink:
      return Unlink{};
    default: {
      PolarEvent event;
      decode(in, event);
      return event;
    }
  }
}

void encode_body(Encoder& out, const Notice& notice, Instant) {
  out.byte(static_cast<std::uint8_t>(Kind::notice));
  out.count(notice.identity_sequence);
  out.count(notice.acts.size());
  for (const Act& act : notice.acts) std::visit([&out](const auto& a) { encode_act(out, a); }, act);
}

Notice decode_notice(Decoder& in) {
  Notice notice;
  notice.identity_sequence = in.count();
  for (std::size_t left = in.list(); left > 0 && in.good(); --left)
    notice.acts.push_back(decode_act(in));
  return notice;
}

void encode_body(Encoder& out, const Settlement& settlement, Instant) {
  out.byte(static_cast<std::uint8_t>(Kind::settlement));
  out.count(settlement.charge_number);
  out.byte(static_cast<std::uint8_t>(settlement.status));
  out.text(settlement.polar_charge_id);
}

Settlement decode_settlement(Decoder& in) {
  Settlement settlement;
  settlement.charge_number = in.small<std::uint32_t>();
  settlement.status = static_cast<ChargeStatus>(in.choice(kChargeStatuses));
  settlement.polar_charge_id = in.text();
  return settlement;
}

void encode_body(Encoder& out, const OperatorAct& act, Instant) {
  out.byte(static_cast<std::uint8_t>(Kind::operator_act));
  out.count(act.charge_number);
  out.byte(static_cast<std::uint8_t>(act.decision));
}

OperatorAct decode_operator_act(Decoder& in) {
  OperatorAct act;
  act.charge_number = in.small<std::uint32_t>();
  act.decision = static_cast<OperatorDecision>(in.choice(kOperatorDecisions));
  return act;
}

void encode_body(Encoder& out, const Clock&, Instant) {
  out.byte(static_cast<std::uint8_t>(Kind::clock));
}

}  // namespace

void encode(Encoder& out, const PolarEvent& event) {
  out.byte(static_cast<std::uint8_t>(event.kind));
  out.text(event.type);
  out.text(event.webhook_id);
  out.text(event.polar_customer_id);
  out.instant(event.arrived);
  encode_instant(out, event.sent);
  encode_instant(out, event.modified);
  out.text(event.email);
  out.text(event.names_customer);
  encode_optional(out, event.listed, [&](const auto& listed) { encode(out, listed); });
  out.text(event.subscription_id);
  out.text(event.product_id);
  encode_status(out, event.status);
  encode_instant(out, event.past_due_at);
  out.byte(static_cast<std::uint8_t>(event.meant));
  out.flag(event.revives);
  out.flag(event.succeeded);
  out.text(event.object_id);
  out.text(event.order_id);
  encode_optional(out, event.amount, [&](Cents amount) { out.number(amount); });
  out.text(event.foreign_currency);
  out.text(event.charge_id);
}

void decode(Decoder& in, PolarEvent& event) {
  event.kind = static_cast<PolarEventKind>(in.choice(kPolarEventKinds));
  event.type = in.text();
  event.webhook_id = in.text();
  event.polar_customer_id = in.text();
  event.arrived = in.date_instant();
  event.sent = decode_instant(in);
  event.modified = decode_instant(in);
  event.email = in.text();
  event.names_customer = in.text();
  event.listed = decode_optional(in, [&] { return decode_listed(in); });
  event.subscription_id = in.text();
  event.product_id = in.text();
  event.status = decode_status(in);
  event.past_due_at = decode_instant(in);
  event.meant = static_cast<Meant>(in.choice(kMeant));
  event.revives = in.flag();
  event.succeeded = in.flag();
  event.object_id = in.text();
  event.order_id = in.text();
  event.amount = decode_optional(in, [&] { return in.number(); });
  event.foreign_currency = in.text();
  event.charge_id = in.text();
}

void encode(Encoder& out, const Profile& profile) {
  encode_string(out, profile.email);
  encode_string(out, profile.name);
  encode_string(out, profile.company);
  encode_optional(out, profile.billing_day, [&](std::uint8_t day) { out.byte(day); });
}

Profile decode_profile(Decoder& in) {
  Profile profile;
  profile.email = decode_string(in);
  profile.name = decode_string(in);
  profile.company = decode_string(in);
  profile.billing_day = decode_optional(in, [&] { return in.byte(); });
  in.require(!profile.billing_day || (*profile.billing_day >= 1 && *profile.billing_day <= 31));
  return profile;
}

void encode(Encoder& out, const CustomerEntry& entry, Instant before) {
  out.count(static_cast<std::uint64_t>(entry.at - before));
  out.text(entry.customer_id);
  std::visit([&](const auto& body) { encode_body(out, body, entry.at); }, entry.body);
}

void decode(Decoder& in, Instant before, CustomerEntry& entry) {
  const std::uint64_t later = in.count();
  in.require(later < static_cast<std::uint64_t>(kCalendarEnd - before));
  entry.at = in.good() ? before + static_cast<Micros>(later) : before;
  entry.customer_id = in.text();
  switch (static_cast<Kind>(in.choice(kKinds))) {
    case Kind::usage:
      entry.body = decode_usage(in, entry.at);
      break;
    case Kind::notice:
      entry.body = decode_notice(in);
      break;
    case Kind::settlement:
      entry.body = decode_settlement(in);
      break;
    case Kind::operator_act:
      entry.body = decode_operator_act(in);
      break;
    default:
      entry.body = Clock{};
  }
}

}  // namespace reckoner
